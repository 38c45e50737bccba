package transit_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/transit"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

// randomChart is a chart of the years 1930 to 2010 between the polar circles.
func randomChart(t testing.TB, caster *chart.Caster, random *rand.Rand) *chart.Chart {
	t.Helper()

	at := date(t, "1930-01-01T00:00:00Z").Add(time.Duration(random.Int64N(80*365*24*60)) * time.Minute)

	return cast(t, caster, at.Format(time.RFC3339), random.Float64()*120-60, random.Float64()*360-180)
}

// sight is where a body stands at an instant, by casting a chart for it: another way than the one that is tested.
func sight(t testing.TB, caster *chart.Caster, at time.Time, body chart.Body, zodiac chart.Zodiac) float64 {
	t.Helper()

	c, err := caster.Cast(chart.Birth{Instant: at, TimeKnown: true, Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}

	p, _ := c.Position(body, zodiac)

	return p.Longitude
}

// orbOf is how far an aspect is from exact at an instant.
func orbOf(t testing.TB, caster *chart.Caster, natal *chart.Chart, x *transit.Transit, at time.Time, zodiac chart.Zodiac) float64 {
	t.Helper()

	target := natal.Placed([]chart.Point{x.Target}, zodiac)[0].Longitude

	return math.Abs(chart.Separation(sight(t, caster, at, x.Body, zodiac), target) - x.Kind.Angle())
}

// A passage begins and ends at the limit of the orb, stays within it, is exact where it says so, and is applying when the orb shrinks.
func TestPassagesAreWhatTheSkyShows(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(5, 6))
	orbs := transit.DefaultOrbs()
	exact, loops := 0, 0

	for range 12 {
		natal := randomChart(t, caster, random)
		at := date(t, "1950-01-01T00:00:00Z").Add(time.Duration(random.Int64N(120*365*24*3600)) * time.Second)
		zodiac := []chart.Zodiac{chart.Tropical, chart.Lahiri, chart.TrueSidereal}[random.IntN(3)]

		transits, err := transit.At(context.Background(), caster, natal, at, transit.Options{Zodiac: zodiac})
		if err != nil {
			t.Fatal(err)
		}

		for i := range transits {
			x := &transits[i]
			limit := orbs.Limit(x.Kind, chart.Point(x.Body), x.Target)
			orb := func(at time.Time) float64 { return orbOf(t, caster, natal, x, at, zodiac) }

			if got := orb(at); math.Abs(got-x.Orb) > 1e-9 || got > limit {
				t.Errorf("%s %s %s: want the orb %f, got %f", x.Body, x.Kind, x.Target, got, x.Orb)
			}

			if applying := orb(at.Add(time.Minute)) < x.Orb; applying != x.Applying && x.Orb > 0.05 && math.Abs(x.Speed) > 1e-4 {
				t.Errorf("%s %s %s: want applying %t, got %t", x.Body, x.Kind, x.Target, applying, x.Applying)
			}

			if x.Enters == nil || x.Leaves == nil {
				t.Errorf("%s %s %s at %s: the passage does not end in its window", x.Body, x.Kind, x.Target, at)

				continue
			}

			for _, end := range []time.Time{*x.Enters, *x.Leaves} {
				if off := math.Abs(orb(end) - limit); off > 1e-5 {
					t.Errorf("%s %s %s: want the orb %f at the end %s, it is off by %f", x.Body, x.Kind, x.Target, limit, end, off)
				}
			}

			for _, e := range x.Exact {
				if off := orb(e); off > 1e-5 || e.Before(*x.Enters) || e.After(*x.Leaves) {
					t.Errorf("%s %s %s is not exact at %s but %f off", x.Body, x.Kind, x.Target, e, off)
				}
			}

			checkWithin(t, x, limit, orb)

			exact += len(x.Exact)
			if len(x.Exact) >= 3 {
				loops++
			}
		}
	}

	if exact < 100 || loops < 5 {
		t.Errorf("%d exact instants and %d loops are too few to tell", exact, loops)
	}
}

// checkWithin walks through a passage: the orb stays within the limit, and it has its lowest points at the exact instants, beside which there is no
// other that comes down to 0.
func checkWithin(t *testing.T, x *transit.Transit, limit float64, orb func(time.Time) float64) {
	t.Helper()

	const steps = 400

	stride := x.Leaves.Sub(*x.Enters) / steps
	if stride <= 0 {
		t.Errorf("%s %s %s: the passage ends before it begins", x.Body, x.Kind, x.Target)

		return
	}

	for i := 1; i < steps; i++ {
		at := x.Enters.Add(time.Duration(i) * stride)
		here := orb(at)

		if here > limit+1e-6 {
			t.Errorf("%s %s %s: the orb is %f at %s, within a passage of %f", x.Body, x.Kind, x.Target, here, at, limit)

			return
		}

		if before, after := orb(at.Add(-stride)), orb(at.Add(stride)); here < 1e-3 && here <= before && here <= after && here < math.Abs(before-here)/4 {
			near := false
			for _, e := range x.Exact {
				near = near || e.Sub(at).Abs() <= stride
			}

			if !near {
				t.Errorf("%s %s %s: exact near %s, which is not listed", x.Body, x.Kind, x.Target, at)
			}
		}
	}
}

// Previous and Next are the neighbours of the instant among all exact instants that Events knows.
func TestPreviousAndNextAreTheNeighboursAmongTheEvents(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)
	at := date(t, "2025-01-01T00:00:00Z")

	events, err := transit.Events(context.Background(), caster, natal, date(t, "2023-06-01T00:00:00Z"), date(t, "2026-06-01T00:00:00Z"), transit.EventOptions{
		Kinds: []transit.EventKind{transit.ExactAspect},
	})
	if err != nil {
		t.Fatal(err)
	}

	transits, err := transit.At(context.Background(), caster, natal, at, transit.Options{})
	if err != nil {
		t.Fatal(err)
	}

	checked := 0

	for i := range transits {
		x := &transits[i]
		if x.Next == nil || x.Kind > chart.Sextile || x.Body == chart.Moon || x.Next.After(date(t, "2026-06-01T00:00:00Z")) {
			continue
		}

		target := natal.Placed([]chart.Point{x.Target}, chart.Tropical)[0].Longitude
		side := chart.Difference(sight(t, caster, at, x.Body, chart.Tropical), target) > 0

		for _, e := range events {
			same := e.Body == x.Body && e.Aspect.Kind == x.Kind && e.Aspect.Target == x.Target && e.At.After(at)
			if !same || x.Kind != chart.Conjunction && x.Kind != chart.Opposition && chart.Difference(e.Place.Longitude, target) > 0 != side {
				continue
			}

			if !e.At.Equal(*x.Next) {
				t.Errorf("%s %s %s: want next %s, got %s", x.Body, x.Kind, x.Target, e.At, x.Next)
			}

			checked++

			break
		}
	}

	if checked < 5 {
		t.Errorf("only %d were compared", checked)
	}
}

func TestWithoutATimeThereAreNoAnglesAndTheMoonIsUncertain(t *testing.T) {
	caster := casttest.Caster(t)

	natal, err := caster.Cast(chart.Birth{Instant: date(t, "1990-01-15T17:00:00Z"), Zone: "America/New_York", UTCOffset: -5 * time.Hour, Latitude: 40.7128, Longitude: -74.006})
	if err != nil {
		t.Fatal(err)
	}

	orbs := chart.StandardOrbs()

	transits, err := transit.At(context.Background(), caster, natal, date(t, "2024-04-08T18:00:00Z"), transit.Options{Orbs: &orbs})
	if err != nil {
		t.Fatal(err)
	}

	moons := 0

	for _, x := range transits {
		if _, ok := x.Target.Body(); !ok {
			t.Errorf("an aspect to the %s", x.Target)
		}

		if x.Target == chart.Point(chart.Moon) {
			moons++

			if x.Uncertainty < 5.8 || x.Uncertainty > 8 {
				t.Errorf("want a Moon uncertain by half a day's way, got %f", x.Uncertainty)
			}
		}
	}

	if moons == 0 {
		t.Error("no aspect to the Moon to look at")
	}
}

func TestTheEndsOfTheEphemerisBoundThePassages(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)

	for _, at := range []string{"1800-01-01T00:00:00Z", "2399-12-31T23:59:59Z"} {
		transits, err := transit.At(context.Background(), caster, natal, date(t, at), transit.Options{})
		if err != nil || len(transits) == 0 {
			t.Fatalf("%s: %d transits, %v", at, len(transits), err)
		}

		open := 0

		for _, x := range transits {
			if x.Enters == nil || x.Leaves == nil {
				open++
			}
		}

		if open != len(transits) {
			t.Errorf("%s: want each passage to run beyond the ephemeris, got %d of %d", at, open, len(transits))
		}
	}
}

func TestBadQuestionsNameTheirField(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)
	sound := date(t, "2024-01-01T00:00:00Z")

	for name, test := range map[string]struct {
		at    time.Time
		o     transit.Options
		field string
	}{
		"before the ephemeris":   {date(t, "1799-12-31T23:59:59Z"), transit.Options{}, "at"},
		"behind the ephemeris":   {date(t, "2400-01-01T00:00:00Z"), transit.Options{}, "at"},
		"no body":                {sound, transit.Options{Bodies: []chart.Body{}}, "bodies"},
		"a body that is none":    {sound, transit.Options{Bodies: []chart.Body{200}}, "bodies"},
		"the same body twice":    {sound, transit.Options{Bodies: []chart.Body{chart.Mars, chart.Mars}}, "bodies"},
		"a point of the Earth":   {sound, transit.Options{Bodies: []chart.Body{chart.PartOfFortune}}, "bodies"},
		"a target that is none":  {sound, transit.Options{Targets: []chart.Point{250}}, "targets"},
		"no target in the chart": {sound, transit.Options{Targets: []chart.Point{}}, "targets"},
	} {
		_, err := transit.At(context.Background(), caster, natal, test.at, test.o)
		if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != test.field {
			t.Errorf("%s: want a fault of %q, got %v", name, test.field, err)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	caster := casttest.Caster(b)
	natal := sample(b, caster)
	at := date(b, "2024-04-08T18:00:00Z")

	b.ReportAllocs()

	for b.Loop() {
		if _, err := transit.At(context.Background(), caster, natal, at, transit.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
