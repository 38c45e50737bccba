package job

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// work claims jobs of a kind and starts attempts, as many at once as the kind has workers, until ctx ends.
func (e *Engine) work(ctx context.Context, kind *Kind, hints <-chan struct{}) {
	free, freed := kind.Workers, make(chan struct{}, kind.Workers)
	timer := time.NewTimer(0)
	failing := false

	defer timer.Stop()

	// There may be something to claim: at the start, after a hint, with the poll, and as long as a claim brings all that it asked for.
	for more := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			more = true
			timer.Reset(e.config.Poll)
		case <-hints:
			more = true
		case <-freed:
			free++
		}

		for ; len(freed) > 0; free++ { // those who ended meanwhile, so that one claim serves them all
			<-freed
		}

		if !more || free == 0 || ctx.Err() != nil {
			continue
		}

		began := e.config.Now()
		jobs, err := e.claim(ctx, kind, free)
		failing = e.note(ctx, kind, failing, err)
		more = err == nil && len(jobs) == free
		free -= len(jobs)

		for i := range jobs {
			e.begin(ctx, kind, jobs[i], began, freed)
		}
	}
}

func (e *Engine) claim(ctx context.Context, kind *Kind, limit int) (jobs []Job, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("job: panic: %v\n%s", panicked, debug.Stack())
		}
	}()

	// A claim that is under way when the engine is stopped goes to its end: nobody would know of jobs that it took.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.config.Timeout)
	defer cancel()

	return e.store.Claim(ctx, Request{Kind: kind.Name, Worker: e.worker, Limit: limit, Length: e.config.Lease})
}

// note logs the beginning of a disturbance and its end, and nothing between.
func (e *Engine) note(ctx context.Context, kind *Kind, failing bool, err error) bool {
	switch {
	case ctx.Err() != nil:
	case err != nil && !failing:
		e.config.Log.WarnContext(ctx, "jobs cannot be claimed", "kind", kind.Name, "error", err)
	case err == nil && failing:
		e.config.Log.InfoContext(ctx, "jobs are claimed again", "kind", kind.Name)
	}

	return err != nil
}

// keepLeases renews the leases of what runs here, and ends what has lost its own, until ctx ends.
func (e *Engine) keepLeases(ctx context.Context) {
	ticker := time.NewTicker(e.config.Beat)
	defer ticker.Stop()

	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}

		if held := e.held(); len(held) > 0 {
			e.beat(ctx, held)
		}
	}
}

func (e *Engine) beat(ctx context.Context, held []*attempt) {
	ids := make([]string, len(held))
	for i, a := range held {
		ids[i] = a.job.ID
	}

	began := e.config.Now()

	bounded, cancel := context.WithTimeout(ctx, max(e.config.Lease/2, e.config.Beat))
	leases, err := e.store.Beat(bounded, e.worker, ids, e.config.Lease)

	cancel()

	if ctx.Err() != nil {
		return
	}

	if err != nil {
		e.config.Log.WarnContext(ctx, "leases of jobs are not renewed", "jobs", len(ids), "error", err)
	}

	kept := make(map[Lease]bool, len(leases))
	for _, l := range leases {
		kept[l] = true
	}

	e.mu.Lock()
	defer e.mu.Unlock()

	for _, a := range held {
		switch {
		case kept[a.job.Lease()]:
			a.renewed = began
		// Without an answer a lease is good for as long as it was when it was last renewed: the database counts from a later moment.
		case err == nil, e.config.Now().Sub(a.renewed) >= e.config.Lease:
			a.cancel(ErrLost)
		}
	}
}
