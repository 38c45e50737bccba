package motion_test

import (
	"context"
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

var everything = flag.Bool("everything", false, "look for stations over the whole ephemeris (a minute or two)")

func open(t testing.TB) *ephemeris.Ephemeris {
	t.Helper()

	e, err := ephemeris.Open()
	if err != nil {
		t.Fatal(err)
	}

	return e
}

func follow(t testing.TB, e *ephemeris.Ephemeris, body ephemeris.Body, from, to float64) *motion.Track {
	t.Helper()

	track, err := motion.Follow(context.Background(), e, motion.Of(body), from, to, motion.Step(body))
	if err != nil {
		t.Fatal(err)
	}

	return track
}

// hours calls visit with the hours of a range and the body's place then.
func hours(t testing.TB, e *ephemeris.Ephemeris, body ephemeris.Body, from, to float64, visit func(jd float64, p ephemeris.Position)) {
	t.Helper()

	for jd := from; jd <= to; jd += 1.0 / 24 {
		sky, err := e.Sky(jd)
		if err != nil {
			t.Fatal(err)
		}

		visit(jd, sky.Position(body))
	}
}

// Every station that a walk in steps of an hour sees is found, at the hour in which the speed changes sign, and no other. With -everything the walk
// goes over the 600 years of the ephemeris.
func TestStationsAreThoseOfAWalkByTheHour(t *testing.T) {
	e := open(t)
	random := rand.New(rand.NewPCG(1, 2))

	for body := range ephemeris.Body(ephemeris.BodyCount) {
		from := ephemeris.FirstJulianDay + 10 + random.Float64()*190000
		to := from + 3000

		if *everything {
			from, to = ephemeris.FirstJulianDay, ephemeris.EndJulianDay-1
		}

		var want []float64

		previous := math.NaN()

		hours(t, e, body, from, to, func(jd float64, p ephemeris.Position) {
			if previous < 0 != (p.LongitudeSpeed < 0) && !math.IsNaN(previous) {
				want = append(want, jd)
			}

			previous = p.LongitudeSpeed
		})

		got := follow(t, e, body, from, to).Stations()
		if *everything {
			if off := max(len(want)-len(got), len(got)-len(want)); off > 6 || off%2 != 0 {
				t.Errorf("%s: want %d stations but for three pairs of turns within hours, got %d", body, len(want), len(got))
			}

			continue
		}

		if len(want) != len(got) {
			t.Errorf("%s from %f: want %d stations, got %d", body, from, len(want), len(got))

			continue
		}

		for i := range want {
			if late := want[i] - got[i].JulianDay; late < 0 || late > 1.0/24+1e-6 {
				t.Errorf("%s: want a station in the hour before %f, got %f", body, want[i], got[i].JulianDay)
			}
		}
	}
}

// Every mark that a walk in steps of an hour sees passed is found in that hour, and no other. (A walk would miss the two passages of a body that
// turns round at the mark within the hour; for these see below.)
func TestCrossingsAreThoseOfAWalkByTheHour(t *testing.T) {
	e := open(t)
	random := rand.New(rand.NewPCG(3, 4))

	marks := make([]float64, 60)
	for i := range marks {
		marks[i] = random.Float64() * 360
	}

	marks[0] = 0
	slices.Sort(marks)

	for body := range ephemeris.Body(ephemeris.BodyCount) {
		from := ephemeris.FirstJulianDay + 10 + random.Float64()*190000
		to := from + 2000

		type passage struct {
			mark int
			jd   float64
		}

		var want []passage

		previous := math.NaN()

		hours(t, e, body, from, to, func(jd float64, p ephemeris.Position) {
			for i, mark := range marks {
				before, after := math.Remainder(previous-mark, 360), math.Remainder(p.Longitude-mark, 360)
				if before < 0 != (after < 0) && math.Abs(before) < 90 {
					want = append(want, passage{i, jd})
				}
			}

			previous = p.Longitude
		})

		var got []motion.Crossing

		for c := range follow(t, e, body, from, to).Crossings(marks) {
			if len(got) > 0 && got[len(got)-1].JulianDay > c.JulianDay {
				t.Errorf("%s: %f comes before %f", body, got[len(got)-1].JulianDay, c.JulianDay)
			}

			sky, err := e.Sky(c.JulianDay)
			if err != nil {
				t.Fatal(err)
			}

			p := sky.Position(body)
			if off := math.Abs(math.Remainder(p.Longitude-marks[c.Mark], 360)) * 3600; off > 0.001 {
				t.Errorf("%s at %f is %f arc seconds from its mark", body, c.JulianDay, off)
			}

			got = append(got, c)
		}

		for _, w := range want {
			if !slices.ContainsFunc(got, func(c motion.Crossing) bool {
				return c.Mark == w.mark && c.JulianDay <= w.jd+1e-6 && c.JulianDay >= w.jd-1.0/24-1e-6
			}) {
				t.Errorf("%s: the passage over %f before %f is missing", body, marks[w.mark], w.jd)
			}
		}

		if len(want) != len(got) {
			t.Errorf("%s: want %d passages, got %d", body, len(want), len(got))
		}

		if len(want) == 0 && body != ephemeris.Pluto && body != ephemeris.Neptune {
			t.Errorf("%s passes nothing", body)
		}
	}
}

// Marks put a hundredth of an arc second inside a turning point are passed twice, minutes apart.
func TestPassagesBesideATurningPointAreBothFound(t *testing.T) {
	e := open(t)

	for _, body := range []ephemeris.Body{ephemeris.Mercury, ephemeris.Mars, ephemeris.Saturn, ephemeris.Pluto} {
		from := 2451545.0
		track := follow(t, e, body, from, from+1500)

		for _, s := range track.Stations() {
			inside, outside := s.Longitude-0.01/3600, s.Longitude+0.01/3600
			if !s.Retrograde {
				inside, outside = outside, inside
			}

			near := func(mark float64) (n int) {
				for c := range track.Crossings([]float64{mark}) {
					if math.Abs(c.JulianDay-s.JulianDay) < 2 {
						n++
					}
				}

				return n
			}

			if n := near(inside); n != 2 {
				t.Errorf("%s at %f: want 2 passages inside the turning point, got %d", body, s.JulianDay, n)
			}

			if n := near(outside); n != 0 {
				t.Errorf("%s at %f: want no passage outside the turning point, got %d", body, s.JulianDay, n)
			}
		}
	}
}

func TestRangesThatAreNoneAreRefused(t *testing.T) {
	e := open(t)

	for name, test := range map[string]struct{ from, to float64 }{
		"backwards":      {2451545, 2451544},
		"empty":          {2451545, 2451545},
		"before the sky": {ephemeris.FirstJulianDay - 1, 2451545},
		"behind the sky": {2451545, ephemeris.EndJulianDay + 1},
		"no number":      {math.NaN(), 2451545},
	} {
		if _, err := motion.Follow(context.Background(), e, motion.Of(ephemeris.Sun), test.from, test.to, 8); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}

	if _, err := motion.Follow(context.Background(), e, motion.Of(ephemeris.Sun), ephemeris.FirstJulianDay, ephemeris.EndJulianDay, 8); err != nil {
		t.Errorf("the whole range: %v", err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()

	if _, err := motion.Follow(ctx, e, motion.Of(ephemeris.Sun), ephemeris.FirstJulianDay, ephemeris.EndJulianDay, 8); err == nil {
		t.Error("a cancelled search: want an error")
	}
}

func BenchmarkFollowMercuryForAYear(b *testing.B) {
	e := open(b)
	for b.Loop() {
		follow(b, e, ephemeris.Mercury, 2451545, 2451545+365)
	}
}
