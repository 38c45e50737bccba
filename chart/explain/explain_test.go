package explain_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/explain"
	"sidereal/ephemeris"
	"sidereal/fault"
)

type kit struct {
	caster    *chart.Caster
	zones     *atlas.Zones
	explainer *explain.Explainer
}

func newKit(t testing.TB) kit {
	t.Helper()

	planets, err := ephemeris.Open()
	if err != nil {
		t.Fatal(err)
	}

	zones, err := atlas.OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	caster := chart.NewCaster(planets, zones)

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

var places = map[string][2]float64{
	newYorkSummer: {40.7128, -74.006}, newYorkWinter: {40.7128, -74.006}, londonDouble: {51.5074, -0.1278}, buenosAires: {-34.6037, -58.3816},
	delhi: {28.6139, 77.209}, chicagoBefore: {41.8781, -87.6298}, moscowJulian: {55.7558, 37.6173}, moscowGregor: {55.7558, 37.6173},
	amsterdamFirst: {50.8503, 4.3517}, unknownTime: {40.7128, -74.006},
}

// simulations do what another site does, by moving the birth by hand.
var simulations = []struct {
	name  string
	birth string
	do    func(*chart.Birth)
	want  explain.Kind
}{
	{"no daylight saving time", newYorkSummer, by(1), explain.NoDaylightSaving},
	{"daylight saving time in winter", newYorkWinter, by(-1), explain.ExtraDaylightSaving},
	{"no double summer time at all", londonDouble, by(2), explain.NoDaylightSaving},
	{"single for double summer time", londonDouble, by(1), explain.PartOfWarTime},
	{"the next zone to the east", newYorkSummer, by(-1), explain.NeighbourZone},
	{"the next zone to the west", newYorkWinter, by(1), explain.NeighbourZone},
	{"local time taken for UT", newYorkWinter, by(-5), explain.UniversalTime},
	{"the offset with the wrong sign", delhi, by(11), explain.ZoneSignFlipped},
	{"local mean time instead of zone time", delhi, by(5.5 - 77.209/15), explain.LocalMeanTime},
	{"zone time instead of local mean time", chicagoBefore, by(6 - 87.6298/15), explain.ZoneTime},
	{"local mean time of the zone's city", "1860-02-12 06:54 America/Chicago", func(b *chart.Birth) {}, explain.KindCount},
	{"the offset of today", amsterdamFirst, by(1172.0/3600 - 2), explain.PresentOffset},
	{"an offset rounded to minutes", amsterdamFirst, by(-28.0 / 3600), explain.RoundedOffset},
	{"a.m. for p.m.", newYorkWinter, by(-12), explain.HalfDay},
	{"noon for a known time", newYorkWinter, by(12 - 22 - 17.0/60), explain.NoonChart},
	{"midnight for a known time", newYorkSummer, by(-10.5), explain.MidnightChart},
	{"day and month swapped", newYorkWinter, func(b *chart.Birth) { b.Instant = time.Date(1990, 5, 2, 2, 17, 0, 0, time.UTC) }, explain.DayMonthSwapped}, // 1 May, in summer time
	{"a Julian date taken for Gregorian", moscowJulian, by(-13 * 24), explain.OtherCalendar},
	{"a Gregorian date taken for Julian", moscowGregor, by(13 * 24), explain.OtherCalendar},
	{"a Gregorian date turned into a Julian one", moscowGregor, by(-13 * 24), explain.OtherCalendar},
	{"the day before", buenosAires, by(-24), explain.DayOff},
	{"the day after", buenosAires, by(24), explain.DayOff},
	{"east for west", newYorkWinter, func(b *chart.Birth) { b.Longitude = 74.006 }, explain.EastWestFlipped},
	{"north for south", buenosAires, func(b *chart.Birth) { b.Latitude = 34.6037 }, explain.NorthSouthFlipped},
	{"latitude for longitude", buenosAires, func(b *chart.Birth) { b.Latitude, b.Longitude = -58.3816, -34.6037 }, explain.CoordinatesSwapped},
	{"coordinates rounded to degrees", buenosAires, func(b *chart.Birth) { b.Latitude, b.Longitude = -35, -58 }, explain.CoordinatesRounded},
	{"coordinates cut off to degrees", buenosAires, func(b *chart.Birth) { b.Latitude, b.Longitude = -34, -58 }, explain.CoordinatesRounded},
	{"coordinates rounded to tenths", delhi, func(b *chart.Birth) { b.Latitude, b.Longitude = 28.6, 77.2 }, explain.KindCount},
	{"minutes for decimals", buenosAires, func(b *chart.Birth) { b.Latitude, b.Longitude = -34.36, -58.23 }, explain.MinutesForDecimals},
	{"no place", buenosAires, func(b *chart.Birth) { b.Latitude, b.Longitude = 0, 0 }, explain.NoPlace},
	{"geocentric latitude", londonDouble, func(b *chart.Birth) { b.Latitude = 51.3193 }, explain.GeocentricLatitude}, // φ - 11.55′ sin 2φ and higher terms
	{"noon for an unknown time", unknownTime, func(b *chart.Birth) { b.TimeKnown = true }, explain.NoonChart},
	{"midnight for an unknown time", unknownTime, func(b *chart.Birth) { b.TimeKnown = true; by(-12)(b) }, explain.MidnightChart},
}

// Each cause is put to work by hand on a whole birth; from the figures that come out the cause must be found. KindCount stands for a change that is too
// small to be seen.
func TestWhatAnotherSiteDidIsFoundFromItsFigures(t *testing.T) {
	k := newKit(t)

	for _, sim := range simulations {
		t.Run(sim.name, func(t *testing.T) {
			at := places[sim.birth]
			birth := k.born(t, sim.birth, at[0], at[1])
			other := birth
			sim.do(&other)

			theirs := k.cast(t, other)
			ours := k.cast(t, birth)

			for _, minutes := range []float64{1, 60} {
				answer, err := k.explainer.Explain(ours, explain.Request{Figures: shown(theirs, chart.Tropical, minutes)})
				if err != nil {
					t.Fatal(err)
				}

				if sim.want == explain.KindCount || answer.Agrees && minutes == 60 {
					if !answer.Agrees {
						t.Errorf("rounded to %g′: want agreement, got %+v", minutes, answer)
					}

					continue
				}

				if !leads(answer, sim.want) {
					t.Errorf("rounded to %g′: want %s first, got %s", minutes, sim.want, texts(answer))
				}
			}
		})
	}
}

// leads says whether a single cause of that kind has the first rank.
func leads(a explain.Answer, kind explain.Kind) bool {
	for _, e := range a.Explanations {
		if e.Rank == 1 && len(e.Causes) == 1 && e.Causes[0].Kind == kind {
			return true
		}
	}

	return false
}

func texts(a explain.Answer) string {
	var lines []string
	for _, e := range a.Explanations {
		lines = append(lines, strings.Repeat("#", e.Rank)+" "+e.Text())
	}

	return strings.Join(lines, "\n")
}

// With figures to the minute the list must be short: the true cause and what cannot be told from it.
func TestFiguresToTheMinuteLeaveLittleElse(t *testing.T) {
	k := newKit(t)
	total, charts := 0, 0

	for _, sim := range simulations {
		at := places[sim.birth]
		birth := k.born(t, sim.birth, at[0], at[1])
		other := birth
		sim.do(&other)

		answer, err := k.explainer.Explain(k.cast(t, birth), explain.Request{Figures: shown(k.cast(t, other), chart.Tropical, 1)})
		if err != nil {
			t.Fatal(err)
		}

		total += len(answer.Explanations)
		charts++
	}

	if mean := float64(total) / float64(charts); mean > 1.6 {
		t.Errorf("want hardly more than one explanation a case, got %.2f", mean)
	}
}

// The same sky, shown otherwise.
func TestOtherConventionsAreFound(t *testing.T) {
	k := newKit(t)
	c := k.cast(t, k.born(t, newYorkSummer, 40.7128, -74.006))

	for zodiac := chart.Zodiac(1); zodiac < chart.ZodiacCount; zodiac++ {
		for _, minutes := range []float64{1, 60} {
			answer, err := k.explainer.Explain(c, explain.Request{Figures: shown(c, zodiac, minutes)})
			if err != nil {
				t.Fatal(err)
			}

			isTheirs := false
			for _, e := range answer.Explanations {
				isTheirs = isTheirs || e.Rank == 1 && e.Settings.Zodiac == zodiac
			}

			if !leads(answer, explain.OtherZodiac) || !isTheirs {
				t.Errorf("%s to %g′: got %s", zodiac, minutes, texts(answer))
			}
		}
	}

	for system := chart.HouseSystem(1); system < chart.HouseSystemCount; system++ {
		var figures []explain.Figure
		for i, cusp := range c.Houses(system, chart.Tropical).Cusps {
			figures = append(figures, explain.Figure{Point: explain.Cusp, House: i + 1, Degrees: math.Floor(cusp.Longitude*60) / 60}) // cut off, as many sites do
		}

		answer, err := k.explainer.Explain(c, explain.Request{Figures: figures})
		if err != nil || !leads(answer, explain.OtherHouseSystem) || answer.Explanations[0].Settings.HouseSystem != system {
			t.Errorf("%s: got %s, %v", system, texts(answer), err)
		}
	}

	sun, _ := c.Position(chart.Sun, chart.Tropical)
	moon, _ := c.Position(chart.Moon, chart.Tropical)
	night := chart.Normalize(c.Angles(chart.Tropical).Ascendant.Longitude + sun.Longitude - moon.Longitude) // for a birth by day
	topocentric, _ := c.Topocentric(chart.Moon)
	mean, _ := c.Position(chart.MeanNode, chart.Tropical)
	osculating, _ := c.Position(chart.OsculatingLilith, chart.Tropical)

	for _, test := range []struct {
		body      chart.Body
		longitude float64
		want      explain.Kind
	}{
		{chart.Moon, topocentric, explain.Topocentric},
		{chart.TrueNode, mean.Longitude, explain.OtherNode},
		{chart.SouthNode, math.Mod(mean.Longitude+180, 360), explain.OtherNode},
		{chart.MeanLilith, osculating.Longitude, explain.OtherLilith},
		{chart.PartOfFortune, night, explain.OtherFortune},
	} {
		figures := slices.Concat(shown(c, chart.Tropical, 1)[:3], []explain.Figure{{Point: explain.Body, Body: test.body, Degrees: test.longitude}})

		answer, err := k.explainer.Explain(c, explain.Request{Figures: figures})
		if err != nil || !leads(answer, test.want) {
			t.Errorf("%s: want %s, got %s, %v", test.body, test.want, texts(answer), err)
		}
	}
}

// Births all over the globe and the years: what was done is found, or nothing of it shows.
func TestCausesAreFoundForAnyBirth(t *testing.T) {
	k := newKit(t)
	random := rand.New(rand.NewPCG(3, 1))
	zones := []string{"America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo", "Asia/Tokyo"}
	hidden := 0

	const births = 60

	for range births {
		day := time.Date(1850+random.IntN(170), 1, 1+random.IntN(365), random.IntN(24), random.IntN(60), 0, 0, time.UTC)
		text := day.Format("2006-01-02 15:04 ") + zones[random.IntN(len(zones))]

		birth, err := k.resolve(text, -60+120*random.Float64(), -180+360*random.Float64())
		if err != nil { // a gap or an overlap
			continue
		}

		for kind, do := range map[explain.Kind]func(*chart.Birth){
			explain.HalfDay:           func(b *chart.Birth) { b.Instant = k.at(t, day.Add(12*time.Hour), day, b) },
			explain.DayOff:            func(b *chart.Birth) { b.Instant = k.at(t, day.AddDate(0, 0, -1), day.AddDate(0, 0, -1), b) },
			explain.NorthSouthFlipped: func(b *chart.Birth) { b.Latitude = -b.Latitude },
			explain.NoPlace:           func(b *chart.Birth) { b.Latitude, b.Longitude = 0, 0 },
		} {
			if kind == explain.NoPlace && birth.Resolution(k.zones).Rule == atlas.LocalMean {
				continue // its time would follow
			}

			other := birth
			do(&other)

			answer, err := k.explainer.Explain(k.cast(t, birth), explain.Request{Figures: shown(k.cast(t, other), chart.Tropical, 1)})
			if err != nil {
				t.Fatal(err)
			}

			if answer.Agrees {
				hidden++

				continue
			}

			if !leads(answer, kind) {
				t.Errorf("%s at %.4f %.4f: want %s, got %s", text, birth.Latitude, birth.Longitude, kind, texts(answer))
			}
		}
	}

	if hidden > births/10 {
		t.Errorf("%d changes do not show", hidden)
	}
}

// at returns the instant of a clock's reading, on the date of another time, in a birth's zone.
func (k kit) at(t *testing.T, clock, date time.Time, b *chart.Birth) time.Time {
	t.Helper()

	loc, err := k.zones.Location(b.Zone)
	if err != nil {
		t.Fatal(err)
	}

	return atlas.Resolve(loc, atlas.DateOf(date), atlas.ClockOf(clock), b.Longitude).Candidates[0].Instant
}

func TestPairsAreFoundWhereNoSingleCauseFits(t *testing.T) {
	k := newKit(t)

	for name, test := range map[string]struct {
		birth  string
		do     func(*chart.Birth)
		zodiac chart.Zodiac
		want   []explain.Kind
	}{
		"no daylight saving and Lahiri":    {newYorkSummer, by(1), chart.Lahiri, []explain.Kind{explain.NoDaylightSaving, explain.OtherZodiac}},
		"a.m. for p.m. and east for west":  {newYorkWinter, func(b *chart.Birth) { by(-12)(b); b.Longitude *= -1 }, chart.Tropical, []explain.Kind{explain.HalfDay, explain.EastWestFlipped}},
		"swapped date and no summer time":  {newYorkWinter, func(b *chart.Birth) { b.Instant = time.Date(1990, 5, 2, 3, 17, 0, 0, time.UTC) }, chart.Tropical, []explain.Kind{explain.DayMonthSwapped, explain.NoDaylightSaving}},
		"other calendar and UT":            {moscowJulian, by(-13*24 + 2.5047), chart.Tropical, []explain.Kind{explain.OtherCalendar, explain.UniversalTime}},
		"noon in UT for an unknown time":   {unknownTime, func(b *chart.Birth) { b.TimeKnown = true; by(-4)(b) }, chart.Tropical, []explain.Kind{explain.NoonChart, explain.UniversalTime}},
		"north for south and LMT for zone": {buenosAires, func(b *chart.Birth) { b.Latitude *= -1; by(58.3816/15 - 3)(b) }, chart.Tropical, []explain.Kind{explain.NorthSouthFlipped, explain.LocalMeanTime}},
	} {
		t.Run(name, func(t *testing.T) {
			at := places[test.birth]
			birth := k.born(t, test.birth, at[0], at[1])
			other := birth
			test.do(&other)

			answer, err := k.explainer.Explain(k.cast(t, birth), explain.Request{Figures: shown(k.cast(t, other), test.zodiac, 1)})
			if err != nil {
				t.Fatal(err)
			}

			for _, e := range answer.Explanations {
				if e.Rank == 1 && len(e.Causes) == 2 && e.Causes[0].Kind == test.want[0] && e.Causes[1].Kind == test.want[1] {
					return
				}
			}

			t.Errorf("want %v first, got %s", test.want, texts(answer))
		})
	}
}

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
