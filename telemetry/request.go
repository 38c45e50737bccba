// Package telemetry is what the process says of itself: request ids, operations, resources.
package telemetry

import (
	"context"
	"crypto/rand"
	"log/slog"
)

type requestIDKey struct{}

// maxRequestID is how long a request id from outside may be.
const maxRequestID = 64

// NewRequestID returns an id for a request: the caller's own when it is well-formed (1 to 64 letters, digits, '-', '_' or '.'), else a random one.
func NewRequestID(offered string) string {
	if len(offered) == 0 || len(offered) > maxRequestID {
		return rand.Text()
	}

	for i := range len(offered) {
		switch c := offered[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return rand.Text()
		}
	}

	return offered
}

// WithRequestID returns a context that carries the id of the request it belongs to.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request that ctx belongs to; empty outside a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)

	return id
}

// LogHandler adds the request id of the context to every record that passes.
type LogHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h LogHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("requestId", id))
	}

	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return LogHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h LogHandler) WithGroup(name string) slog.Handler { return LogHandler{h.Handler.WithGroup(name)} }
