package people

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/numerology"
	"sidereal/internal/casttest"
)

// births draws births, near to each other as often as not, so that levels, spans and sign borders are met.
func births(t *rapid.T, label string) chart.Birth {
	first := time.Date(1800, 1, 3, 0, 0, 0, 0, time.UTC)
	minutes := rapid.OneOf(rapid.Int64Range(0, 3000), rapid.Int64Range(0, 226*365*1440)).Draw(t, label+" minutes")

	return chart.Birth{
		Instant: first.Add(time.Duration(minutes) * time.Minute), TimeKnown: rapid.Bool().Draw(t, label+" time known"), Zone: "UTC",
		Latitude: float64(rapid.IntRange(-89, 89).Draw(t, label+" latitude")), Longitude: float64(rapid.IntRange(-180, 180).Draw(t, label+" longitude")),
	}
}

func TestTheMeasureIsSymmetricAndNothingIsMoreAlikeThanTheSame(t *testing.T) {
	caster, _ := casttest.Open(t)
	table := openInformation()

	rapid.Check(t, func(t *rapid.T) {
		first, err1 := caster.Cast(births(t, "first"))
		second, err2 := caster.Cast(births(t, "second"))

		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}

		a, b := table.seal(signatureOf(first)), table.seal(signatureOf(second))
		ab, ba, aa := table.score(&a, &b), table.score(&b, &a), table.score(&a, &a)

		if ab != ba || !slices.Equal(table.reasons(&a, &b), table.reasons(&b, &a)) {
			t.Fatalf("not symmetric: %g and %g", ab, ba)
		}

		if ab > aa || ab < 0 {
			t.Fatalf("%g with another, %g with itself", ab, aa)
		}
	})
}

// naive is the measure straight from its definition: from charts, without signatures.
func naive(table *information, caster *chart.Caster, a, b *chart.Chart) float64 {
	years := math.Abs(math.Floor(a.JulianDay()-0.5)-math.Floor(b.JulianDay()-0.5)) / 365.2425
	lag := int(math.Round(years))
	sum := 0.0

	for i, body := range compared {
		best := 0.0

		for l := range level(levelCount) {
			if near(a, b, body, l) {
				best = max(best, fromSixteenths(table.bodies[lag][i][l]))
			}
		}

		sum += placeWeights[i] * best
	}

	if a.Birth.TimeKnown && b.Birth.TimeKnown {
		x, y := a.Angles(chart.Tropical), b.Angles(chart.Tropical)
		sum += angle(x.Ascendant, y.Ascendant, a.Birth.Latitude, b.Birth.Latitude) + 0.4*angle(x.Midheaven, y.Midheaven, 0, 0)
	}

	for _, x := range a.Aspects(chart.StandardOrbs()) {
		for _, y := range b.Aspects(chart.StandardOrbs()) {
			if x.First == y.First && x.Second == y.Second && x.Kind == y.Kind && x.Orb <= 3 && y.Orb <= 3 && !moved(a, b, x.First) {
				i, j := place(x.First), place(x.Second)
				weight := 0.5 * math.Sqrt(placeWeights[i]*placeWeights[j])
				sum += weight * fromSixteenths(table.aspects[spanOf(lag)][pairIndex(i, j)][x.Kind+1])
			}
		}
	}

	for bit := range patternBits {
		if hasPattern(a, bit) && hasPattern(b, bit) {
			sum += 0.4 * fromSixteenths(table.patterns[spanOf(lag)][bit])
		}
	}

	return sum + naiveCounts(table, caster, a, b, lag)
}

// moved says whether a body of either chart is the Moon at an unknown time.
func moved(a, b *chart.Chart, body ...chart.Body) bool {
	return slices.Contains(body, chart.Moon) && (!a.Birth.TimeKnown || !b.Birth.TimeKnown)
}

func near(a, b *chart.Chart, body chart.Body, l level) bool {
	x, _ := a.Position(body, chart.Tropical)
	y, _ := b.Position(body, chart.Tropical)

	if l != sameSign {
		apart := math.Abs(math.Floor(x.Longitude*100) - math.Floor(y.Longitude*100))

		return min(apart, 36000-apart) <= levelDegrees[l]*100 && !moved(a, b, body)
	}

	for _, p := range []chart.Position{x, y} {
		if p.Range != nil && (chart.Tropical.Degree(p.Range.From).Sign != p.Sign || chart.Tropical.Degree(p.Range.To).Sign != p.Sign) {
			return false
		}
	}

	return x.Sign == y.Sign
}

// angle weighs what two angles share, counting the share of the day at both latitudes in steps of a tenth of a degree of sidereal time.
func angle(x, y chart.Degree, latitudes ...float64) float64 {
	most := 0.0

	for l := range level(levelCount) {
		if l == sameSign && x.Sign != y.Sign || l != sameSign && chart.Separation(x.Longitude, y.Longitude) > levelDegrees[l] {
			continue
		}

		share := 0.0

		for i, centre := range []chart.Degree{x, y} {
			for step := range 3600 {
				at := chart.Tropical.Degree(chart.AnglesAt(float64(step)/10, 23.44, latitudes[i]).Ascendant)
				if l == sameSign && at.Sign == centre.Sign || l != sameSign && chart.Separation(at.Longitude, centre.Longitude) <= levelDegrees[l] {
					share += 0.5 / 3600
				}
			}
		}

		most = max(most, -math.Log2(share))
	}

	return most
}

func hasPattern(c *chart.Chart, bit int) bool {
	return slices.ContainsFunc(c.Patterns(chart.Tropical, chart.Placidus), func(p chart.Pattern) bool {
		return patternBit(p) == bit && !moved(c, c, p.Bodies...)
	})
}

func naiveCounts(table *information, caster *chart.Caster, a, b *chart.Chart, lag int) float64 {
	sum := 0.0
	path := func(c *chart.Chart) numerology.Number {
		d := atlas.DateOf(c.Birth.Local())

		return numerology.LifePath(d.Year, int(d.Month), d.Day)
	}

	if path(a) == path(b) {
		sum += 0.3 * fromSixteenths(table.lifePath[path(a)])
	}

	x, y := caster.ChineseSolarYear(a), caster.ChineseSolarYear(b)

	switch {
	case x.Uncertain() || y.Uncertain():
	case x.Year.Sexagenary() == y.Year.Sexagenary():
		sum += 0.3 * sharedYear(lag, 60)
	case x.Year.Animal() == y.Year.Animal():
		sum += 0.3 * sharedYear(lag, 12)
	}

	return sum
}

func TestTheMeasureIsItsDefinition(t *testing.T) {
	caster, _ := casttest.Open(t)
	table := openInformation()
	random := rand.New(rand.NewPCG(5, 6)) // the same every time

	for i := range 150 {
		x, y := randomBirth(random), randomBirth(random)
		if i%3 == 0 { // near in time, so that they share a lot
			y.Instant = x.Instant.Add(time.Duration(random.IntN(10*86400)) * time.Second)
		}

		x.TimeKnown, y.TimeKnown = i%2 == 0, i%5 != 0
		a, b := castAt(t, caster, x), castAt(t, caster, y)
		s, r := signatureOf(a), signatureOf(b)

		const tolerance = 0.15 // the shares of angles are counted in steps

		if want, got := naive(table, caster, a, b), table.raw(&s, &r); math.Abs(want-got) > tolerance {
			t.Errorf("%v and %v: want %.3f, got %.3f: %v", x.Instant, y.Instant, want, got, table.reasons(&s, &r))
		}
	}
}

func TestASlowPlanetSaysNothingAmongPeopleOfOneAge(t *testing.T) {
	table := openInformation()

	for body, most := range map[chart.Body]float64{chart.Uranus: 0.5, chart.Neptune: 0.3, chart.Pluto: 0.3} {
		if got := fromSixteenths(table.bodies[0][place(body)][sameSign]); got > most {
			t.Errorf("%s in the same sign within a year: want at most %g bits, got %g", body, most, got)
		}
	}

	for body, least := range map[chart.Body]float64{chart.Sun: 3.4, chart.Moon: 3.4, chart.Mercury: 3, chart.Venus: 3, chart.Mars: 3} {
		for _, lag := range []int{0, 1, 10, 100} {
			// What is spread evenly is shared once in twelve times, 3.58 bits.
			if got := fromSixteenths(table.bodies[lag][place(body)][sameSign]); got < least-0.3 || got > 4.2 {
				t.Errorf("%s in the same sign after %d years: want about %g bits, got %g", body, lag, least, got)
			}
		}
	}
}

func TestWithoutATimeNothingRestsOnTheMoonsDegreeOrTheAngles(t *testing.T) {
	caster, _ := casttest.Open(t)
	table := openInformation()
	birth := chart.Birth{Instant: time.Date(1990, 1, 15, 12, 0, 0, 0, time.UTC), Zone: "UTC", Latitude: 40}
	s := signatureOf(castAt(t, caster, birth))

	for _, reason := range table.reasons(&s, &s) {
		if strings.Contains(reason, "Ascendant") || strings.Contains(reason, "Midheaven") || strings.Contains(reason, "the Moon") && strings.Contains(reason, "within") {
			t.Errorf("a birth without a time shares %q", reason)
		}
	}

	date, err := signatureOfDate(caster, birth.Instant)
	if err != nil {
		t.Fatal(err)
	}

	if s.degrees&1<<place(chart.Sun) == 0 || date.degrees&s.degrees != date.degrees || date.signs&s.signs != date.signs {
		t.Errorf("want a place without a name to make no more certain: %b, %b; %b, %b", s.signs, date.signs, s.degrees, date.degrees)
	}
}

func TestTheYearOfTheCycleIsThatOfLichun(t *testing.T) {
	caster, _ := casttest.Open(t)

	for year := 1801; year < 2399; year += 13 {
		for hour := range 40 * 24 / 7 {
			at := time.Date(year, 1, 15, 7*hour, 0, 0, 0, time.UTC)

			for _, known := range []bool{true, false} {
				if !known {
					at = atlas.DateOf(at).At(atlas.Noon)
				}

				c := castAt(t, caster, chart.Birth{Instant: at, TimeKnown: known, Zone: "UTC"})
				want := caster.ChineseSolarYear(c)

				wanted := uint8(want.Year.Sexagenary())
				if want.Uncertain() {
					wanted = 0
				}

				if s := signatureOf(c); s.cycle != wanted {
					t.Fatalf("%v, time known %t: want %d, got %d", at, known, wanted, s.cycle)
				}
			}
		}
	}
}

func TestASignatureIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(signature{}); size > 96 {
		t.Errorf("want at most 96 bytes, got %d", size)
	}
}

// crowd returns an index of n people of made-up births.
func crowd(b testing.TB, n int) (*information, *index) {
	caster, _ := casttest.Open(b)
	table := openInformation()
	random := rand.New(rand.NewPCG(7, 8)) // the same every time
	x := new(index)

	for i := range n {
		birth := randomBirth(random)
		birth.TimeKnown = i%2 == 0
		x.signatures = append(x.signatures, table.seal(signatureOf(castAt(b, caster, birth))))
		x.keys = append(x.keys, Key(birth.Hash()[:2*keyBytes]))
	}

	return table, x
}

func TestTheBestAreThoseThatSortingFinds(t *testing.T) {
	table, x := crowd(t, 600)

	for _, first := range []int{1, 7, 100, 600, 700} {
		wanted := &x.signatures[first%600]
		got := x.compare(table, wanted, first)

		all := make([]found, len(x.signatures))
		for i := range all {
			all[i] = found{table.score(wanted, &x.signatures[i]), i}
		}

		slices.SortFunc(all, func(a, b found) int {
			if a.score != b.score {
				return int(math.Copysign(1, b.score-a.score))
			}

			return strings.Compare(string(x.keys[a.at]), string(x.keys[b.at]))
		})

		if want := all[:min(first, len(all))]; !slices.Equal(got, want) || got[0].at != first%600 {
			t.Errorf("first %d: want %v, got %v", first, want[:1], got[:1])
		}
	}
}

func BenchmarkMatchAmong10000(b *testing.B) {
	table, x := crowd(b, 10_000)

	for i := 0; b.Loop(); i++ {
		x.compare(table, &x.signatures[i%1000], 20)
	}
}

func BenchmarkSignature(b *testing.B) {
	caster, _ := casttest.Open(b)
	table := openInformation()
	random := rand.New(rand.NewPCG(9, 9)) // the same every time

	for b.Loop() {
		table.seal(signatureOf(castAt(b, caster, randomBirth(random))))
	}
}
