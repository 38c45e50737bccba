package compose_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
	"sidereal/reading"
	"sidereal/reading/compose"
	"sidereal/reading/library"
)

var update = flag.Bool("update", false, "write the example readings anew")

// examples are births that belong to nobody, chosen for what they show.
var examples = []struct {
	name, about string
	birth       chart.Birth
	options     reading.Options
	other       *chart.Birth
}{
	{
		name: "01-lisbon-comprehensive", about: "A birth in Lisbon, everything, in the tropical zodiac",
		birth: born("1984-03-11T06:20:00Z", 38.7223, -9.1393), options: reading.Options{Detail: reading.Comprehensive},
	},
	{
		name: "02-nairobi-true-sidereal", about: "A birth in Nairobi, everything, in the true sidereal zodiac of thirteen signs and whole-sign houses",
		birth: born("1991-12-08T15:05:00Z", -1.2864, 36.8172), options: reading.Options{
			Detail: reading.Comprehensive, Zodiac: chart.TrueSidereal, Houses: chart.WholeSign,
		},
	},
	{
		name: "03-oslo-standard", about: "A birth in Oslo at night",
		birth: born("1976-08-02T23:41:00Z", 59.9139, 10.7522), options: reading.Options{Detail: reading.Standard},
	},
	{
		name: "04-kyoto-standard-lahiri", about: "A birth in Kyoto in the sidereal zodiac of Lahiri",
		birth: born("2001-05-23T01:10:00Z", 35.0116, 135.7681), options: reading.Options{Detail: reading.Standard, Zodiac: chart.Lahiri},
	},
	{
		name: "05-montevideo-standard-transits", about: "A birth in Montevideo, with the sky of a day",
		birth: born("1968-10-30T12:00:00Z", -34.9011, -56.1645), options: reading.Options{
			Detail: reading.Standard, TransitsAt: time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC),
		},
	},
	{
		name: "06-chicago-standard-synastry", about: "A birth in Chicago, with the chart of another person",
		birth: born("1989-01-19T18:33:00Z", 41.8781, -87.6298), options: reading.Options{Detail: reading.Standard},
		other: new(born("1987-07-04T09:12:00Z", 51.5074, -0.1278)),
	},
	{
		name: "07-hyderabad-unknown-time", about: "A birth in Hyderabad at an hour that nobody wrote down",
		birth: unknown("1959-04-17T06:30:00Z", 17.385, 78.4867), options: reading.Options{Detail: reading.Standard},
	},
	{
		name: "08-reykjavik-brief", about: "A birth in Reykjavik, briefly",
		birth: born("1995-06-21T00:02:00Z", 64.1466, -21.9426), options: reading.Options{Detail: reading.Brief},
	},
	{
		name: "09-wellington-brief", about: "A birth in Wellington, briefly",
		birth: born("2010-09-14T20:48:00Z", -41.2866, 174.7756), options: reading.Options{Detail: reading.Brief},
	},
	{
		name: "10-recife-everything", about: "A birth in Recife with everything: the sky of a day and the chart of another person",
		birth: born("1979-02-26T03:55:00Z", -8.0476, -34.877), options: reading.Options{
			Detail: reading.Comprehensive, TransitsAt: time.Date(2027, time.March, 3, 9, 0, 0, 0, time.UTC),
		},
		other: new(unknown("1982-11-09T15:00:00Z", -8.0476, -34.877)),
	},
}

func born(at string, latitude, longitude float64) chart.Birth {
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}

	return chart.Birth{Instant: instant, TimeKnown: true, Zone: "UTC", Latitude: latitude, Longitude: longitude}
}

func unknown(at string, latitude, longitude float64) chart.Birth {
	b := born(at, latitude, longitude)
	b.TimeKnown = false

	return b
}

func composer(t testing.TB) *compose.Composer {
	t.Helper()

	texts, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}

	return compose.New(texts, casttest.Caster(t))
}

func cast(t testing.TB, b chart.Birth) *chart.Chart {
	t.Helper()

	c, err := casttest.Caster(t).Cast(b)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

func written(t testing.TB, c *compose.Composer, natal *chart.Chart, o reading.Options) []reading.Section {
	t.Helper()

	r, err := c.Plan(natal, o)
	if err != nil {
		t.Fatal(err)
	}

	var sections []reading.Section

	for section, err := range r.Write(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}

		sections = append(sections, section)
	}

	return sections
}

// TestExamplesAreWhatTheEngineWrites holds the readings under docs/examples to the engine: a change of texts or of the engine shows in them.
func TestExamplesAreWhatTheEngineWrites(t *testing.T) {
	c := composer(t)

	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			o := e.options
			if e.other != nil {
				o.With = cast(t, *e.other)
			}

			got := markdown(e.about, written(t, c, cast(t, e.birth), o))
			file := filepath.Join("..", "..", "docs", "examples", e.name+".md")

			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}

			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}

			if got != string(want) {
				t.Errorf("%s is not what the engine writes now; go test ./reading/compose -run Examples -update", file)
			}
		})
	}
}

// markdown writes a reading for people, each paragraph with the factors that it stands on.
func markdown(about string, sections []reading.Section) string {
	var out strings.Builder

	fmt.Fprintf(&out, "# %s\n", about)

	for _, s := range sections {
		fmt.Fprintf(&out, "\n## %s\n", s.Title)

		for _, p := range s.Paragraphs {
			var texts, reasons []string

			seen := map[string]bool{}

			for _, sentence := range p.Sentences {
				texts = append(texts, sentence.Text)

				for _, because := range sentence.Because {
					if !seen[because] {
						seen[because] = true
						reasons = append(reasons, because)
					}
				}
			}

			fmt.Fprintf(&out, "\n%s\n\n<sub>%s</sub>\n", strings.Join(texts, " "), strings.Join(reasons, " · "))
		}
	}

	return out.String()
}
