package explain_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/explain"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

type kit struct {
	caster    *chart.Caster
	zones     *atlas.Zones
	explainer *explain.Explainer
}

func newKit(t testing.TB) kit {
	t.Helper()

	caster, zones := casttest.Open(t)

	return kit{caster, zones, explain.New(caster, zones)}
}

// born resolves a birth from "2006-01-02 15:04 zone", or without a time; a date with a J behind it is Julian.
func (k kit) born(t testing.TB, text string, latitude, longitude float64) chart.Birth {
	t.Helper()

	birth, err := k.resolve(text, latitude, longitude)
	if err != nil {
		t.Fatal(err)
	}

	return birth
}

func (k kit) resolve(text string, latitude, longitude float64) (chart.Birth, error) {
	fields := strings.Fields(text)
	in := chart.Input{Latitude: latitude, Longitude: longitude, Zone: fields[len(fields)-1]}

	day, isJulian := strings.CutSuffix(fields[0], "J")
	if isJulian {
		in.Calendar = atlas.Julian
	}

	var err error
	if in.Date, err = atlas.ParseDate(day); err != nil {
		return chart.Birth{}, err
	}

	if len(fields) == 3 {
		clock, err := atlas.ParseClock(fields[1])
		if err != nil {
			return chart.Birth{}, err
		}

		in.Clock = &clock
	}

	return in.Resolve(k.zones)
}

func (k kit) cast(t testing.TB, b chart.Birth) *chart.Chart {
	t.Helper()

	c, err := k.caster.Cast(b)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// by moves a birth's instant: later for hours above 0.
func by(hours float64) func(*chart.Birth) {
	return func(b *chart.Birth) { b.Instant = b.Instant.Add(time.Duration(hours * float64(time.Hour))) }
}

// shown are the figures of a chart as a site prints them, rounded to a number of arc minutes.
func shown(c *chart.Chart, zodiac chart.Zodiac, minutes float64, bodies ...chart.Body) []explain.Figure {
	var figures []explain.Figure

	add := func(point explain.PointKind, body chart.Body, d chart.Degree) {
		rounded := math.Round(d.DegreeInSign*60/minutes) * minutes / 60 // 30°00′ of a sign is 0° of the next, which is the same longitude
		figures = append(figures, explain.Figure{Point: point, Body: body, Sign: &d.Sign, Degrees: rounded, Precision: minutes})
	}

	if angles := c.Angles(zodiac); angles != nil {
		add(explain.Ascendant, 0, angles.Ascendant)
		add(explain.Midheaven, 0, angles.Midheaven)
	}

	for _, body := range append([]chart.Body{chart.Sun, chart.Moon}, bodies...) {
		if p, ok := c.Position(body, zodiac); ok {
			add(explain.Body, body, p.Degree)
		}
	}

	return figures
}

const (
	newYorkSummer  = "1990-07-05 10:30 America/New_York"
	newYorkWinter  = "1990-01-05 22:17 America/New_York"
	londonDouble   = "1944-06-06 06:30 Europe/London"
	buenosAires    = "1962-03-09 05:10 America/Argentina/Buenos_Aires"
	delhi          = "1975-11-08 03:45 Asia/Kolkata"
	chicagoBefore  = "1860-02-12 06:54 America/Chicago"
	moscowJulian   = "1905-04-11J 13:20 Europe/Moscow"
	moscowGregor   = "1905-04-24 13:20 Europe/Moscow"
	amsterdamFirst = "1929-05-04 03:00 Europe/Amsterdam"
	unknownTime    = "1990-07-05 America/New_York"
)

func TestAgreementAndDespairAreSaid(t *testing.T) {
	k := newKit(t)
	c := k.cast(t, k.born(t, newYorkSummer, 40.7128, -74.006))

	for _, minutes := range []float64{1, 60} {
		if answer, err := k.explainer.Explain(c, explain.Request{Figures: shown(c, chart.Tropical, minutes)}); err != nil || !answer.Agrees || answer.Explanations != nil {
			t.Errorf("to %g′: want agreement, got %+v, %v", minutes, answer, err)
		}
	}

	stranger := k.cast(t, k.born(t, "1971-10-17 17:43 Europe/Oslo", 59.91, 10.75))

	answer, err := k.explainer.Explain(c, explain.Request{Figures: shown(stranger, chart.Tropical, 1)})
	if err != nil || answer.Agrees || len(answer.Explanations) != 0 || answer.TooFew {
		t.Errorf("want nothing found, got %s, %+v, %v", texts(answer), answer, err)
	}

	// A whole degree of the Ascendant alone fits many a pair by chance.
	ascendant := shown(stranger, chart.Tropical, 60)[:1]
	if answer, err = k.explainer.Explain(c, explain.Request{Figures: ascendant}); err != nil || len(answer.Explanations) == 0 && !answer.TooFew {
		t.Errorf("want the answer that the figures are too few, got %+v, %v", answer, err)
	}
}

func TestExplanationsSpeakAndRepeatTheFigures(t *testing.T) {
	k := newKit(t)
	birth := k.born(t, newYorkSummer, 40.7128, -74.006)
	other := birth
	by(1)(&other)

	answer, err := k.explainer.Explain(k.cast(t, birth), explain.Request{Figures: shown(k.cast(t, other), chart.Tropical, 1)})
	if err != nil {
		t.Fatal(err)
	}

	first := answer.Explanations[0]
	if want := "The other site took no daylight saving time: it used UTC-5 instead of UTC-4."; first.Text() != want {
		t.Errorf("want %q, got %q", want, first.Text())
	}

	if !first.Settings.Instant().Equal(other.Instant) || first.Settings.Offset != -5*time.Hour {
		t.Errorf("want the settings of UTC-5, got %+v", first.Settings)
	}

	for i, d := range first.Differences {
		if math.Abs(d.Minutes) > 0.51 || math.Abs(answer.Differences[i].Minutes) < 2 {
			t.Errorf("%s: want a difference that goes from a lot to less than half a minute, got %.2f and %.2f", d.Figure, answer.Differences[i].Minutes, d.Minutes)
		}
	}
}

func TestBadFiguresNameTheirField(t *testing.T) {
	k := newKit(t)
	c := k.cast(t, k.born(t, newYorkSummer, 40.7128, -74.006))
	ophiuchus, none := chart.Ophiuchus, chart.Sign(chart.SignCount)

	for field, figures := range map[string][]explain.Figure{
		"figures":             {},
		"figures.1.degrees":   {{Point: explain.Ascendant}, {Point: explain.Midheaven, Degrees: 360}},
		"figures.0.degrees":   {{Degrees: math.NaN()}},
		"figures.0.house":     {{Point: explain.Cusp, House: 13}},
		"figures.0.sign":      {{Sign: &none}},
		"figures.0.precision": {{Precision: -1}},
		"figures.0.point":     {{Point: explain.PointKindCount}},
	} {
		_, err := k.explainer.Explain(c, explain.Request{Figures: figures})
		if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != field {
			t.Errorf("want a fault of %s, got %v", field, err)
		}
	}

	// A sign that only one zodiac has is a hint and no mistake.
	answer, err := k.explainer.Explain(c, explain.Request{Figures: []explain.Figure{{Body: chart.Sun, Sign: &ophiuchus, Degrees: 3, Precision: 60}}})
	if err != nil || answer.Agrees {
		t.Errorf("Ophiuchus in the tropical zodiac: got %+v, %v", answer, err)
	}
}

// Whatever figure comes in: an answer, or a fault that names the figures.
func FuzzFigure(f *testing.F) {
	f.Add(uint8(0), uint8(1), 0, false, uint8(0), 123.5, 0.0)
	f.Add(uint8(4), uint8(0), 11, true, uint8(8), 12.25, 60.0)

	k := newKit(f)
	c, err := k.caster.Cast(k.born(f, newYorkSummer, 40.7128, -74.006))
	if err != nil {
		f.Fatal(err)
	}

	f.Fuzz(func(t *testing.T, point, body uint8, house int, hasSign bool, sign uint8, degrees, precision float64) {
		figure := explain.Figure{Point: explain.PointKind(point), Body: chart.Body(body), House: house, Degrees: degrees, Precision: precision}
		if s := chart.Sign(sign); hasSign {
			figure.Sign = &s
		}

		answer, err := k.explainer.Explain(c, explain.Request{Figures: []explain.Figure{figure}})
		if err != nil {
			if fl, ok := fault.As(err); !ok || fl.Code != fault.ValidationFailed || !strings.HasPrefix(fl.Field, "figures.0.") {
				t.Fatalf("want a fault of the figure, got %v", err)
			}

			return
		}

		if answer.Agrees && len(answer.Explanations) > 0 {
			t.Errorf("%+v agrees and is explained: %s", figure, texts(answer))
		}

		for _, e := range answer.Explanations {
			if e.Rank < 1 || e.Text() == "" || len(e.Differences) != 1 || math.IsNaN(e.Differences[0].Minutes) {
				t.Errorf("%+v: %+v", figure, e)
			}
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	k := newKit(b)
	birth := k.born(b, newYorkWinter, 40.7128, -74.006)
	c := k.cast(b, birth)
	stranger := k.cast(b, k.born(b, "1971-10-17 17:43 Europe/Oslo", 59.91, 10.75))
	single := birth
	by(-1)(&single)

	everything := shown(stranger, chart.Tropical, 1, chart.TrueNode, chart.MeanLilith)
	for i, cusp := range stranger.Houses(chart.Koch, chart.Tropical).Cusps {
		everything = append(everything, explain.Figure{Point: explain.Cusp, House: i + 1, Degrees: cusp.Longitude})
	}

	for name, figures := range map[string][]explain.Figure{"single": shown(k.cast(b, single), chart.Tropical, 1), "nothing found": everything} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()

			for b.Loop() {
				if _, err := k.explainer.Explain(c, explain.Request{Figures: figures}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
