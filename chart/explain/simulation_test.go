package explain_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/explain"
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
