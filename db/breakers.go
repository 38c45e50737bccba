package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sidereal/event"
	"sidereal/resilience"
)

// Breakers keeps what operators have ordered of circuit breakers.
type Breakers struct{ db *DB }

// NewBreakers returns what is kept in d.
func NewBreakers(d *DB) *Breakers { return &Breakers{d} }

// BreakerOrders is what operators have ordered of one breaker, up to now.
type BreakerOrders struct {
	Name      string
	Mode      resilience.Mode
	Orders    int64 // how many there were; what has more is newer
	Resets    int64 // how many of them were to start it anew
	ChangedAt time.Time
	ChangedBy string // the id of an account
}

// breakerRow is a row of the table breaker_mode.
type breakerRow struct {
	bun.BaseModel `bun:"table:breaker_mode,alias:kept"`

	Name          string `bun:"name,pk"`
	Mode          string `bun:"mode"`
	Orders        int64  `bun:"orders"`
	Resets        int64  `bun:"resets"`
	ChangedMicros int64  `bun:"changed_at_us"`
	ChangedBy     string `bun:"changed_by"`
}

func (r *breakerRow) orders() BreakerOrders {
	return BreakerOrders{
		Name: r.Name, Mode: resilience.Mode(r.Mode), Orders: r.Orders, Resets: r.Resets,
		ChangedAt: time.UnixMicro(r.ChangedMicros).UTC(), ChangedBy: r.ChangedBy,
	}
}

// Order keeps an order, which has a mode, with the event that tells of it: at its time, by its account. It returns what is kept then.
func (s *Breakers) Order(ctx context.Context, order resilience.Order, by string, told event.Event) (kept BreakerOrders, err error) {
	err = s.db.inTx(ctx, "breaker.order", func(ctx context.Context, tx bun.Tx) error {
		row := &breakerRow{Name: order.Dependency, Mode: string(order.Mode), Orders: 1, ChangedMicros: told.OccurredAt.UnixMicro(), ChangedBy: by}
		if order.Reset {
			row.Resets = 1
		}

		stored := new(breakerRow)

		if err := tx.NewInsert().Model(row).On("CONFLICT (name) DO UPDATE").
			Set("mode = EXCLUDED.mode").Set("orders = kept.orders + 1").Set("resets = kept.resets + EXCLUDED.resets").
			Set("changed_at_us = EXCLUDED.changed_at_us").Set("changed_by = EXCLUDED.changed_by").
			Returning("name, mode, orders, resets, changed_at_us, changed_by").Scan(ctx, stored); err != nil {
			return err
		}

		kept = stored.orders()

		return appendEvents(ctx, tx, told)
	})

	return kept, err
}

// All returns what was ordered of all breakers that were ever decided over, by name.
func (s *Breakers) All(ctx context.Context) (all []BreakerOrders, err error) {
	err = s.db.read(ctx, "breaker.all", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []breakerRow

		err := q.NewSelect().Model(&rows).Column("name", "mode", "orders", "resets", "changed_at_us", "changed_by").Order("name").Scan(ctx)

		all = make([]BreakerOrders, len(rows))
		for i := range rows {
			all[i] = rows[i].orders()
		}

		return len(rows), err
	})

	return all, err
}
