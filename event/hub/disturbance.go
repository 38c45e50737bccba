package hub

import (
	"context"
	"log/slog"
	"time"
)

// disturbance logs the beginning and the end of a time without the stream, and nothing between.
type disturbance struct {
	log      *slog.Logger
	failures int // in a row
}

func (d *disturbance) failed(ctx context.Context, err error) {
	d.failures++

	if d.failures == 1 {
		d.log.WarnContext(ctx, "events do not come", "error", err)
	}
}

// settling says that the disturbance is over when the stream has been followed for a while. It returns what to call when the stream is lost.
func (d *disturbance) settling(ctx context.Context) (lost func()) {
	done := make(chan struct{})

	timer := time.AfterFunc(settled, func() {
		defer close(done)

		if d.failures > 0 {
			d.log.InfoContext(ctx, "events come again", "failures", d.failures)
			d.failures = 0
		}
	})

	return func() {
		if !timer.Stop() {
			<-done
		}
	}
}
