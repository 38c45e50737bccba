package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/uptrace/bun"
)

// Statement is one SQL statement that ran.
type Statement struct {
	Name        string // of the query that it belongs to: "chart.page"; empty for what no query asked for
	Fingerprint string // the statement without its literals
	Target      string // primary; writer or reader on SQLite
	Operation   string // the GraphQL operation that it served; empty outside one
	Took        time.Duration
	Rows        int // read or changed; -1 when unknown
	Err         error
}

type (
	operationKey struct{}
	recorderKey  struct{}
)

// WithOperation returns a context whose statements are reported under the name of a GraphQL operation.
func WithOperation(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, operationKey{}, name)
}

// hook is bun's query hook of one target. bun calls it before the rows are scanned, so the statements of a query wait in its recorder until the query
// has got them.
type hook struct {
	config Config
	target string
}

// BeforeQuery implements bun.QueryHook.
func (h *hook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

// AfterQuery implements bun.QueryHook.
func (h *hook) AfterQuery(ctx context.Context, event *bun.QueryEvent) {
	ran := statement{hook: h, query: event.Query, started: event.StartTime, took: time.Since(event.StartTime), rows: -1, err: event.Err}

	if event.Result != nil {
		if n, err := event.Result.RowsAffected(); err == nil {
			ran.rows = int(n)
		}
	}

	if r, ok := ctx.Value(recorderKey{}).(*recorder); ok {
		r.statements = append(r.statements, ran)

		return
	}

	ran.report(ctx, "")
}

// recorder collects the statements of one query.
type recorder struct {
	name       string
	statements []statement
}

// report sends the statements on. The last one took until now, scanning included, and brought rows rows.
func (r *recorder) report(ctx context.Context, rows int) {
	for i := range r.statements {
		if s := &r.statements[i]; i == len(r.statements)-1 {
			s.took, s.rows = time.Since(s.started), rows
		}

		r.statements[i].report(ctx, r.name)
	}
}

// statement is a statement with its literals, which must not leave this file.
type statement struct {
	hook    *hook
	query   string
	started time.Time
	took    time.Duration
	rows    int
	err     error
}

func (s *statement) report(ctx context.Context, name string) {
	cfg := s.hook.config
	failed := s.err != nil && !errors.Is(s.err, sql.ErrNoRows)
	slow := s.took >= cfg.SlowQuery
	verbose := cfg.Log.Enabled(ctx, slog.LevelDebug)

	if !failed && !slow && !verbose && cfg.Observe == nil {
		return // the fingerprint costs more than the rest of the hook
	}

	operation, _ := ctx.Value(operationKey{}).(string)
	shown := Statement{
		Name: name, Fingerprint: Fingerprint(s.query), Target: s.hook.target, Operation: operation, Took: s.took, Rows: s.rows, Err: s.err,
	}

	if cfg.Observe != nil {
		cfg.Observe(ctx, shown)
	}

	attributes := []slog.Attr{
		slog.String("name", name), slog.String("statement", shown.Fingerprint), slog.String("target", shown.Target),
		slog.String("operation", operation), slog.Duration("took", s.took), slog.Int("rows", s.rows),
	}

	switch {
	case failed: // the driver's message may hold literals, so its class is all that is said here; faults carry the rest to who needs it
		cfg.Log.LogAttrs(ctx, slog.LevelWarn, "failed query", append(attributes, slog.String("sqlstate", pgClass(s.err)))...)
	case slow:
		cfg.Log.LogAttrs(ctx, slog.LevelWarn, "slow query", attributes...)
	case verbose:
		cfg.Log.LogAttrs(ctx, slog.LevelDebug, "query", attributes...)
	}
}
