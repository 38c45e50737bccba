package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"sidereal/fault"
)

type txKey struct{}

// txState is a transaction under way, and what it has done that others are told of when it is committed.
type txState struct {
	tx               bun.Tx
	appended, queued bool
}

// joinTx runs an action in the transaction that the context belongs to, or in one of its own.
func (d *DB) joinTx(ctx context.Context, name string, action func(context.Context, bun.Tx) error) error {
	if state, ok := ctx.Value(txKey{}).(*txState); ok {
		return action(ctx, state.tx)
	}

	return d.inTx(ctx, name, action)
}

// inTx runs a named action in a transaction of its own: all of it or nothing. When the connection dies before the commit, nothing was kept, so the action
// runs again; what it hands out has to be set anew each time. When it dies under the commit, nobody knows whether it was kept, so nothing is repeated and the
// answer is UPSTREAM_UNAVAILABLE. A fault that the action returns passes through as it is.
func (d *DB) inTx(ctx context.Context, name string, action func(context.Context, bun.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return translate(err)
	}

	bounded, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()

	var err error

	for range staleAttempts {
		var again bool
		if again, err = d.tryTx(bounded, name, action); !again {
			break
		}
	}

	if err == nil {
		return nil
	}

	if _, ok := fault.As(err); ok {
		return err
	}

	return fmt.Errorf("db: %s: %w", name, translate(err))
}

// tryTx runs the action in one transaction. Again says that a dead connection kept it from its commit.
func (d *DB) tryTx(ctx context.Context, name string, action func(context.Context, bun.Tx) error) (again bool, err error) {
	recorder, state := &recorder{name: name}, new(txState)
	defer func() { recorder.report(ctx, -1) }()

	ctx = context.WithValue(context.WithValue(ctx, recorderKey{}, recorder), txKey{}, state)

	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return stale(err), err
	}

	state.tx = tx
	committing := false

	defer func() {
		if !committing { // also when the action panics
			_ = tx.Rollback()
		}
	}()

	if err = action(ctx, tx); err != nil {
		return stale(err), err
	}

	committing = true

	if err = tx.Commit(); err != nil {
		return false, err
	}

	hint(d.appended, state.appended)
	hint(d.queued, state.queued)

	return false, nil
}

// hint leaves a hint, if it is due, unless one is waiting already.
func hint(to chan<- struct{}, due bool) {
	if !due {
		return
	}

	select {
	case to <- struct{}{}:
	default:
	}
}
