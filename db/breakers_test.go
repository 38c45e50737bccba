package db

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/resilience"
)

func TestOrdersOfBreakersAreCountedAndTold(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			breakers := NewBreakers(d)
			at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

			if all, err := breakers.All(t.Context()); err != nil || len(all) != 0 {
				t.Fatalf("want nothing, got %v, %v", all, err)
			}

			var told []string

			order := func(name string, mode resilience.Mode, reset bool, by string) BreakerOrders {
				t.Helper()

				at = at.Add(time.Second)
				e := event.New(event.BreakerSet, at, name, "", event.BreakerSetData{Breaker: name, Mode: string(mode), Reset: reset, By: by})
				told = append(told, e.ID)

				kept, err := breakers.Order(t.Context(), resilience.Order{Dependency: name, Mode: mode, Reset: reset}, by, e)
				if err != nil {
					t.Fatal(err)
				}

				return kept
			}

			first := order("model", resilience.ForceOpen, false, "ann")
			if want := (BreakerOrders{"model", resilience.ForceOpen, 1, 0, at, "ann"}); first != want {
				t.Errorf("want %+v, got %+v", want, first)
			}

			second := order("model", resilience.Auto, true, "bob")
			if want := (BreakerOrders{"model", resilience.Auto, 2, 1, at, "bob"}); second != want {
				t.Errorf("want %+v, got %+v", want, second)
			}

			other := order("geocoder", resilience.ForceClosed, true, "ann")

			all, err := breakers.All(t.Context())
			if diff := cmp.Diff([]BreakerOrders{other, second}, all); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}

			var kept []string
			if err := d.reader.NewSelect().Table("outbox").Column("id").Where("type = 'system.breaker_set'").Order("seq").Scan(t.Context(), &kept); err != nil {
				t.Fatal(err)
			}

			if diff := cmp.Diff(told, kept); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}

			// An event that cannot be kept takes its order with it.
			bad := event.New(event.BreakerSet, at, "model", "", make(chan int))
			if _, err := breakers.Order(t.Context(), resilience.Order{Dependency: "model", Mode: resilience.ForceOpen}, "ann", bad); err == nil {
				t.Error("want an error")
			}

			if again, _ := breakers.All(t.Context()); !cmp.Equal(all, again) {
				t.Errorf("want what was kept before, got %+v", again)
			}

			if err := d.Close(); err != nil {
				t.Fatal(err)
			}

			if _, err := breakers.All(t.Context()); fault.CodeOf(err) != fault.UpstreamUnavailable {
				t.Errorf("want UPSTREAM_UNAVAILABLE of a database that is closed, got %v", err)
			}
		})
	}
}
