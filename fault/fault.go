// Package fault holds the one error type that crosses rooms.
//
// A fault says what went wrong in a word that programs can act on (Code), in a sentence that people can act on (Message), and where:
// the input field or the resource. The cause, when there is one, is for the log; only the GraphQL presenter turns a fault into an answer.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// Code classifies a fault. The values are the API's own, as documented in schema.graphqls.
type Code string

// The codes of the API.
const (
	Unauthenticated     Code = "UNAUTHENTICATED"
	Forbidden           Code = "FORBIDDEN"
	ValidationFailed    Code = "VALIDATION_FAILED"
	NotFound            Code = "NOT_FOUND"
	Conflict            Code = "CONFLICT"
	RateLimited         Code = "RATE_LIMITED"
	ComplexityLimit     Code = "COMPLEXITY_LIMIT"
	DepthLimit          Code = "DEPTH_LIMIT"
	CursorExpired       Code = "CURSOR_EXPIRED"
	UpstreamUnavailable Code = "UPSTREAM_UNAVAILABLE"
	Timeout             Code = "TIMEOUT"
	Internal            Code = "INTERNAL"

	// PersistedQueryNotFound and the next are what clients of Apollo's automatic persisted queries act on.
	PersistedQueryNotFound     Code = "PERSISTED_QUERY_NOT_FOUND"
	PersistedQueryNotSupported Code = "PERSISTED_QUERY_NOT_SUPPORTED"
)

// Error is a fault. Build one with New, Invalid or Wrap and refine it with the With methods, which return copies.
type Error struct {
	Code    Code
	Message string // a sentence for the caller; never holds a secret or a cause
	Field   string // the input field at fault, as the caller wrote it: "input.place.coordinates.latitude"; empty when there is none

	ResourceType string        // the GraphQL type of the resource at fault, "Chart"; empty when there is none
	ResourceID   string        // its identifier as the caller gave it
	RetryAfter   time.Duration // how long to wait before a retry can help; 0 when it cannot
	Details      map[string]any

	cause error
}

// New returns a fault with a code and a formatted message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid returns a VALIDATION_FAILED fault of one input field.
func Invalid(field, format string, args ...any) *Error {
	e := New(ValidationFailed, format, args...)
	e.Field = field

	return e
}

// Wrap returns a fault that keeps cause for the log and for errors.Is.
func Wrap(cause error, code Code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.cause = cause

	return e
}

// Error implements error; it holds the cause, so it belongs in the log and not in an answer.
func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Field != "" {
		text = string(e.Code) + ": " + e.Field + ": " + e.Message
	}

	if e.cause != nil {
		text += ": " + e.cause.Error()
	}

	return text
}

// Unwrap returns the cause, nil when there is none.
func (e *Error) Unwrap() error { return e.cause }

// Within returns a copy whose field is put below parent: Within("input") turns "date" into "input.date".
func (e *Error) Within(parent string) *Error {
	c := *e

	switch {
	case parent == "":
	case c.Field == "":
		c.Field = parent
	default:
		c.Field = parent + "." + c.Field
	}

	return &c
}

// WithResource returns a copy that names a resource.
func (e *Error) WithResource(resourceType, id string) *Error {
	c := *e
	c.ResourceType, c.ResourceID = resourceType, id

	return &c
}

// WithDetail returns a copy that carries one more machine-readable detail.
func (e *Error) WithDetail(key string, value any) *Error {
	c := *e

	c.Details = maps.Clone(e.Details)
	if c.Details == nil {
		c.Details = make(map[string]any, 1)
	}

	c.Details[key] = value

	return &c
}

// As returns the outermost fault in err's chain.
func As(err error) (*Error, bool) {
	var e *Error

	ok := errors.As(err, &e)

	return e, ok
}

// CodeOf returns the code of the outermost fault in err's chain, Internal when there is none.
func CodeOf(err error) Code {
	if e, ok := As(err); ok {
		return e.Code
	}

	return Internal
}
