package live

import "context"

type resumeKey struct{}

// WithResume returns the context of a subscription whose client has had the events up to a cursor: what EventSource says with Last-Event-ID when it connects again by
// itself. An empty cursor changes nothing.
func WithResume(ctx context.Context, cursor string) context.Context {
	if cursor == "" {
		return ctx
	}

	return context.WithValue(ctx, resumeKey{}, cursor)
}

// After returns the cursor that a subscription begins behind: that of WithResume, else the one that its argument gives; nil for none. A client that connects again by
// itself repeats the argument of its first request, and would have its events twice if that counted.
func After(ctx context.Context, given *string) *string {
	if cursor, ok := ctx.Value(resumeKey{}).(string); ok {
		return &cursor
	}

	return given
}
