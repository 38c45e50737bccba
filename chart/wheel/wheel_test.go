package wheel

import (
	"bytes"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sidereal/chart"
	"sidereal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything is all bodies.
func everything() []chart.Body {
	all := make([]chart.Body, chart.BodyCount)
	for i := range all {
		all[i] = chart.Body(i)
	}

	return all
}

func TestWheelsAreThoseOfTheGoldenFiles(t *testing.T) {
	other := cast(t, birthAt(t, "1962-02-05 00:10", 28.6, 77.2))
	unknown := cast(t, birthAt(t, "1955-02-24", 37.77, -122.42))

	for name, draw := range map[string]func() ([]byte, error){
		"sample-light-800": func() ([]byte, error) { return Draw(sample(t), Options{Size: 800}) },
		"thirteen-dark-800": func() ([]byte, error) {
			return Draw(sample(t), Options{Theme: Dark, Size: 800, Zodiac: chart.TrueSidereal, System: chart.Equal, Bodies: everything()})
		},
		"crowded-light-300": func() ([]byte, error) { return Draw(other, Options{Size: 300}) },
		"unknown-light-500": func() ([]byte, error) { return Draw(unknown, Options{Size: 500, Title: `<"Steve" & friends>`}) },
		"pair-dark-800":     func() ([]byte, error) { return DrawPair(sample(t), other, Options{Theme: Dark, Size: 800}) },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := draw()
			if err != nil {
				t.Fatal(err)
			}

			file := filepath.Join("testdata", name+".svg")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}

			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}

			if !bytes.Equal(want, got) {
				t.Errorf("%s differs; after looking at the new picture run go test -update", file)
			}
		})
	}
}

// randomBirth returns a birth within the years of the ephemeris, anywhere on Earth; one in five has no time.
func randomBirth(r *rand.Rand) chart.Birth {
	return chart.Birth{
		Instant: time.Date(1800, 1, 3, r.IntN(24), r.IntN(60), 0, 0, time.UTC).AddDate(0, 0, r.IntN(590*365)),
		Zone:    "UTC", TimeKnown: r.IntN(5) > 0, Latitude: r.Float64()*180 - 90, Longitude: r.Float64()*360 - 180,
	}
}

// Every wheel is a small, valid SVG that keeps within its frame, whatever the sky, the place and the settings.
func TestEveryWheelIsASmallValidSVGWithinItsFrame(t *testing.T) {
	const most = 40 << 10 // bytes

	r := rand.New(rand.NewPCG(1990, 115))

	for range 200 {
		c, other := cast(t, randomBirth(r)), cast(t, randomBirth(r))

		for theme := range Theme(ThemeCount) {
			opts := Options{
				Theme: theme, Size: []int{200, 399, 400, 800, 4000}[r.IntN(5)],
				Zodiac: chart.Zodiac(r.IntN(chart.ZodiacCount)), System: chart.HouseSystem(r.IntN(chart.HouseSystemCount)),
			}

			if r.IntN(2) == 0 {
				opts.Bodies = everything()
			}

			one, err := Draw(c, opts)
			if err != nil {
				t.Fatal(err)
			}

			two, err := DrawPair(c, other, opts)
			if err != nil {
				t.Fatal(err)
			}

			for _, svg := range [][]byte{one, two} {
				if len(svg) >= most {
					t.Errorf("want less than %d bytes, got %d: %s %+v", most, len(svg), c.Birth.Instant, opts)
				}

				checkFrame(t, svg)
			}
		}
	}
}

// checkFrame fails when a line reaches out of the picture.
func checkFrame(t *testing.T, svg []byte) {
	t.Helper()

	s, title, description := readSVG(t, svg)
	if title == "" || !strings.Contains(description, "Sun ") {
		t.Errorf("want a title and where the Sun is, got %q, %q", title, description)
	}

	for _, it := range s.items {
		if it.style.fill && len(it.path) == 5 { // the background
			continue
		}

		minX, minY, maxX, maxY := bounds(it.path.flatten(1))
		if edge := it.style.width / 2; min(minX, minY)-edge < 0 || max(maxX, maxY)+edge > units {
			t.Errorf("a path reaches from (%.1f, %.1f) to (%.1f, %.1f)", minX, minY, maxX, maxY)
		}
	}
}

// Twelve bodies within five degrees, wherever they are, stand in order and apart.
func TestTwelveBodiesInFiveDegreesDoNotOverlap(t *testing.T) {
	c := sample(t)

	rapid.Check(t, func(rt *rapid.T) {
		pair := rapid.Bool().Draw(rt, "pair")
		d := newDrawing(c, Options{Size: rapid.SampledFrom([]int{300, 500, 800}).Draw(rt, "size")}, layoutOf(800, pair))
		d.layout = layoutOf(d.opts.Size, pair)
		start := rapid.Float64Range(0, 359.99).Draw(rt, "start")

		var crowd []shown

		for i := range 12 {
			longitude := start + rapid.Float64Range(0, 5).Draw(rt, "within")
			p := chart.Position{Degree: chart.Tropical.Degree(longitude), Body: chart.Body(i), Speed: rapid.SampledFrom([]float64{-1, 1}).Draw(rt, "speed")}
			crowd = append(crowd, shown{Position: p, in: &d.host, marks: d.host.marks(&p)})
		}

		d.spread(crowd, &d.host)

		for i := range crowd {
			for k := range crowd[:i] {
				a, b := &crowd[i], &crowd[k]
				before, after := chart.Difference(a.Longitude, b.Longitude), chart.Difference(a.direction, b.direction)

				if before*after < 0 {
					rt.Errorf("want the order of %.3f and %.3f, got %.3f and %.3f", a.Longitude, b.Longitude, a.direction, b.direction)
				}

				checkApart(rt, d, a, b)
			}
		}
	})
}

// checkApart fails when glyphs come closer than their size, or texts overlap.
func checkApart(t *rapid.T, d *drawing, a, b *shown) {
	for i, m := range a.marks {
		for k, n := range b.marks {
			if m.height == 0 || n.height == 0 {
				continue
			}

			x1, y1 := d.spot(m.radius, a.direction)
			x2, y2 := d.spot(n.radius, b.direction)
			free := math.Abs(x1-x2) >= (m.width+n.width)/2 || math.Abs(y1-y2) >= (m.height+n.height)/2

			if i == markGlyph && k == markGlyph {
				free = math.Hypot(x1-x2, y1-y2) >= m.width
			}

			if !free {
				t.Errorf("mark %d of %v overlaps mark %d of %v", i, a.Body, k, b.Body)
			}
		}
	}
}

func TestTheAscendantIsAtTheLeftAndLongitudesGrowCounterclockwise(t *testing.T) {
	for name, test := range map[string]struct {
		c    *chart.Chart
		left float64
	}{
		"the Ascendant":                   {sample(t), sample(t).Angles(chart.Tropical).Ascendant.Longitude},
		"0 Aries when the time is hidden": {cast(t, birthAt(t, "1955-02-24", 37.77, -122.42)), 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDrawing(test.c, Options{Size: 800}, layoutOf(800, false))

			for turn, want := range map[float64]point{0: {400, 500}, 90: {500, 600}, 180: {600, 500}, 270: {500, 400}} {
				if x, y := d.spot(100, test.left+turn); math.Hypot(x-want.x, y-want.y) > 1e-9 {
					t.Errorf("%g degrees on: want %v, got %g, %g", turn, want, x, y)
				}
			}
		})
	}
}

func TestTheRingHasTheSignsOfItsZodiac(t *testing.T) {
	for zodiac := range chart.Zodiac(chart.ZodiacCount) {
		want := 12
		if zodiac == chart.TrueSidereal {
			want = 13
		}

		all := spans(zodiac)
		if len(all) != want {
			t.Errorf("%v: want %d signs, got %d", zodiac, want, len(all))
		}

		for i, s := range all {
			if s.start < s.end && zodiac.Degree(s.start+1e-6).Sign == s.sign && zodiac.Degree(s.end-1e-6).Sign == s.sign &&
				math.Abs(s.end-all[(i+1)%len(all)].start) < 1e-9+circle*float64((i+1)/len(all)) {
				continue
			}

			t.Errorf("%v: %v from %g to %g", zodiac, s.sign, s.start, s.end)
		}
	}
}

func TestWhatCannotBeDrawnIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		opts  Options
		field string
	}{
		"too small":              {Options{Size: 199}, "size"},
		"too large":              {Options{Size: 4001}, "size"},
		"no size":                {Options{}, "size"},
		"a title without end":    {Options{Size: 300, Title: strings.Repeat("x", 201)}, "title"},
		"control characters":     {Options{Size: 300, Title: "a\x00b"}, "title"},
		"bytes that are no text": {Options{Size: 300, Title: "\xff"}, "title"},
	} {
		t.Run(name, func(t *testing.T) {
			_, one := Draw(sample(t), test.opts)
			_, two := DrawPair(sample(t), sample(t), test.opts)

			for _, err := range []error{one, two} {
				if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != test.field {
					t.Errorf("want VALIDATION_FAILED of %q, got %v", test.field, err)
				}
			}
		})
	}
}

func TestScreenReadersHearTheMainPlacements(t *testing.T) {
	svg, err := Draw(sample(t), Options{Size: 300, Title: `A & B's <"chart">`})
	if err != nil {
		t.Fatal(err)
	}

	_, title, description := readSVG(t, svg)
	if title != `A & B's <"chart">` {
		t.Errorf("got the title %q", title)
	}

	for _, want := range []string{
		"Tropical zodiac, Placidus houses.", "Ascendant 5°45′ Aries, Midheaven 3°02′ Capricorn", "Sun 25°13′ Capricorn in house 11", "Mercury 11°14′ Capricorn retrograde in house 10",
	} {
		if !strings.Contains(description, want) {
			t.Errorf("want %q in %q", want, description)
		}
	}

	hidden, err := Draw(cast(t, birthAt(t, "1955-02-24", 37.77, -122.42)), Options{Size: 300})
	if err != nil {
		t.Fatal(err)
	}

	if _, title, description = readSVG(t, hidden); !strings.Contains(title, "time unknown") || strings.Contains(description, "Ascendant") ||
		strings.Contains(description, "in house") || strings.Contains(description, "Fortune") {
		t.Errorf("want nothing that needs a time, got %q, %q", title, description)
	}
}
