package ephemeris

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRangeIsTheYears1800To2399(t *testing.T) {
	e := open(t)

	for _, day := range []float64{FirstJulianDay, math.Nextafter(EndJulianDay, 0)} {
		sky := skyAt(t, e, day)
		for b := range Body(BodyCount) {
			p := sky.Position(b)
			if sum := p.Longitude + p.Latitude + p.Distance + p.LongitudeSpeed + p.LatitudeSpeed + p.DistanceSpeed; math.IsNaN(sum) || p.Distance <= 0 || p.Distance > 60 {
				t.Errorf("%s at %.6f: %+v", b, day, p)
			}
		}
	}

	for _, day := range []float64{math.Nextafter(FirstJulianDay, 0), EndJulianDay, 0, -1e300, 1e300, math.Inf(1), math.NaN()} {
		_, err := e.Sky(day)

		outside, ok := errors.AsType[*RangeError](err)
		if !ok || !strings.Contains(err.Error(), "1800-01-01T00:00Z to 2400-01-01T00:00Z") {
			t.Fatalf("day %v: want a range error that says the range, got %v", day, err)
		}

		if outside.JulianDayUT != day && !math.IsNaN(day) {
			t.Errorf("the error has the day %v, want %v", outside.JulianDayUT, day)
		}
	}
}

// The ends of the range, where the data end too, against Swiss Ephemeris 2.10.03.
func TestEndsOfTheRangeAreAsGoodAsTheMiddle(t *testing.T) {
	e := open(t)

	for _, end := range endsOfTheRange {
		sky := skyAt(t, e, end.julianDayUT)
		for b, want := range end.places {
			got := sky.Position(Body(b))
			if off := max(arc(got.Longitude, want[0]), arc(got.Latitude, want[1])); off > toleranceOf(Body(b)).most {
				t.Errorf("%s at %.4f: off by %.4f″", Body(b), end.julianDayUT, off)
			}
		}
	}
}

// A segment and its neighbour say the same where they meet.
func TestSegmentsJoin(t *testing.T) {
	e := open(t)
	all := append([]*series{e.barycentre, e.moon, e.sun}, e.bodies[Mercury:Vesta+1]...)

	for i, s := range all {
		for number := 1; number < s.segments; number++ {
			var before, after state

			joint := s.start + float64(number)*s.days
			s.at(joint-1e-9, &before)
			s.at(joint+1e-9, &after)

			most := 2e-7 * max(1, before.place.norm()) // AU: the joints of the source itself are up to 0.04 arc second wide (Juno)
			if s == e.moon {
				most = 2e-11
			}

			if gap := after.place.minus(before.place).minus(before.velocity.times(2e-9)).norm(); gap > most {
				t.Fatalf("series %d, joint %d: %.1e AU apart", i, number, gap)
			}
		}
	}
}

// One ephemeris, fresh, asked from many goroutines at the same instants, so that they meet in the unpacking of the same segments.
func TestConcurrentUseAgreesWithItself(t *testing.T) {
	fresh, want := open(t), open(t)
	days := instants()[:400]

	var group sync.WaitGroup

	for range 8 {
		group.Go(func() {
			for _, day := range days {
				got, err := fresh.Sky(day)
				if err != nil {
					t.Error(err)

					return
				}

				for _, b := range seventeen {
					got.Position(b)
				}
			}
		})
	}

	group.Wait()

	for _, day := range days {
		a, b := skyAt(t, fresh, day), skyAt(t, want, day)
		for _, body := range seventeen {
			if a.Position(body) != b.Position(body) {
				t.Fatalf("%s at %.4f differs", body, day)
			}
		}
	}
}

func TestSkyAndPositionsDoNotAllocate(t *testing.T) {
	e := open(t)
	day := 2451545.0

	charts := func() {
		day = 2451545.0

		for range 200 {
			day += 33.3

			sky, _ := e.Sky(day)
			for b := range Body(BodyCount) {
				sky.Position(b)
			}
		}
	}

	// The first run, which is not counted, unpacks the segments that are kept from then on.
	if allocations := testing.AllocsPerRun(1, charts); allocations != 0 {
		t.Errorf("%v allocations a chart, want none", allocations)
	}
}

func TestJulianDaysAreExactToTheMillisecond(t *testing.T) {
	for _, test := range []struct {
		time string
		want float64
	}{
		{"2000-01-01T12:00:00Z", 2451545},
		{"1970-01-01T00:00:00Z", 2440587.5},
		{"1800-01-01T00:00:00Z", FirstJulianDay},
		{"2400-01-01T00:00:00Z", EndJulianDay},
		{"1987-04-10T19:21:00Z", 2446896.30625}, // Meeus, Astronomical Algorithms, example 12.b
		{"1990-01-15T10:30:00-05:00", 2447907.1458333335},
		{"1858-11-17T00:00:00Z", 2400000.5},
	} {
		at, err := time.Parse(time.RFC3339, test.time)
		if err != nil {
			t.Fatal(err)
		}

		if got := JulianDay(at); got != test.want {
			t.Errorf("%s: want %v, got %v", test.time, test.want, got)
		}
	}

	const span = (EndJulianDay - FirstJulianDay) * 86400_000 // milliseconds

	first := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	for i := range int64(100_000) {
		at := time.UnixMilli(first + i*999_999_937%span).UTC()
		if got := Time(JulianDay(at)); !got.Equal(at) {
			t.Fatalf("%s comes back as %s", at, got)
		}
	}
}

func TestTrueSiderealAyanamsaGrowsWithPrecession(t *testing.T) {
	e := open(t)

	j := skyAt(t, e, j2000)
	if got := j.Ayanamsa(TrueSidereal); math.Abs(got-31.38) > 1e-7 { // TT is a minute ahead
		t.Errorf("at J2000.0: want 31.38, got %v", got)
	}

	// Capitaine, Wallace & Chapront 2003, eq. 39: 5028.796195 T + 1.1054348 T² + 0.00007964 T³ − 0.000023857 T⁴ arc seconds, by hand at T = 1.
	later := skyAt(t, e, j2000+36525)
	if want, got := 31.38+5029.901686/3600, later.Ayanamsa(TrueSidereal); math.Abs(got-want) > 1e-6 {
		t.Errorf("a century later: want %v, got %v", want, got)
	}
}

func TestAyanamsaRatesAreDerivatives(t *testing.T) {
	e := open(t)

	for k := range AyanamsaKind(AyanamsaCount) {
		const step = 0.1

		want := (skyAt(t, e, 2460000+step).Ayanamsa(k) - skyAt(t, e, 2460000-step).Ayanamsa(k)) / (2 * step)
		if got := skyAt(t, e, 2460000).AyanamsaRate(k); math.Abs(got-want) > 1e-7 {
			t.Errorf("%s: want %v, got %v degrees a day", k, want, got)
		}
	}
}

func TestDeclinationOfTheSunAtTheSolsticesIsTheObliquity(t *testing.T) {
	sky := skyAt(t, open(t), 2460000)

	for longitude, want := range map[float64]float64{90: sky.Obliquity, 270: -sky.Obliquity, 0: 0, 180: 0} {
		if got := sky.Declination(longitude, 0); math.Abs(got-want) > 1e-9 {
			t.Errorf("longitude %v: want %v, got %v", longitude, want, got)
		}
	}
	// Meeus, example 13.a: Pollux at longitude 113.215630, latitude 6.684170 has the declination 28.026183 (J2000.0 obliquity).
	sky.sinObliquity, sky.cosObliquity = math.Sincos(23.4392911 * radian)
	if got := sky.Declination(113.215630, 6.684170); math.Abs(got-28.026183) > 1e-6 {
		t.Errorf("Pollux: want 28.026183, got %v", got)
	}
}
