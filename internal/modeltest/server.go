// Package modeltest is a language model for tests: a server that speaks OpenAI's chat completions as a stream, writes sections from the factors that it finds in
// the prompt, and misbehaves as it is told to.
package modeltest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Key is the key that the server takes.
const Key = "sk-test-4f9d0c"

// Request is one that the server was sent.
type Request struct {
	Number   int // the first is 1
	At       time.Time
	Behavior Behavior // that it was treated with
	Model    string
	Key      string        // as it was sent
	System   string        // prompt
	Prompt   string        // of the section
	Repair   string        // what was wrong with the answer before; empty for a first one
	Format   string        // of the answer, as asked for
	Streamed bool          // whether a stream, with its usage, was asked for
	Gone     chan struct{} // closed when the server has done with it, be it that the client went away
}

// Config says how a server misbehaves. Its zero values are good for most tests.
type Config struct {
	Delay      time.Duration // between the chunks of Slow; 0 is 20 ms
	RetryAfter time.Duration // what TooMany asks for, to the millisecond; 0 is 1 s
	// Record has the server keep the prompts of its requests, which are long.
	Record bool
}

// Server is a language model. It is safe for concurrent use.
type Server struct {
	http   *httptest.Server
	closed chan struct{}
	once   sync.Once

	mu       sync.Mutex
	config   Config
	behavior Behavior
	choose   func(r Request) Behavior
	requests []Request
}

// Start starts a server that is well, and that is closed when the test ends.
func Start(t testing.TB) *Server {
	t.Helper()

	s := &Server{closed: make(chan struct{}), behavior: Well, config: Config{Delay: 20 * time.Millisecond, RetryAfter: time.Second}}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)

	return s
}

// URL is the base of the API.
func (s *Server) URL() string { return s.http.URL + "/v1" }

// Client returns a client whose connections end with the server.
func (s *Server) Client() *http.Client { return s.http.Client() }

// Configure changes how the server misbehaves from now on.
func (s *Server) Configure(c Config) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if c.Delay == 0 {
		c.Delay = s.config.Delay
	}

	if c.RetryAfter == 0 {
		c.RetryAfter = s.config.RetryAfter
	}

	s.config = c
}

// Set has all requests from now on treated alike.
func (s *Server) Set(b Behavior) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.behavior, s.choose = b, nil
}

// Choose has a function decide on each request from now on. It is called for one at a time, and must not call the server.
func (s *Server) Choose(choose func(r Request) Behavior) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.choose = choose
}

// Requests returns the requests so far, in their order; with their prompts where Config.Record says so.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.requests)
}

// Count returns how many requests were treated with one of the behaviors; with any when there are none.
func (s *Server) Count(of ...Behavior) int {
	n := 0

	for _, r := range s.Requests() {
		if len(of) == 0 || slices.Contains(of, r.Behavior) {
			n++
		}
	}

	return n
}

// Close ends all requests, those that hang among them, and returns when they have ended. To close a closed server does nothing.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		s.http.Close()
	})
}

// body is what matters of a request's body.
type body struct {
	Model    string `json:"model"`
	Stream   bool   `json:"stream"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Strict bool           `json:"strict"`
			Schema map[string]any `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	var b body

	if r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" || json.NewDecoder(r.Body).Decode(&b) != nil || len(b.Messages) < 2 {
		http.Error(w, "no such request", http.StatusNotFound)

		return
	}

	request := Request{
		At: time.Now(), Model: b.Model, Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), System: b.Messages[0].Content, Prompt: b.Messages[1].Content,
		Format: b.ResponseFormat.Type, Streamed: b.Stream && b.StreamOptions.IncludeUsage, Gone: make(chan struct{}),
	}
	defer close(request.Gone)

	if last := b.Messages[len(b.Messages)-1]; len(b.Messages) > 2 {
		request.Repair = last.Content
	}

	config := s.note(&request)

	(&reply{w: w, r: r, request: &request, config: config, closed: s.closed}).give()
}

// note decides on a request and keeps it.
func (s *Server) note(r *Request) Config {
	s.mu.Lock()
	defer s.mu.Unlock()

	r.Number = len(s.requests) + 1
	r.Behavior = s.behavior

	if s.choose != nil {
		r.Behavior = s.choose(*r)
	}

	kept := *r
	if !s.config.Record {
		kept.System, kept.Prompt, kept.Repair = "", "", ""
	}

	s.requests = append(s.requests, kept)

	return s.config
}
