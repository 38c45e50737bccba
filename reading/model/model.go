// Package model writes readings with a language model: any service, hosted or local, that speaks OpenAI's chat completions.
//
// A section is a call: the prompt carries what the chart says, and nothing else about the person; the answer is JSON that comes as a stream, whose text is handed on
// while it comes, and which is checked when it is whole: every sentence must name factors that there are, and English text may claim no placement and no
// aspect that the chart does not have. (Of other languages the factors and the lengths are checked, not the words.) An answer that fails is asked for once more, with
// what was wrong with it; after that the section is given up with an error that is reading.ErrUnusable.
//
// Every call passes package resilience. What that retries begins the section anew, as the listener hears.
package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"sidereal/fault"
	"sidereal/reading"
	"sidereal/resilience"
)

// Format is how a service is told that the answer is to be JSON.
type Format string

// The formats.
const (
	// JSONSchema has the service hold the answer to a schema (structured outputs).
	JSONSchema Format = "json_schema"
	// JSONObject is for services that lack this: the prompt alone says of which form the object is. These services know the bound on an answer by its older name,
	// max_tokens, so that is what they are sent.
	JSONObject Format = "json_object"
)

// Config says which model is asked, and how. BaseURL, Model and Dependency are required.
type Config struct {
	BaseURL    string                 // of the API, as in https://api.openai.com/v1: chat/completions is below it; no key in it
	Key        string                 // sent as a bearer token; empty for none
	Model      string                 // its name, as the service has it
	Dependency *resilience.Dependency // what all calls pass; its policy is one of Policy

	PromptPrice     float64 // US dollars per million tokens that are sent; 0 for free
	CompletionPrice float64 // US dollars per million tokens that are written

	SectionTimeout time.Duration // of a section, all tries and pauses counted; 0 is 3 min
	IdleTimeout    time.Duration // from one chunk of the stream to the next, and before the first; 0 is 30 s
	MaxTokens      int           // of an answer; 0 is 8192
	Format         Format        // empty is JSONSchema
	Client         *http.Client  // nil for one of its own
}

const (
	sectionTimeout = 3 * time.Minute
	idleTimeout    = 30 * time.Second
	maxTokens      = 8192
	maxPrice       = 1e6 // dollars per million tokens: a dollar each
)

// Model writes sections with a language model. It is safe for concurrent use.
type Model struct {
	config  Config
	chat    openai.ChatCompletionService
	prompts *prompts
	client  *http.Client
}

var _ reading.Model = (*Model)(nil)

// New returns a model. It sends nothing yet.
func New(config Config) (*Model, error) {
	config.SectionTimeout = cmp.Or(config.SectionTimeout, sectionTimeout)
	config.IdleTimeout = cmp.Or(config.IdleTimeout, idleTimeout)
	config.MaxTokens = cmp.Or(config.MaxTokens, maxTokens)
	config.Format = cmp.Or(config.Format, JSONSchema)

	if err := config.check(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}

	prompts, err := loadPrompts()
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}

	client := config.Client
	if client == nil {
		client = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()} //nolint:forcetypeassert // it is one
	}

	// The service is made without openai.NewClient, which would read settings of its own from the environment.
	options := []option.RequestOption{
		option.WithBaseURL(config.BaseURL), option.WithHTTPClient(client), option.WithMaxRetries(0), option.WithMiddleware(guard),
	}
	if config.Key != "" {
		options = append(options, option.WithAPIKey(config.Key))
	}

	return &Model{config: config, chat: openai.NewChatCompletionService(options...), prompts: prompts, client: client}, nil
}

func (c *Config) check() error {
	base, err := url.Parse(c.BaseURL)

	switch {
	case err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return errors.New("the base URL is not one of http or https") // not what it is: there may be a key in it
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return errors.New("the base URL has more than a host and a path: a key does not belong in it")
	case c.Model == "" || c.Dependency == nil:
		return errors.New("the model has no name, or there is no dependency to call")
	case c.Format != JSONSchema && c.Format != JSONObject:
		return fmt.Errorf("there is no format %q", c.Format)
	case !isPrice(c.PromptPrice) || !isPrice(c.CompletionPrice):
		return fmt.Errorf("a price is not between 0 and %.0f dollars per million tokens", maxPrice)
	case min(c.SectionTimeout, c.IdleTimeout) < 0 || c.MaxTokens < 0:
		return errors.New("a time or a number is negative")
	}

	return nil
}

func isPrice(p float64) bool { return p >= 0 && p <= maxPrice } // and is a number

// Name implements reading.Model: the model's name, and the version and the sum of the prompts, so that a changed prompt makes other readings.
func (m *Model) Name() string { return m.config.Model + " " + m.prompts.version }

// Ready implements reading.Model: false while the breaker is open, or forced to be.
func (m *Model) Ready() bool { return m.config.Dependency.Status().State != resilience.Open }

// Close closes the connections that no call uses.
func (m *Model) Close() { m.client.CloseIdleConnections() }

// attempts are how often a section is asked for: once, and once more to repair it.
const attempts = 2

// Write implements reading.Model. Where a service does not tell what it used, and for streams that were cut off, four characters are counted as one token.
func (m *Model) Write(ctx context.Context, a reading.Assignment, listener reading.Listener) (reading.Section, reading.Usage, error) {
	var used reading.Usage

	task, err := newTask(&a)
	if err != nil {
		return reading.Section{}, used, err
	}

	messages := m.prompts.messages(task)

	bounded, cancel := context.WithTimeout(ctx, m.config.SectionTimeout)
	defer cancel()

	problem := ""

	for range attempts {
		got, err := m.ask(bounded, messages, listener, &used)
		if err != nil {
			return reading.Section{}, used, failure(ctx, err)
		}

		var section reading.Section
		if section, problem = task.check(&got); problem == "" {
			return section, used, nil
		}

		if got.refused() {
			break // asking again would be pleading
		}

		messages = m.prompts.repair(messages, got.text, problem)
	}

	return reading.Section{}, used, fault.Wrap(reading.ErrUnusable, fault.UpstreamUnavailable, "the language model's answer was not usable: %s", problem)
}
