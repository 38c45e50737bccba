package main

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// background is the work that the process does beside answering. Stop ends it and waits for it.
type background struct {
	ctx    context.Context //nolint:containedctx // the life of the work, which Stop ends
	cancel context.CancelFunc
	group  sync.WaitGroup
	log    *slog.Logger
}

// newBackground returns a background whose work carries the values of ctx, but ends with Stop only.
func newBackground(ctx context.Context, log *slog.Logger) *background {
	b := &background{log: log}
	b.ctx, b.cancel = context.WithCancel(context.WithoutCancel(ctx))

	return b
}

// Go starts a piece of work that ends by itself or with its context. Its failure and its panic are logged and end nothing else.
func (b *background) Go(name string, work func(context.Context) error) {
	b.group.Go(func() {
		start := time.Now()

		defer func() {
			if panicked := recover(); panicked != nil {
				b.log.Error("panic in the background", "work", name, "panic", panicked, "stack", string(debug.Stack()))
			}
		}()

		if err := work(b.ctx); err != nil && !errors.Is(err, context.Canceled) {
			b.log.Warn("failed in the background", "work", name, "error", err)

			return
		}

		b.log.Info("done in the background", "work", name, "took", time.Since(start))
	})
}

// Stop asks all work to end, and returns when it has.
func (b *background) Stop() {
	b.cancel()
	b.group.Wait()
}
