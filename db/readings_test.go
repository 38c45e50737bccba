package db

import (
	"context"
	"testing"

	"sidereal/chart"
	"sidereal/reading/readingtest"
)

func TestReadingsPassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			readingtest.TestStore(t, func(t *testing.T) readingtest.Opened {
				url := b.url(t)
				d, other := migrated(t, Config{URL: url}), open(t, Config{URL: url})

				return readingtest.Opened{
					Store: NewReadings(d), Other: NewReadings(other), Jobs: NewJobs(d),
					Chart: func(ctx context.Context, r chart.Record) error {
						_, _, err := NewCharts(d).Save(ctx, r)

						return err
					},
					Close: func() { _ = d.Close() },
				}
			})
		})
	}
}
