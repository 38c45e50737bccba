package people

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/internal/casttest"
)

var update = flag.Bool("update", false, "write data/information.bin and the golden files anew")

// The model: instants spread evenly over all years of the ephemeris, and for each whole number of years the pairs of them that are so far apart, give or
// take a year and a half.
const (
	instants = 20_000
	kernel   = 1.5 // years
	strength = 50  // of the prior, in pairs, so that what was never seen is rare rather than impossible
)

func castAt(t testing.TB, c *chart.Caster, birth chart.Birth) *chart.Chart {
	t.Helper()

	cast, err := c.Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	return cast
}

// The table is what the model gives, byte by byte; with -update it is written.
func TestTheTableOfInformationIsWhatTheModelGives(t *testing.T) {
	caster, _ := casttest.Open(t)
	sky := make([]signature, instants)
	first, days := ephemeris.FirstJulianDay, ephemeris.EndJulianDay-ephemeris.FirstJulianDay

	random := rand.New(rand.NewPCG(1, 2)) // the same every time

	for i := range sky { // one at random within each step, so that no body's period keeps step with them
		at := ephemeris.Time(first + (float64(i)+random.Float64())*days/instants).Truncate(time.Second)
		sky[i] = signatureOf(castAt(t, caster, chart.Birth{Instant: at, TimeKnown: true}))
	}

	table := new(information)
	tabulateBodies(table, sky)
	tabulateAspects(table, sky)
	tabulateLifePaths(table)
	rankRandomPairs(t, table, caster)

	var made bytes.Buffer

	table.walk(func(part []uint8) { made.Write(part) }, func(part []float32) {
		for _, v := range part {
			_ = binary.Write(&made, binary.LittleEndian, math.Float32bits(v))
		}
	})

	if *update {
		if err := os.WriteFile("data/information.bin", made.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}

		return
	}

	if !bytes.Equal(made.Bytes(), informationTable) {
		t.Error("data/information.bin is not what the model gives: run go test ./people -run Information -update")
	}
}

// pairsApart calls pair for every instant and one that is lag years later, spread evenly over the kernel.
func pairsApart(sky []signature, lag int, pair func(a, b *signature)) {
	const perYear = instants / 600.0

	for i := range sky {
		_, spread := math.Modf(float64(i) * math.Phi)

		if j := i + int(math.Round((float64(lag)+(2*spread-1)*kernel)*perYear)); j >= 0 && j < len(sky) {
			pair(&sky[i], &sky[j])
		}
	}
}

// shareLevel says whether two charts with known times have a place as near to each other as a level wants.
func shareLevel(a, b *signature, i int, l level) bool {
	if l == sameSign {
		return a.sign(i) == b.sign(i)
	}

	return float64(apart(a.longitudes[i], b.longitudes[i])) <= 100*levelDegrees[l]
}

func tabulateBodies(table *information, sky []signature) {
	for lag := range lagYears {
		var (
			shared [bodyCount][levelCount]int
			total  int
		)

		pairsApart(sky, lag, func(a, b *signature) {
			total++

			for i := range bodyCount {
				for l := range level(levelCount) {
					if shareLevel(a, b, i, l) {
						shared[i][l]++
					}
				}
			}
		})

		for i := range bodyCount {
			for l := range level(levelCount) {
				even := 1.0 / 12 // what a body spread evenly over the ecliptic shares
				if l != sameSign {
					even = 2 * levelDegrees[l] / 360
				}

				table.bodies[lag][i][l] = sixteenths((float64(shared[i][l]) + strength*even) / (float64(total) + strength))
			}
		}
	}
}

func tabulateAspects(table *information, sky []signature) {
	var base counts

	for i := range sky {
		base.add(&sky[i], &sky[i])
	}

	for span, start := range spanStarts {
		end := 140 // beyond, spans say nothing new
		if span+1 < spanCount {
			end = spanStarts[span+1]
		}

		var has, both counts

		for lag := start; lag < end; lag += max(1, (end-start)/8) {
			pairsApart(sky, lag, func(a, b *signature) {
				has.add(a, a)
				both.add(a, b)
			})
		}

		for pair := range pairCount {
			for kind := 1; kind <= chart.AspectKindCount; kind++ {
				table.aspects[span][pair][kind] = conditional(both.aspects[pair][kind], has.aspects[pair][kind], base.aspects[pair][kind])
			}
		}

		for bit := range patternBits {
			table.patterns[span][bit] = conditional(both.patterns[bit], has.patterns[bit], base.patterns[bit])
		}
	}
}

// conditional returns the information of both having what one has.
func conditional(both, has, base int) uint8 {
	common := max(float64(base), 0.5) / instants

	return sixteenths((float64(both) + strength*common) / (float64(has) + strength))
}

type counts struct {
	aspects  [pairCount][16]int
	patterns [32]int
}

// add counts what a and b share.
func (c *counts) add(a, b *signature) {
	for pair := range pairCount {
		if kind := a.aspect(pair); kind != 0 && kind == b.aspect(pair) {
			c.aspects[pair][kind]++
		}
	}

	for bit := range patternBits {
		if a.patterns&b.patterns&(1<<bit) != 0 {
			c.patterns[bit]++
		}
	}
}

func tabulateLifePaths(table *information) {
	var seen [34]int

	first, end := time.Date(chart.FirstYear, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(chart.LastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	total := 0

	for day := first; day.Before(end); day = day.AddDate(0, 0, 1) {
		seen[lifePathOf(atlas.DateOf(day))]++
		total++
	}

	for number, n := range seen {
		if n > 0 {
			table.lifePath[number] = sixteenths(float64(n) / float64(total))
		}
	}
}

// rankRandomPairs notes which share of random pairs scores less than each step: births from 1850 to 2025, up to 60 degrees north and south.
func rankRandomPairs(t *testing.T, table *information, caster *chart.Caster) {
	t.Helper()

	const births = 1500

	random := rand.New(rand.NewPCG(3, 1)) // the same every time

	var known, unknown []signature

	for range births {
		b := randomBirth(random)
		known = append(known, table.seal(signatureOf(castAt(t, caster, b))))
		b.TimeKnown = false
		unknown = append(unknown, table.seal(signatureOf(castAt(t, caster, b))))
	}

	for class, signatures := range [classCount][]signature{unknown, known} {
		var histogram [scoreSteps + 1]int

		for i := range signatures {
			for j := range i {
				histogram[min(int(table.score(&signatures[i], &signatures[j])*scoreScale), scoreSteps-1)+1]++
			}
		}

		below := 0
		for step := range scoreSteps {
			below += histogram[step]
			table.ranks[class][step] = float32(below) / (births * (births - 1) / 2)
		}
	}
}

func randomBirth(random *rand.Rand) chart.Birth {
	first := time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)
	seconds := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - first.Unix()

	return chart.Birth{
		Instant: first.Add(time.Duration(random.Int64N(seconds)) * time.Second), TimeKnown: true, Zone: "UTC",
		Latitude: chart.RoundCoordinate(120*random.Float64() - 60), Longitude: chart.RoundCoordinate(360*random.Float64() - 180),
	}
}
