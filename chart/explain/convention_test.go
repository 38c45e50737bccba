package explain_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/explain"
)

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
