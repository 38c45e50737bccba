package db

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"sidereal/event"
)

// outboxRow is a row of the table outbox.
type outboxRow struct {
	bun.BaseModel `bun:"table:outbox"`

	ID             string `bun:"id,pk"`
	Type           string `bun:"type"`
	Subject        string `bun:"subject"`
	Owner          string `bun:"owner"`
	OccurredMicros int64  `bun:"occurred_at_us"`
	Data           string `bun:"data"`
}

// appendEvents adds events to the outbox, in the transaction of what they tell of.
func appendEvents(ctx context.Context, tx bun.IDB, events ...event.Event) error {
	if len(events) == 0 {
		return nil
	}

	rows := make([]outboxRow, len(events))

	for i, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Type, err)
		}

		rows[i] = outboxRow{ID: e.ID, Type: string(e.Type), Subject: e.Subject, Owner: e.Owner, OccurredMicros: e.OccurredAt.UnixMicro(), Data: string(data)}
	}

	_, err := tx.NewInsert().Model(&rows).Exec(ctx)

	return err
}

// inTx runs a named transaction that may be repeated: the second time it must change nothing.
func (d *DB) inTx(ctx context.Context, name string, action func(context.Context, bun.Tx) error) error {
	return d.write(ctx, name, func(ctx context.Context, q bun.IDB) (int, error) { return 0, q.RunInTx(ctx, nil, action) })
}
