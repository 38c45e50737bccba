package collectiontest

import (
	"context"
	"testing"

	"sidereal/chart"
)

func TestTheStoreInMemoryPassesTheSuite(t *testing.T) {
	TestStore(t, func(*testing.T) Opened {
		m := new(Memory)

		return Opened{Store: m, Charts: func(context.Context, chart.Record) error { return nil }, Close: m.Close}
	})
}
