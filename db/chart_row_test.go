package db

import (
	"context"
	"testing"
	"time"

	"sidereal/chart"
)

// A chart that was stored before 0002 reads back as what it was: given by coordinates and zone, dated by the Gregorian calendar.
func TestChartsFromBeforeTheProvenanceReadBackWithDefaults(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			ctx := t.Context()
			d := open(t, Config{URL: b.url(t)})
			m := NewMigrator(d)

			if _, err := m.Up(ctx); err != nil {
				t.Fatal(err)
			}

			for { // back to the first migration
				name, err := m.Down(ctx)
				if err != nil {
					t.Fatal(err)
				}

				if name == "0002_chart_provenance" {
					break
				}
			}

			birth := chart.Birth{Instant: time.Date(1990, 1, 15, 15, 30, 0, 0, time.UTC), TimeKnown: true, Zone: "America/New_York", UTCOffset: -5 * time.Hour, Latitude: 40.7128, Longitude: -74.006}
			insertOld(ctx, t, d, birth)

			if _, err := m.Up(ctx); err != nil {
				t.Fatal(err)
			}

			found, err := NewCharts(d).ByHashes(ctx, []chart.Hash{birth.Hash()})
			if err != nil {
				t.Fatal(err)
			}

			if got := found[birth.Hash()].Birth; got != birth {
				t.Errorf("want %+v, got %+v", birth, got)
			}
		})
	}
}

// insertOld writes a row with the columns that 0001 has.
func insertOld(ctx context.Context, t *testing.T, d *DB, b chart.Birth) {
	t.Helper()

	const statement = `INSERT INTO chart (hash, instant_s, time_known, zone, utc_offset_s, latitude, longitude, place_name, calculated_at_us)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

	_, err := d.writer.NewRaw(statement, string(b.Hash()), b.Instant.Unix(), b.TimeKnown, b.Zone, int(b.UTCOffset/time.Second),
		b.Latitude, b.Longitude, b.PlaceName, int64(0)).Exec(ctx)
	if err != nil {
		t.Fatal(err)
	}
}
