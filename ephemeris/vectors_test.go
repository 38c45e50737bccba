package ephemeris

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"testing"
)

// vectorFile lets the same test run over other sets of the oracle: go test ./ephemeris -run Vectors -vectors /tmp/seed7.jsonl -v.
var vectorFile = flag.String("vectors", "testdata/vectors.jsonl", "reference charts, one JSON object a line")

// reference is a chart of the oracle.
type reference struct {
	JulianDayUT float64 `json:"jd_ut"`
	DeltaT      float64 `json:"delta_t"`
	Longitude   float64 `json:"lon"`
	Bodies      map[string]struct {
		Longitude float64 `json:"lon"`
		Latitude  float64 `json:"lat"`
		Distance  float64 `json:"dist"`
		Speed     float64 `json:"speed"`
	} `json:"bodies"`
	Obliquity float64            `json:"obliquity"`
	Nutation  float64            `json:"nutation_lon"`
	Ayanamsa  map[string]float64 `json:"ayanamsa"`
	ARMC      float64            `json:"armc"`
}

func references(t testing.TB) []reference {
	t.Helper()

	file, err := os.Open(*vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	var all []reference

	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)

	for lines.Scan() {
		var r reference
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}

		all = append(all, r)
	}

	if len(all) < 300 {
		t.Fatalf("%s holds %d charts, want at least 300", *vectorFile, len(all))
	}

	return all
}

func open(t testing.TB) *Ephemeris {
	t.Helper()

	e, err := Open()
	if err != nil {
		t.Fatal(err)
	}

	return e
}

func skyAt(t testing.TB, e *Ephemeris, jdUT float64) *Sky {
	t.Helper()

	s, err := e.Sky(jdUT)
	if err != nil {
		t.Fatal(err)
	}

	return &s
}

var vectorNames = [BodyCount]string{
	"sun", "moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto", "chiron", "ceres", "pallas", "juno", "vesta",
	"mean_node", "true_node", "mean_lilith", "osculating_lilith",
}

// arc returns the difference of two angles in arc seconds.
func arc(got, want float64) float64 { return math.Abs(math.Remainder(got-want, 360)) * 3600 }

// errors by size.
type deviations []float64

func (d deviations) max() float64 { return slices.Max(d) }

// typical is what 99 of 100 stay below.
func (d deviations) typical() float64 {
	sorted := slices.Sorted(slices.Values(d))

	return sorted[int(0.99*float64(len(sorted)-1))]
}

// tolerance is how far a body may be off, in arc seconds and arc seconds a day: at most, and in 99 of 100 charts.
//
// The speeds of the oracle are no exact derivatives of its places (those of the Moon are off by up to 0.28 arc second a day, as differences of its
// places show, and near the Sun's disc, where light bends most, every planet's are by more). So the bounds on speeds are the oracle's; ours
// are held to our own places in TestSpeedsAreDerivatives.
type tolerance struct{ most, typical, speed, typicalSpeed float64 }

func toleranceOf(b Body) tolerance {
	switch b {
	case Moon:
		return tolerance{0.1, 0.02, 0.4, 0.3}
	case TrueNode, OsculatingLilith:
		return tolerance{1, 0.1, 3, 0.3}
	case Sun, MeanNode, MeanLilith:
		return tolerance{0.1, 0.02, 0.02, 0.01}
	}

	return tolerance{0.1, 0.02, 1, 0.05}
}

func TestBodiesStandWhereTheVectorsSay(t *testing.T) {
	e, charts := open(t), references(t)

	for b := range Body(BodyCount) {
		limit := toleranceOf(b)

		var longitude, latitude, distance, speed deviations

		for _, want := range charts {
			reference, found := want.Bodies[vectorNames[b]]
			if !found {
				t.Fatalf("%s is not in the vectors", vectorNames[b])
			}

			got := skyAt(t, e, want.JulianDayUT).Position(b)
			longitude = append(longitude, arc(got.Longitude, reference.Longitude))
			latitude = append(latitude, arc(got.Latitude, reference.Latitude))
			distance = append(distance, math.Abs(got.Distance/reference.Distance-1))
			speed = append(speed, arc(got.LongitudeSpeed, reference.Speed))
		}

		t.Logf("%-18s longitude %.4f″ (99 %%: %.4f″), latitude %.4f″ (99 %%: %.4f″), distance %.0e, speed %.4f″ (99 %%: %.4f″) a day", b,
			longitude.max(), longitude.typical(), latitude.max(), latitude.typical(), distance.max(), speed.max(), speed.typical())

		for name, d := range map[string]deviations{"longitude": longitude, "latitude": latitude} {
			if d.max() > limit.most || d.typical() > limit.typical {
				t.Errorf("%s of %s: off by %.4f″ at most, by %.4f″ in 99 of 100; want %.2f″ and %.2f″", name, b, d.max(), d.typical(), limit.most, limit.typical)
			}
		}

		if speed.max() > limit.speed || speed.typical() > limit.typicalSpeed {
			t.Errorf("speed of %s: off by %.4f″ a day at most, by %.4f″ in 99 of 100; want %.2f″ and %.2f″", b, speed.max(), speed.typical(), limit.speed, limit.typicalSpeed)
		}

		if distance.max() > 1e-7 {
			t.Errorf("distance of %s: off by %.1e of itself", b, distance.max())
		}
	}
}

func TestScalarsAreThoseOfTheVectors(t *testing.T) {
	e, charts := open(t), references(t)
	off := map[string]deviations{}

	for _, want := range charts {
		got := skyAt(t, e, want.JulianDayUT)
		add := func(name string, deviation float64) { off[name] = append(off[name], deviation) }

		add("delta T", math.Abs(got.DeltaT-want.DeltaT))
		add("obliquity", arc(got.Obliquity, want.Obliquity))
		add("nutation", arc(got.NutationLongitude, want.Nutation))
		add("sidereal time", arc(got.SiderealTime+want.Longitude, want.ARMC))

		for k, name := range [...]string{"fagan_bradley", "lahiri", "krishnamurti", "raman"} {
			add("ayanamsa", arc(got.Ayanamsa(AyanamsaKind(k)), want.Ayanamsa[name]))
		}
	}

	for name, most := range map[string]float64{"delta T": 0.01, "obliquity": 0.01, "nutation": 0.001, "sidereal time": 0.1, "ayanamsa": 0.001} {
		t.Logf("%-14s %.5f", name, off[name].max())

		if off[name].max() > most {
			t.Errorf("%s: off by %.5f, want %.3f", name, off[name].max(), most)
		}
	}
}
