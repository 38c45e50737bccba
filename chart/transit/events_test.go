package transit_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/transit"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

// walker finds events the long way: hour by hour, by signs that change. It looks at nothing but charts that are cast for the hours.
type walker struct {
	natal  *chart.Chart
	zodiac chart.Zodiac
	system chart.HouseSystem
	found  map[string][]time.Time // by what happens, the hours' ends
}

func (w *walker) see(what string, at time.Time) { w.found[what] = append(w.found[what], at) }

// step compares two hours.
func (w *walker) step(before, after *chart.Chart) {
	at := after.Birth.Instant
	houses := w.natal.Houses(w.system, w.zodiac)

	for _, body := range chart.MainBodies() {
		p, _ := before.Position(body, w.zodiac)
		q, _ := after.Position(body, w.zodiac)

		if p.Sign != q.Sign {
			w.see(fmt.Sprintf("%s enters %s", body, q.Sign), at)
		}

		if h := houses.House(q.Longitude); h != houses.House(p.Longitude) {
			w.see(fmt.Sprintf("%s enters house %d", body, h), at)
		}

		if p.Retrograde() != q.Retrograde() {
			w.see(fmt.Sprintf("%s turns, retrograde %t", body, q.Retrograde()), at)
		}

		for _, target := range w.natal.Placed(chart.MainPoints(), w.zodiac) {
			for kind := range chart.AspectKind(chart.AspectKindCount) {
				if w.passes(p.Longitude, q.Longitude, target.Longitude, kind.Angle()) {
					w.see(fmt.Sprintf("%s %s %s", body, kind, target.Point), at)
				}
			}
		}
	}
}

func (w *walker) passes(before, after, target, angle float64) bool {
	for _, side := range []float64{angle, -angle} {
		a, b := math.Remainder(before-target-side, 360), math.Remainder(after-target-side, 360)
		if a < 0 != (b < 0) && math.Abs(a) < 90 {
			return true
		}
	}

	return false
}

func describe(e transit.Event) string {
	switch e.Kind {
	case transit.SignIngress:
		return fmt.Sprintf("%s enters %s", e.Body, e.Sign)
	case transit.HouseIngress:
		return fmt.Sprintf("%s enters house %d", e.Body, e.House)
	case transit.Station:
		return fmt.Sprintf("%s turns, retrograde %t", e.Body, e.Retrograde)
	default:
		return fmt.Sprintf("%s %s %s", e.Body, e.Aspect.Kind, e.Aspect.Target)
	}
}

// Over random charts, ranges, zodiacs and house systems the events are those that a walk by the hour sees, each in its hour. What the walk cannot see
// are pairs within one hour.
func TestEventsAreThoseOfAWalkByTheHour(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(7, 8))

	all := make([]chart.AspectKind, chart.AspectKindCount)
	for i := range all {
		all[i] = chart.AspectKind(i)
	}

	for _, test := range []struct {
		zodiac chart.Zodiac
		system chart.HouseSystem
	}{{chart.Tropical, chart.Placidus}, {chart.TrueSidereal, chart.Equal}, {chart.Lahiri, chart.WholeSign}, {chart.FaganBradley, chart.Regiomontanus}} {
		natal := randomChart(t, caster, random)
		from := date(t, "1805-01-01T00:00:00Z").AddDate(0, 0, random.IntN(580*365))
		to := from.Add(200 * 24 * time.Hour)
		w := walker{natal: natal, zodiac: test.zodiac, system: test.system, found: map[string][]time.Time{}}

		before := cast(t, caster, from.Format(time.RFC3339), 0, 0)

		for at := from.Add(time.Hour); !at.After(to); at = at.Add(time.Hour) {
			after := cast(t, caster, at.Format(time.RFC3339), 0, 0)
			w.step(before, after)
			before = after
		}

		events, err := transit.Events(context.Background(), caster, natal, from, to, transit.EventOptions{
			Kinds:  []transit.EventKind{transit.ExactAspect, transit.SignIngress, transit.HouseIngress, transit.Station},
			Bodies: chart.MainBodies(), Aspects: all, Zodiac: test.zodiac, Houses: test.system,
		})
		if err != nil {
			t.Fatal(err)
		}

		compare(t, w.found, events)
	}
}

func compare(t *testing.T, want map[string][]time.Time, events []transit.Event) {
	t.Helper()

	got := map[string][]time.Time{}
	for _, e := range events {
		got[describe(e)] = append(got[describe(e)], e.At)
	}

	for what, hours := range want {
		if len(hours) != len(got[what]) {
			t.Errorf("%s: want %v, got %v", what, hours, got[what])

			continue
		}

		for i, hour := range hours {
			if at := got[what][i]; at.After(hour.Add(time.Second)) || at.Before(hour.Add(-time.Hour-time.Second)) {
				t.Errorf("%s: want the hour before %s, got %s", what, hour, at)
			}
		}
	}

	for what, at := range got {
		if want[what] == nil {
			t.Errorf("%s at %v: the walk has not seen it", what, at)
		}
	}

	if len(events) < 1000 {
		t.Errorf("%d events are too few to tell", len(events))
	}
}

// Two ranges that meet have the events of the whole: none is lost at the seam, none comes twice.
func TestRangesThatMeetHaveTheEventsOfTheWhole(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)
	from, to := date(t, "2020-01-01T00:00:00Z"), date(t, "2022-01-01T00:00:00Z")

	find := func(from, to time.Time) []transit.Event {
		events, err := transit.Events(context.Background(), caster, natal, from, to, transit.EventOptions{})
		if err != nil {
			t.Fatal(err)
		}

		if !slices.IsSortedFunc(events, func(a, b transit.Event) int { return a.At.Compare(b.At) }) {
			t.Error("the events are not in time order")
		}

		return events
	}

	whole := find(from, to)

	for _, seam := range []time.Time{date(t, "2020-07-01T12:34:56Z"), date(t, "2021-05-26T11:00:00Z"), whole[100].At.Add(time.Second)} {
		if parts := len(find(from, seam)) + len(find(seam, to)); parts != len(whole) {
			t.Errorf("split at %s: want %d events, got %d", seam, len(whole), parts)
		}
	}
}

func TestAChartWithoutATimeHasNoHouseIngresses(t *testing.T) {
	caster := casttest.Caster(t)

	natal, err := caster.Cast(chart.Birth{Instant: date(t, "1990-01-15T17:00:00Z"), Zone: "America/New_York", UTCOffset: -5 * time.Hour, Latitude: 40.7128, Longitude: -74.006})
	if err != nil {
		t.Fatal(err)
	}

	events, err := transit.Events(context.Background(), caster, natal, date(t, "2024-01-01T00:00:00Z"), date(t, "2025-01-01T00:00:00Z"), transit.EventOptions{})
	if err != nil || len(events) < 300 {
		t.Fatalf("%d events, %v", len(events), err)
	}

	for _, e := range events {
		if e.Kind == transit.HouseIngress {
			t.Fatalf("%s enters a house", e.Body)
		}

		if e.Kind == transit.ExactAspect && e.Aspect.Target >= chart.BodyCount {
			t.Fatalf("an aspect to the %s", e.Aspect.Target)
		}
	}
}

func TestBadRangesNameTheirField(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)
	moon := transit.EventOptions{Bodies: chart.MainBodies()}

	for name, test := range map[string]struct {
		from, to string
		o        transit.EventOptions
		field    string
	}{
		"backwards":                {"2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z", transit.EventOptions{}, "to"},
		"empty":                    {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", transit.EventOptions{}, "to"},
		"too long":                 {"1900-01-01T00:00:00Z", "2000-01-01T00:00:01Z", transit.EventOptions{}, "to"},
		"too full":                 {"1900-01-01T00:00:00Z", "2000-01-01T00:00:00Z", moon, "to"},
		"starts before the sky":    {"1799-12-31T23:59:59Z", "1800-06-01T00:00:00Z", transit.EventOptions{}, "from"},
		"ends behind the sky":      {"2399-06-01T00:00:00Z", "2400-01-01T00:00:01Z", transit.EventOptions{}, "to"},
		"an unknown kind":          {"2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", transit.EventOptions{Kinds: []transit.EventKind{9}}, "kinds"},
		"an unknown aspect":        {"2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", transit.EventOptions{Aspects: []chart.AspectKind{77}}, "aspects"},
		"a body that does not run": {"2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", transit.EventOptions{Bodies: []chart.Body{chart.PartOfFortune}}, "bodies"},
	} {
		_, err := transit.Events(context.Background(), caster, natal, date(t, test.from), date(t, test.to), test.o)
		if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != test.field {
			t.Errorf("%s: want a fault of %q, got %v", name, test.field, err)
		}
	}
}

func TestTheWholeEphemerisCanBeSearched(t *testing.T) {
	caster := casttest.Caster(t)
	natal := sample(t, caster)

	for _, ends := range [][2]string{{"1800-01-01T00:00:00Z", "1801-01-01T00:00:00Z"}, {"2399-01-01T00:00:00Z", "2400-01-01T00:00:00Z"}} {
		events, err := transit.Events(context.Background(), caster, natal, date(t, ends[0]), date(t, ends[1]), transit.EventOptions{})
		if err != nil || len(events) < 300 {
			t.Errorf("%v: %d events, %v", ends, len(events), err)
		}
	}
}

func TestACancelledSearchEnds(t *testing.T) {
	caster := casttest.Caster(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()

	_, err := transit.Events(ctx, caster, sample(t, caster), date(t, "1950-01-01T00:00:00Z"), date(t, "2000-01-01T00:00:00Z"), transit.EventOptions{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's error, got %v", err)
	}
}

func BenchmarkEventsOfAYear(b *testing.B) {
	benchmarkEvents(b, transit.EventOptions{}, "2025-01-01T00:00:00Z")
}

func BenchmarkEventsOfAYearWithTheMoon(b *testing.B) {
	benchmarkEvents(b, transit.EventOptions{Bodies: chart.MainBodies()}, "2025-01-01T00:00:00Z")
}

func BenchmarkEventsOf20Years(b *testing.B) {
	benchmarkEvents(b, transit.EventOptions{}, "2044-01-01T00:00:00Z")
}

func benchmarkEvents(b *testing.B, o transit.EventOptions, to string) {
	b.Helper()

	caster := casttest.Caster(b)
	natal := sample(b, caster)

	b.ReportAllocs()

	for b.Loop() {
		if _, err := transit.Events(context.Background(), caster, natal, date(b, "2024-01-01T00:00:00Z"), date(b, to), o); err != nil {
			b.Fatal(err)
		}
	}
}
