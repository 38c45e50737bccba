package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/openai/openai-go/v3/packages/ssestream"

	"sidereal/resilience"
)

// DependencyName is the name by which operators know the language model.
const DependencyName = "language-model"

// Policy returns p with what a language model needs where p says nothing: a try may take 90 s, there are two, and a service that asks for more than 10 s of
// patience is not waited for, as the built-in engine writes meanwhile. Classify and Describe are always the model's own: a 429, a 5xx, a timeout, a connection that
// broke and a stream that was cut off may pass; any other refusal, such as a key that is not accepted, stays, and counts as a failure too, since every call will meet
// it. An answer that makes no sense is an answer.
func Policy(p resilience.Policy) resilience.Policy {
	p.Timeout = cmp.Or(p.Timeout, 90*time.Second)
	p.Tries = cmp.Or(p.Tries, 2)
	p.Backoff = cmp.Or(p.Backoff, 500*time.Millisecond)
	p.MaxWait = cmp.Or(p.MaxWait, 10*time.Second)
	p.Classify = classify
	p.Describe = describe

	return p
}

var (
	// errSilent and errCutOff are of a kind that resilience knows.
	errSilent   = fmt.Errorf("the stream stood still: %w", context.DeadlineExceeded)
	errCutOff   = fmt.Errorf("the stream was cut off: %w", io.ErrUnexpectedEOF)
	errNoStream = errors.New("the answer is no stream of events")
)

// listenerError is an error of who listens.
type listenerError struct{ error }

func (e *listenerError) Unwrap() error { return e.error }

// callError is an error of a call, in words of our own: its own may hold an address, or what somebody wrote.
type callError struct {
	text  string
	cause error
}

func (e *callError) Error() string { return e.text }

func (e *callError) Unwrap() error { return e.cause }

func classify(err error) resilience.Verdict {
	if _, ok := errors.AsType[*listenerError](err); ok {
		return resilience.Neutral
	}

	if _, ok := errors.AsType[*ssestream.StreamError](err); ok {
		return resilience.Transient // the service tells of its own failure when the stream has begun
	}

	if verdict := resilience.Classify(err); verdict != resilience.Answered {
		return verdict
	}

	return resilience.Failed
}

func describe(err error) string {
	if _, ok := errors.AsType[*ssestream.StreamError](err); ok {
		return "the service reported an error within the stream"
	}

	for _, known := range []error{errSilent, errCutOff} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}

	text := resilience.Describe(err)
	if errors.Is(err, errNoStream) {
		text = errNoStream.Error()
	}

	if status, ok := errors.AsType[*resilience.StatusError](err); ok {
		switch status.Status {
		case http.StatusBadRequest, http.StatusUnprocessableEntity:
			text += ": the service does not take such requests; see SIDEREAL_MODEL_FORMAT"
		case http.StatusUnauthorized, http.StatusForbidden:
			text += ": the key is not accepted, or not for this model; see SIDEREAL_MODEL_KEY"
		case http.StatusNotFound:
			text += ": there is no such address or model; see SIDEREAL_MODEL_URL and SIDEREAL_MODEL_NAME"
		}
	}

	return text
}
