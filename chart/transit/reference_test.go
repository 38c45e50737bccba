package transit_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/transit"
	"sidereal/internal/casttest"
)

// line is an event as the reference writes it, without its instant.
func line(e transit.Event) string {
	what, target, direction := "", "", "direct"

	switch e.Kind {
	case transit.ExactAspect:
		what, target = e.Aspect.Kind.String(), e.Aspect.Target.String()
	case transit.SignIngress:
		what = e.Sign.String()
	case transit.HouseIngress:
		what = strconv.Itoa(e.House)
	case transit.Lunation:
		what = e.Phase.String()
	}

	if e.Retrograde {
		direction = "retrograde"
	}

	return fmt.Sprintf("%s,%s,%s,%s,%s", e.Kind, e.Body, what, target, direction)
}

// Two years of events are those of Swiss Ephemeris, one to one, and at the same time as far as the places of the two agree: within a second and the
// time that the body takes for 0.05 arc second; stations, where it stands still, within five minutes.
func TestEventsAreThoseOfSwissEphemeris(t *testing.T) {
	caster := casttest.Caster(t)

	events, err := transit.Events(context.Background(), caster, sample(t, caster), date(t, "2024-01-01T00:00:00Z"), date(t, "2026-01-01T00:00:00Z"), transit.EventOptions{})
	if err != nil {
		t.Fatal(err)
	}

	got := make(map[string][]transit.Event)
	for _, e := range events {
		got[line(e)] = append(got[line(e)], e)
	}

	reference := rows(t, "events.csv")
	if len(reference) != len(events) {
		t.Errorf("want %d events, got %d", len(reference), len(events))
	}

	var worst time.Duration

	for _, row := range reference {
		key := fmt.Sprintf("%s,%s,%s,%s,%s", row[1], row[2], row[3], row[4], row[5])
		if len(got[key]) == 0 {
			t.Errorf("missing: %s %s", row[0], key)

			continue
		}

		e := got[key][0]
		got[key] = got[key][1:]
		off := e.At.Sub(date(t, row[0])).Abs()

		if limit := tolerance(t, caster, e); off > limit {
			t.Errorf("%s: want %s within %s, got %s", key, row[0], limit, e.At)
		}

		if e.Kind == transit.Lunation {
			worst = max(worst, off)
		}
	}

	if worst > 500*time.Millisecond {
		t.Errorf("want lunations within half a second, got %s", worst)
	}
}

func tolerance(t *testing.T, caster *chart.Caster, e transit.Event) time.Duration {
	t.Helper()

	if e.Kind == transit.Station {
		return 5 * time.Minute
	}

	moment, err := caster.Cast(chart.Birth{Instant: e.At, TimeKnown: true, Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}

	p, _ := moment.Position(e.Body, chart.Tropical)
	days := 0.05 / 3600 / max(abs(p.Speed), 1e-4)

	return time.Second + time.Duration(days*24*float64(time.Hour))
}

func abs(x float64) float64 { return max(x, -x) }

// The eclipses of a century have the kinds that Swiss Ephemeris' own search gives them.
func TestEclipsesAreThoseOfSwissEphemeris(t *testing.T) {
	caster := casttest.Caster(t)

	events, err := transit.Events(context.Background(), caster, sample(t, caster), date(t, "1900-01-01T00:00:00Z"), date(t, "2000-01-01T00:00:00Z"),
		transit.EventOptions{Kinds: []transit.EventKind{transit.Lunation}})
	if err != nil {
		t.Fatal(err)
	}

	want := rows(t, "eclipses.csv")

	for _, e := range events {
		if e.Eclipse == transit.NoEclipse {
			continue
		}

		if len(want) == 0 {
			t.Fatalf("an eclipse too many: %s %s", e.At, e.Eclipse)
		}

		if off := e.At.Sub(date(t, want[0][0]+"T12:00:00Z")).Abs(); off > 13*time.Hour {
			t.Fatalf("want a %s on %s, got a %s at %s", want[0][1], want[0][0], e.Eclipse, e.At)
		}

		if e.Eclipse.String() != want[0][1] {
			t.Errorf("%s: want a %s, got a %s", want[0][0], want[0][1], e.Eclipse)
		}

		want = want[1:]
	}

	if len(want) > 0 {
		t.Errorf("%d eclipses are missing, the first on %s", len(want), want[0][0])
	}
}
