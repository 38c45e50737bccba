package db

import (
	"context"
	"testing"

	"sidereal/account/collection/collectiontest"
	"sidereal/chart"
)

func TestCollectionsPassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			collectiontest.TestStore(t, func(t *testing.T) collectiontest.Opened {
				d := migrated(t, Config{URL: b.url(t)})

				return collectiontest.Opened{
					Store: NewCollections(d),
					Charts: func(ctx context.Context, r chart.Record) error {
						_, _, err := NewCharts(d).Save(ctx, r)

						return err
					},
					Close: func() { _ = d.Close() },
				}
			})
		})
	}
}
