package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sidereal/event"
	"sidereal/event/relay"
)

// Outbox is the relay.Outbox in the database: events that were committed and are not in the stream yet, or have not been there for long.
type Outbox struct {
	db  *DB
	now func() time.Time
}

var _ relay.Outbox = (*Outbox)(nil)

// NewOutbox returns the outbox in d.
func NewOutbox(d *DB) *Outbox { return &Outbox{d, time.Now} }

// outboxRow is a row of the table outbox. Its order is that of seq: ids of one moment do not sort.
type outboxRow struct {
	bun.BaseModel `bun:"table:outbox"`

	Seq            int64  `bun:"seq,pk,autoincrement"`
	ID             string `bun:"id"`
	Type           string `bun:"type"`
	Subject        string `bun:"subject"`
	Owner          string `bun:"owner"`
	OccurredMicros int64  `bun:"occurred_at_us"`
	Data           string `bun:"data"` // JSON as text: jsonb would put the names in another order

	PublishedMicros *int64 `bun:"published_at_us"` // when it was noted that the stream has it; null before that
}

// outboxColumns are the columns that make an event.
var outboxColumns = []string{"id", "type", "subject", "owner", "occurred_at_us", "data"}

// maxEventData bounds an event's data, in bytes of JSON, well below what a message of the stream may have: one that could never be published would stop
// all that come behind it.
const maxEventData = 64 << 10

// appendEvents puts events into the outbox, in their order, within the transaction of what they tell of. Data that does not encode as JSON, or is too long,
// is an error: the transaction must fail.
func appendEvents(ctx context.Context, tx bun.IDB, events ...event.Event) error {
	if len(events) == 0 {
		return nil
	}

	rows := make([]outboxRow, len(events))

	for i, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return fmt.Errorf("data of the event %s: %w", e.Type, err)
		}

		if len(data) > maxEventData {
			return fmt.Errorf("data of the event %s: %d bytes, at most %d", e.Type, len(data), maxEventData)
		}

		rows[i] = outboxRow{
			ID: e.ID, Type: string(e.Type), Subject: e.Subject, Owner: e.Owner, OccurredMicros: e.OccurredAt.UnixMicro(), Data: string(data),
		}
	}

	if _, err := tx.NewInsert().Model(&rows).Column(outboxColumns...).Returning("NULL").Exec(ctx); err != nil {
		return err
	}

	if state, ok := ctx.Value(txKey{}).(*txState); ok {
		state.appended = true
	}

	return nil
}

// Appended is told when inTx has committed events; one hint may stand for many.
func (s *Outbox) Appended() <-chan struct{} { return s.db.appended }

// Pending implements relay.Outbox.
func (s *Outbox) Pending(ctx context.Context, limit int) (events []event.Event, err error) {
	err = s.db.read(ctx, "outbox.pending", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []outboxRow

		err := q.NewSelect().Model(&rows).Column(outboxColumns...).Where("published_at_us IS NULL").Order("seq").Limit(int64(limit)).Scan(ctx)

		events = make([]event.Event, len(rows))
		for i := range rows {
			events[i] = rows[i].event()
		}

		return len(rows), err
	})
	if err != nil {
		return nil, err
	}

	return events, nil
}

func (r *outboxRow) event() event.Event {
	return event.Event{
		ID: r.ID, Type: event.Type(r.Type), OccurredAt: time.UnixMicro(r.OccurredMicros).UTC(), Subject: r.Subject, Owner: r.Owner, Data: json.RawMessage(r.Data),
	}
}

// Published implements relay.Outbox.
func (s *Outbox) Published(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}

	return s.change(ctx, "outbox.published", func(q bun.IDB) executor {
		return q.NewUpdate().Model((*outboxRow)(nil)).Set("published_at_us = ?", s.now().UnixMicro()).Where("id IN (?)", bun.List(ids))
	})
}

// Recall implements relay.Outbox.
func (s *Outbox) Recall(ctx context.Context) error {
	return s.change(ctx, "outbox.recall", func(q bun.IDB) executor {
		return q.NewUpdate().Model((*outboxRow)(nil)).Set("published_at_us = NULL").Where("published_at_us IS NOT NULL")
	})
}

// Sweep implements relay.Outbox.
func (s *Outbox) Sweep(ctx context.Context, longer time.Duration) error {
	return s.change(ctx, "outbox.sweep", func(q bun.IDB) executor {
		return q.NewDelete().Model((*outboxRow)(nil)).Where("published_at_us < ?", s.now().Add(-longer).UnixMicro())
	})
}

// executor is a statement that changes rows.
type executor interface {
	Exec(ctx context.Context, dest ...any) (sql.Result, error)
}

func (s *Outbox) change(ctx context.Context, name string, statement func(bun.IDB) executor) error {
	return s.db.write(ctx, name, func(ctx context.Context, q bun.IDB) (int, error) {
		result, err := statement(q).Exec(ctx)
		if err != nil {
			return 0, err
		}

		n, err := result.RowsAffected()

		return int(n), err
	})
}
