package chart_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"os"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// vectorFile lets the same tests run over other sets of the oracle: go test ./chart -run Vectors -args -vectors /tmp/seed7.jsonl.
var vectorFile = flag.String("vectors", "../ephemeris/testdata/vectors.jsonl", "reference charts, one JSON object a line")

// vector is a reference chart; ephemeris/testdata/README.md says where it comes from.
type vector struct {
	UT        time.Time            `json:"ut"`
	Lat       float64              `json:"lat"`
	Lon       float64              `json:"lon"`
	Obliquity float64              `json:"obliquity"`
	Armc      float64              `json:"armc"`
	Asc       float64              `json:"asc"`
	MC        float64              `json:"mc"`
	Vertex    float64              `json:"vertex"`
	EastPoint float64              `json:"east_point"`
	Cusps     map[string][]float64 `json:"cusps"`
	Bodies    map[string]struct {
		Lon float64 `json:"lon"`
	} `json:"bodies"`
}

func readVectors(t testing.TB) []vector {
	t.Helper()

	file, err := os.Open(*vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	var all []vector

	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)

	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}

		all = append(all, v)
	}

	if lines.Err() != nil || len(all) < 300 {
		t.Fatalf("%d vectors, %v", len(all), lines.Err())
	}

	return all
}

var vectorSystems = map[string]chart.HouseSystem{
	"placidus": chart.Placidus, "koch": chart.Koch, "porphyry": chart.Porphyry, "regiomontanus": chart.Regiomontanus, "campanus": chart.Campanus,
	"whole_sign": chart.WholeSign, "equal": chart.Equal, "alcabitius": chart.Alcabitius, "morinus": chart.Morinus,
}

func birthOf(v vector) chart.Birth {
	return chart.Birth{Instant: v.UT, TimeKnown: true, Zone: "UTC", Latitude: v.Lat, Longitude: v.Lon}
}

// arcSeconds returns how far two longitudes are apart.
func arcSeconds(got, want float64) float64 { return chart.Separation(got, want) * 3600 }

// From the reference's own sidereal time and obliquity the houses must follow to far below an arc second; this is about their formulas alone.
func TestCuspsAndAnglesFollowFromTheSkyOfTheVectors(t *testing.T) {
	const limit = 0.002 // arc seconds

	polar := 0

	for _, v := range readVectors(t) {
		angles := chart.AnglesAt(v.Armc, v.Obliquity, v.Lat)

		for name, pair := range map[string][2]float64{
			"ascendant": {angles.Ascendant, v.Asc}, "midheaven": {angles.Midheaven, v.MC},
			"vertex": {angles.Vertex, v.Vertex}, "east point": {angles.EastPoint, v.EastPoint},
		} {
			if off := arcSeconds(pair[0], pair[1]); off > limit {
				t.Errorf("%s at latitude %.4f, %s: want %.8f, got %.8f", v.UT, v.Lat, name, pair[1], pair[0])
			}
		}

		for name, system := range vectorSystems {
			want := v.Cusps[name]
			if exists := system.ExistsAt(v.Lat, v.Obliquity); exists != (want != nil) {
				t.Errorf("%s at latitude %.4f: want exists %t, got %t", name, v.Lat, want != nil, exists)
			}

			if want == nil {
				polar++

				continue
			}

			for i, got := range chart.CuspsAt(system, v.Armc, v.Obliquity, v.Lat) {
				if off := arcSeconds(got, want[i]); off > limit {
					t.Errorf("%s at latitude %.4f, %s cusp %d: want %.8f, got %.8f", v.UT, v.Lat, name, i+1, want[i], got)
				}
			}
		}
	}

	if polar == 0 {
		t.Error("no vector lies beyond the polar circles")
	}
}

// The whole way: from a birth to angles and cusps, within 1 arc second of the reference.
func TestChartsAgreeWithTheVectors(t *testing.T) {
	const limit = 1.0 // arc seconds

	caster := casttest.Caster(t)
	worst := 0.0

	for _, v := range readVectors(t) {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		check := func(name string, got, want float64) {
			off := arcSeconds(got, want)
			worst = math.Max(worst, off)

			if off > limit {
				t.Errorf("%s at latitude %.4f, %s: want %.8f, got %.8f, off by %.2f″", v.UT, v.Lat, name, want, got, off)
			}
		}

		angles := c.Angles(chart.Tropical)
		check("ascendant", angles.Ascendant.Longitude, v.Asc)
		check("midheaven", angles.Midheaven.Longitude, v.MC)
		check("vertex", angles.Vertex.Longitude, v.Vertex)
		check("east point", angles.EastPoint.Longitude, v.EastPoint)

		for name, system := range vectorSystems {
			houses := c.Houses(system, chart.Tropical)

			want := v.Cusps[name]
			if want == nil {
				if !houses.FellBack() || houses.System != chart.Porphyry || houses.FallbackReason == "" {
					t.Errorf("%s at latitude %.4f: want a fallback to Porphyry that says why, got %+v", name, v.Lat, houses.System)
				}

				want = v.Cusps["porphyry"]
			}

			for i := range want {
				check(name, houses.Cusps[i].Longitude, want[i])
			}
		}
	}

	t.Logf("largest difference %.3f″", worst)
}
