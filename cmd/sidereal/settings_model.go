package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"sidereal/reading"
	"sidereal/reading/model"
	"sidereal/resilience"
)

// modelConfig is which language model writes readings, and how it is called.
type modelConfig struct {
	model.Config

	TryTimeout  time.Duration
	MaxWait     time.Duration // the longest pause that is granted to the service when it asks for one
	DailyTokens int           // of an account; 0 for no bound
}

// modelSettings are the rows of the table for the language model.
var modelSettings = []setting{
	{"MODEL_URL", "", "base of an API like OpenAI's, such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1, whose chat completions write readings; none when empty", func(c *config, v string) error {
		c.Model.BaseURL = v

		if u, err := url.Parse(v); err == nil && (u.User != nil || u.RawQuery != "" || u.Fragment != "") {
			return errors.New("must be a host and a path only: a key belongs in " + prefix + "MODEL_KEY")
		}

		return urlOf(v, "http", "https")
	}},
	{"MODEL_NAME", "", "name of the language model, as its service has it; needed with MODEL_URL", func(c *config, v string) error {
		if c.Model.Model = v; (v == "") != (c.Model.BaseURL == "") {
			return errors.New("and " + prefix + "MODEL_URL need each other")
		}

		return nil
	}},
	{"MODEL_KEY", "", "key that its service is sent, written out or as file:PATH; none when empty", func(c *config, v string) (err error) {
		c.Model.Key, err = readSecret(v)

		return err
	}},
	{"MODEL_FORMAT", "json_schema", "json_schema or json_object: how its service is told the form of an answer; json_object for services that know no schema", func(c *config, v string) error {
		c.Model.Format = model.Format(v)

		return oneOf(v, string(model.JSONSchema), string(model.JSONObject))
	}},
	{"MODEL_PROMPT_PRICE", "0", "US dollars for a million tokens that are sent, for the cost that readings tell", func(c *config, v string) error {
		return price(&c.Model.PromptPrice, v)
	}},
	{"MODEL_COMPLETION_PRICE", "0", "US dollars for a million tokens that are written", func(c *config, v string) error {
		return price(&c.Model.CompletionPrice, v)
	}},
	{"MODEL_DAILY_TOKENS", "200000", "tokens that an account may use on a day of UTC; all who are not signed in share one account's; 0 for no bound", func(c *config, v string) error {
		return wholeNumber(&c.Model.DailyTokens, v, 0, 1_000_000_000)
	}},
	{"MODEL_MAX_TOKENS", "8192", "tokens that the answer for one section may have, 256 to 1000000", func(c *config, v string) error {
		return wholeNumber(&c.Model.MaxTokens, v, 256, 1_000_000)
	}},
	{"MODEL_SECTION_TIMEOUT", "3m", "how long a section may take, all tries and pauses counted", func(c *config, v string) error {
		return durationWithin(&c.Model.SectionTimeout, v, time.Millisecond, time.Hour)
	}},
	{"MODEL_TRY_TIMEOUT", "90s", "how long one try at it may take", func(c *config, v string) error {
		return durationWithin(&c.Model.TryTimeout, v, time.Millisecond, time.Hour)
	}},
	{"MODEL_IDLE_TIMEOUT", "30s", "how long an answer may stand still, and how long until it begins", func(c *config, v string) error {
		return durationWithin(&c.Model.IdleTimeout, v, time.Millisecond, time.Hour)
	}},
	{"MODEL_MAX_WAIT", "10s", "a service that asks for a longer pause (Retry-After) is not waited for", func(c *config, v string) error {
		return durationWithin(&c.Model.MaxWait, v, time.Millisecond, time.Hour)
	}},
}

// languageModel returns the language model of the settings, nil without one, as a dependency of the registry; and what closes its connections in the end.
func (c *config) languageModel(registry *resilience.Registry) (reading.Model, func(), error) {
	if c.Model.BaseURL == "" {
		return nil, func() {}, nil
	}

	policy := c.policy()
	policy.Timeout, policy.MaxWait = c.Model.TryTimeout, c.Model.MaxWait

	dependency, err := registry.Add(model.DependencyName, model.Policy(policy))
	if err != nil {
		return nil, nil, err
	}

	settings := c.Model.Config
	settings.Dependency = dependency

	m, err := model.New(settings)
	if err != nil {
		return nil, nil, err
	}

	return m, m.Close, nil
}

// price reads US dollars for a million tokens.
func price(into *float64, value string) error {
	const most = 1e6

	p, err := strconv.ParseFloat(value, 64)
	if *into = p; err != nil || !(p >= 0 && p <= most) {
		return fmt.Errorf("must be a number of dollars from 0 to %.0f", most)
	}

	return nil
}

// readSecret reads a secret of one line that is written out or lies in a file. The error holds nothing of it.
func readSecret(text string) (string, error) {
	if path, inFile := strings.CutPrefix(text, "file:"); inFile {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxKeyFile {
			return "", errors.New("must name a file with a key that can be read")
		}

		held, err := os.ReadFile(path)
		if err != nil {
			return "", errors.New("must name a file with a key that can be read")
		}

		if text = strings.TrimSpace(string(held)); text == "" {
			return "", errors.New("must name a file with a key that can be read")
		}
	}

	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("must be letters, digits and signs of ASCII, without spaces: it goes into a header")
	}

	return text, nil
}
