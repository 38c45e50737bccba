package model

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/modeltest"
	"sidereal/reading"
)

func TestSectionsAreHeardAsTheyAreWritten(t *testing.T) {
	other := cast(t, chart.Birth{Instant: time.Date(1987, 6, 3, 4, 5, 0, 0, time.UTC), TimeKnown: true, Zone: "UTC", Latitude: 52, Longitude: 13})
	unknown := birth
	unknown.TimeKnown = false
	unknown.Instant = time.Date(1990, 1, 15, 15, 0, 0, 0, time.UTC)

	d := set(t, quick(), nil)
	kinds := 0

	for i, b := range []chart.Birth{birth, unknown} {
		for detail := range reading.Detail(reading.DetailCount) {
			if detail == reading.Comprehensive && b.TimeKnown {
				continue // the longest, which the other chart has
			}

			o := reading.Options{Detail: detail, Zodiac: chart.Zodiac((int(detail) + i) % chart.ZodiacCount), TransitsAt: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), With: other}

			for _, a := range assignments(t, cast(t, b), o) {
				var e ear

				section, used, err := d.Write(t.Context(), a, &e)
				if err != nil {
					t.Errorf("%s of chart %d, %s: %v", a.Kind, i, detail, err)

					continue
				}

				kinds |= 1 << a.Kind

				if section.Kind != a.Kind || section.Engine != reading.LanguageModel || section.Title == "" {
					t.Errorf("want a section %s of the language model, got %s of %s", a.Kind, section.Kind, section.Engine)
				}

				if got, want := e.text(), textOf(&section); got != want || len(e.pieces) < 20 {
					t.Errorf("%s: want what was heard, in pieces, to be the section:\n%q\n%q", a.Kind, want, got)
				}

				if used.Calls != 1 || used.PromptTokens == 0 || used.CompletionTokens == 0 {
					t.Errorf("%s: want one call accounted for, got %+v", a.Kind, used)
				}
			}
		}
	}

	if kinds != 1<<reading.SectionKindCount-1 {
		t.Errorf("want all kinds of sections, got the bits %b", kinds)
	}
}

func TestFactorsHaveTheirNamesAgain(t *testing.T) {
	d := set(t, quick(), nil)
	a := overview(t)

	section, _, err := d.Write(t.Context(), a, &ear{})
	if err != nil {
		t.Fatal(err)
	}

	if got, want := section.Paragraphs[0].Sentences[0].Because, a.Source.Paragraphs[0].Sentences[0].Because[:1]; len(got) != 1 || got[0] != want[0] {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestWhatIsSent(t *testing.T) {
	for _, format := range []Format{JSONSchema, JSONObject} {
		d := set(t, quick(), func(c *Config) { c.Format = format })
		d.server.Configure(modeltest.Config{Record: true})

		if _, _, err := d.Write(t.Context(), overview(t), &ear{}); err != nil {
			t.Fatal(err)
		}

		sent := d.server.Requests()[0]
		if sent.Format != string(format) || !sent.Streamed || sent.Key != modeltest.Key || sent.Model != "ink-1" {
			t.Errorf("want a stream in the format %s, with the key and the model, got %+v", format, sent)
		}

		for _, secret := range []string{"1990", "15 Jan", "January", "13:30", "10:30", "23.5", "46.6", "Sao_Paulo", "America"} {
			if strings.Contains(sent.Prompt+sent.System, secret) {
				t.Errorf("want nothing about the person, got %q", secret)
			}
		}
	}
}

func TestUsageHasItsPrice(t *testing.T) {
	d := set(t, quick(), nil)
	a := overview(t)

	_, used, err := d.Write(t.Context(), a, &ear{})
	if err != nil {
		t.Fatal(err)
	}

	want := int64(float64(used.PromptTokens)*0.5 + float64(used.CompletionTokens)*2 + 0.5)
	if used.CostMicros != want || want < 1000 {
		t.Errorf("want %d millionths of a dollar, which is more than 1000, got %+v", want, used)
	}

	d.server.Set(modeltest.Silent)

	_, guessed, err := d.Write(t.Context(), a, &ear{})
	if err != nil {
		t.Fatal(err)
	}

	// The server counts bytes, and the estimate characters.
	if d := used.PromptTokens - guessed.PromptTokens; d < 0 || d > used.PromptTokens/20 {
		t.Errorf("want about %d tokens, got %d", used.PromptTokens, guessed.PromptTokens)
	}

	if d := used.CompletionTokens - guessed.CompletionTokens; d < 0 || d > used.CompletionTokens/20 {
		t.Errorf("want about %d tokens, got %d", used.CompletionTokens, guessed.CompletionTokens)
	}
}

func TestAnAnswerIsRepairedOnce(t *testing.T) {
	d := set(t, quick(), nil)
	d.server.Configure(modeltest.Config{Record: true})
	d.server.Set(modeltest.Repairs)

	var e ear

	section, used, err := d.Write(t.Context(), overview(t), &e)
	if err != nil {
		t.Fatal(err)
	}

	if e.begun != 2 || e.text() != textOf(&section) || strings.Contains(e.text(), "Ceres") {
		t.Errorf("want the section begun anew, got %d beginnings and %q", e.begun, e.text())
	}

	sent := d.server.Requests()
	if len(sent) != 2 || used.Calls != 2 || !strings.Contains(sent[1].Repair, "Ceres in") {
		t.Errorf("want two calls, the second with the complaint, got %d, %+v: %q", len(sent), used, sent[len(sent)-1].Repair)
	}
}

func TestAListenerEndsTheWriting(t *testing.T) {
	d := set(t, quick(), nil)
	gone := errors.New("nobody listens")
	e := ear{fail: gone}

	_, used, err := d.Write(t.Context(), overview(t), &e)
	if !errors.Is(err, gone) || len(e.pieces) != 1 || d.server.Count() != 1 {
		t.Errorf("want the listener's error after one piece of one request, got %v after %d of %d", err, len(e.pieces), d.server.Count())
	}

	if used.Calls != 1 || used.PromptTokens == 0 {
		t.Errorf("want what was used to count, got %+v", used)
	}

	if c := d.config.Dependency.Status().Counters; c.Failures != 0 || c.Abandoned != 1 {
		t.Errorf("want no failure of the service, got %+v", c)
	}
}

func TestCancellingClosesTheRequest(t *testing.T) {
	for _, behavior := range []modeltest.Behavior{modeltest.Hangs, modeltest.HangsMidway, modeltest.Slow} {
		d := set(t, quick(), nil)
		ctx, cancel := context.WithCancel(t.Context())

		gone := make(chan chan struct{}, 1)

		d.server.Choose(func(r modeltest.Request) modeltest.Behavior {
			gone <- r.Gone

			if behavior == modeltest.Hangs {
				cancel()
			}

			return behavior
		})

		_, _, err := d.Write(ctx, overview(t), &ear{heard: cancel})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: want the context's error, got %v", behavior, err)
		}

		select {
		case <-<-gone:
		case <-time.After(20 * time.Second):
			t.Errorf("%s: the request is still there", behavior)
		}

		if c := d.config.Dependency.Status().Counters; c.Failures != 0 {
			t.Errorf("%s: want no failure of the service, got %+v", behavior, c)
		}
	}
}

func TestNamesTellModelsAndPromptsApart(t *testing.T) {
	one := set(t, quick(), nil)
	other := set(t, quick(), func(c *Config) { c.Model = "ink-2" })

	if one.Name() == other.Name() || !strings.HasPrefix(one.Name(), "ink-1 v1-") {
		t.Errorf("got %q and %q", one.Name(), other.Name())
	}
}

func TestBadConfigsAreRefused(t *testing.T) {
	good := set(t, quick(), nil).config

	for name, spoil := range map[string]func(*Config){
		"no URL":           func(c *Config) { c.BaseURL = "" },
		"another scheme":   func(c *Config) { c.BaseURL = "ftp://example.org/v1" },
		"a key in the URL": func(c *Config) { c.BaseURL = "https://me:secret@example.org/v1" },
		"a key behind it":  func(c *Config) { c.BaseURL = "https://example.org/v1?key=secret" },
		"no URL at all":    func(c *Config) { c.BaseURL = "https://exa mple.org/secret" },
		"no model":         func(c *Config) { c.Model = "" },
		"no dependency":    func(c *Config) { c.Dependency = nil },
		"a format":         func(c *Config) { c.Format = "yaml" },
		"a price":          func(c *Config) { c.PromptPrice = -1 },
		"a time":           func(c *Config) { c.IdleTimeout = -1 },
	} {
		config := good
		spoil(&config)

		if _, err := New(config); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: want an error without secrets, got %v", name, err)
		}
	}
}
