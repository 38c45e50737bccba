package resilience

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// maxQueued is how many tasks wait at most. Changes are rare: so many wait only when who is told of them hangs.
const maxQueued = 256

// queue runs tasks one after the other, in a goroutine that lives as long as there are any: so breakers tell of changes while they hold their locks.
type queue struct {
	log *slog.Logger

	mu      sync.Mutex
	tasks   []func()
	idle    chan struct{} // closed when the goroutine has ended; nil before the first
	running bool
	stopped bool
}

// add puts a task at the end. The oldest gives way when there are too many. After stop it does nothing.
func (q *queue) add(task func()) {
	q.mu.Lock()
	defer q.mu.Unlock()

	if q.stopped {
		return
	}

	if len(q.tasks) == maxQueued {
		q.tasks = q.tasks[1:]
		q.log.Warn("a change of a circuit breaker is not told: too many wait", "waiting", maxQueued)
	}

	q.tasks = append(q.tasks, task)

	if !q.running {
		q.running = true
		q.idle = make(chan struct{})

		go q.run()
	}
}

func (q *queue) run() {
	defer close(q.idle)

	for {
		q.mu.Lock()

		if len(q.tasks) == 0 {
			q.running = false
			q.mu.Unlock()

			return
		}

		task := q.tasks[0]
		q.tasks = q.tasks[1:]
		q.mu.Unlock()

		q.do(task)
	}
}

func (q *queue) do(task func()) {
	defer func() {
		if p := recover(); p != nil {
			q.log.Error("panic while a change of a circuit breaker was told", "panic", p, "stack", string(debug.Stack()))
		}
	}()

	task()
}

// stop ends when all tasks are done, or with the error of ctx.
func (q *queue) stop(ctx context.Context) error {
	q.mu.Lock()
	q.stopped = true
	idle := q.idle
	q.mu.Unlock()

	if idle == nil {
		return nil
	}

	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("resilience: stop: %w", ctx.Err())
	}
}
