package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Follower subscribes, remembers the cursor of the last event it got, and comes back behind it after any loss, as clients of a server that may go away do. Before its
// first event it comes back to the moment at which it was first acknowledged.
type Follower struct {
	Connect  func() Config // how to connect this time
	Document string        // a subscription with one field, which takes the variable $after and has a cursor
	After    string        // where to begin, and later where to go on; empty for the moment of the acknowledgement
	// FromStart begins without a cursor, where there is no After: what is subscribed to has a start of its own.
	FromStart bool

	mu          sync.Mutex
	socket      *Socket
	cuts        int
	connections int
}

// The waits between two attempts: twice as long each time, less up to a half by chance.
const (
	minBackoff = 5 * time.Millisecond
	maxBackoff = 500 * time.Millisecond
)

// Run follows until take returns false, and returns nil then. What a server may say when it stops, starts or has too much to do makes it come back; anything else is an
// error, which it returns, and so is the end of ctx. Take gets the field's value.
func (f *Follower) Run(ctx context.Context, take func(event json.RawMessage) bool) error {
	for failures := 0; ; failures++ {
		before := f.After

		done, err := f.follow(ctx, take)
		if done {
			return nil
		}

		if errors.Is(err, ErrCut) {
			f.mu.Lock()
			f.cuts++
			f.mu.Unlock()
		}

		if !passes(err) {
			return err
		}

		if f.After != before {
			failures = 0
		}

		wait := min(maxBackoff, minBackoff<<min(failures, 10))

		select {
		case <-time.After(wait - rand.N(wait/2+1)):
		case <-ctx.Done():
			return fmt.Errorf("livetest: behind %q, after %w: %w", f.After, err, ctx.Err())
		}
	}
}

// CutAfter cuts the present connection behind that many more bytes. It returns false when there is none, or when it is to be cut already.
func (f *Follower) CutAfter(bytes int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()

	return f.socket != nil && f.socket.CutAfter(bytes)
}

// Counts returns how often it has cut its connection, and how often it was connected.
func (f *Follower) Counts() (cuts, connections int) {
	f.mu.Lock()
	defer f.mu.Unlock()

	return f.cuts, f.connections
}

// follow follows over one connection.
func (f *Follower) follow(ctx context.Context, take func(event json.RawMessage) bool) (done bool, err error) {
	socket, err := Open(ctx, f.Connect())
	if err != nil {
		return false, err
	}
	defer socket.Cut()
	defer context.AfterFunc(ctx, socket.Cut)()

	f.hold(socket)
	defer f.hold(nil)

	if f.After == "" && !f.FromStart {
		f.After = socket.Cursor
	}

	var variables map[string]any
	if f.After != "" {
		variables = map[string]any{"after": f.After}
	}

	if err := socket.Subscribe("1", f.Document, variables); err != nil {
		return false, err
	}

	for {
		m, err := socket.Next()
		if err != nil {
			return false, err
		}

		event, cursor, err := read(m)
		if err != nil {
			return false, err
		}

		if f.After = cursor; !take(event) {
			return true, nil
		}
	}
}

func (f *Follower) hold(socket *Socket) {
	f.mu.Lock()
	defer f.mu.Unlock()

	if f.socket = socket; socket != nil {
		f.connections++
	}
}

// AnswerError is what the server says instead of an event.
type AnswerError struct {
	Code string // of the first error, if it has one
	Text string
}

// Error implements error.
func (e *AnswerError) Error() string { return "livetest: want an event, got " + e.Text }

// read returns the event of a message, and its cursor.
func read(m Message) (event json.RawMessage, cursor string, err error) {
	type fault struct {
		Extensions struct{ Code string }
	}

	answer := &AnswerError{Text: m.Type + " " + string(m.Payload)}

	if m.Type == "error" {
		var faults []fault
		if err := json.Unmarshal(m.Payload, &faults); err == nil && len(faults) > 0 {
			answer.Code = faults[0].Extensions.Code
		}
	}

	if m.Type != "next" {
		return nil, "", answer
	}

	var result struct {
		Data   map[string]json.RawMessage
		Errors []fault
	}

	if err := json.Unmarshal(m.Payload, &result); err != nil {
		return nil, "", fmt.Errorf("livetest: %w: %s", err, answer.Text)
	}

	if len(result.Errors) > 0 {
		answer.Code = result.Errors[0].Extensions.Code
	}

	for _, event = range result.Data {
		var placed struct{ Cursor string }
		if err := json.Unmarshal(event, &placed); err == nil && placed.Cursor != "" && len(result.Errors) == 0 {
			return event, placed.Cursor, nil
		}
	}

	return nil, "", answer
}

// passes tells whether a client may hope that what ended its connection is over when it comes back.
func passes(err error) bool {
	if answer, ok := errors.AsType[*AnswerError](err); ok {
		return answer.Code == "UPSTREAM_UNAVAILABLE" || answer.Code == "RATE_LIMITED"
	}

	if closed, ok := errors.AsType[*CloseError](err); ok {
		return closed.Code == 1012 || closed.Code == 1013 // service restart, try again later
	}

	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return refused.Status == http.StatusServiceUnavailable
	}

	return !errors.Is(err, errFrame) && !errors.Is(err, errHandshake) && !isSyntax(err)
}

// isSyntax tells whether a message was no JSON.
func isSyntax(err error) bool {
	_, ok := errors.AsType[*json.SyntaxError](err)

	return ok
}
