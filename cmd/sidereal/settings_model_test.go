package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidereal/reading/model"
	"sidereal/resilience"
)

func TestTheLanguageModelIsThatOfTheSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("sk-in-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	registry := resilience.New(resilience.Config{})
	defer func() { _ = registry.Stop(context.Background()) }()

	none, err := readConfig(nil)
	if err != nil {
		t.Fatal(err)
	}

	if m, done, err := none.languageModel(registry); m != nil || err != nil || len(registry.List()) != 0 {
		t.Errorf("want no model without settings, got %v, %v", m, err)
	} else {
		done()
	}

	cfg, err := readConfig([]string{
		"SIDEREAL_MODEL_URL=http://127.0.0.1:11434/v1", "SIDEREAL_MODEL_NAME=ink-1", "SIDEREAL_MODEL_KEY=file:" + file, "SIDEREAL_MODEL_COMPLETION_PRICE=1.25",
		"SIDEREAL_MODEL_TRY_TIMEOUT=7s", "SIDEREAL_MODEL_FORMAT=json_object",
	})
	if err != nil {
		t.Fatal(err)
	}

	m, done, err := cfg.languageModel(registry)
	if err != nil {
		t.Fatal(err)
	}

	defer done()

	if !m.Ready() || !strings.HasPrefix(m.Name(), "ink-1 ") || registry.List()[0].Name != model.DependencyName {
		t.Errorf("want a model that is ready, got %q and %+v", m.Name(), registry.List())
	}

	if c := cfg.Model; c.Key != "sk-in-a-file" || c.CompletionPrice != 1.25 || c.TryTimeout != 7*time.Second || c.Format != model.JSONObject || c.DailyTokens != 200_000 {
		t.Errorf("got the settings %+v", c)
	}
}

func TestBadSettingsOfTheLanguageModelAreNamed(t *testing.T) {
	for _, bad := range []string{
		"MODEL_URL=secret", "MODEL_URL=https://secret@example.org/v1", "MODEL_URL=https://example.org/v1?key=secret", "MODEL_NAME=secret", "MODEL_KEY=sec ret", "MODEL_KEY=file:/secret", "MODEL_FORMAT=secret", "MODEL_PROMPT_PRICE=-1", "MODEL_COMPLETION_PRICE=NaN",
		"MODEL_DAILY_TOKENS=-1", "MODEL_IDLE_TIMEOUT=0s",
	} {
		name, _, _ := strings.Cut(bad, "=")

		_, err := readConfig([]string{prefix + bad})
		if err == nil || !strings.Contains(err.Error(), prefix+name) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: want it named without its value, got %v", bad, err)
		}
	}
}
