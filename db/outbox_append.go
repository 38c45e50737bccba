package db

import (
	"context"

	"github.com/uptrace/bun"

	"sidereal/event"
)

// Append puts events into the outbox that tell of nothing else that is stored: all of them or none.
func (s *Outbox) Append(ctx context.Context, events ...event.Event) error {
	return s.db.inTx(ctx, "outbox.append", func(ctx context.Context, tx bun.Tx) error { return appendEvents(ctx, tx, events...) })
}
