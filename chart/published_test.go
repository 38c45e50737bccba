package chart_test

import (
	"math"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// Figures that others have published, independent of the vectors:
//   - astro.com's tables for San Diego, 32n43 117w09, 2000-01-01 10:00 PST, as the tests of immanuel-python (tests/test_ephemeris.py) quote them;
//   - Kerykeion's chart of 1963-06-09 00:00 CDT, Owensboro, Kentucky (tests/aspects/expected_natal_aspects.py), which
//     was computed by Moshier's formulas, good to about a second of arc.
func TestChartsAgreeWithPublishedOnes(t *testing.T) {
	const sec = 1.0 / 3600

	sanDiego := chart.Birth{
		Instant: time.Date(2000, 1, 1, 18, 0, 0, 0, time.UTC), TimeKnown: true, Zone: "America/Los_Angeles", UTCOffset: -8 * time.Hour,
		Latitude: chart.RoundCoordinate(32 + 43/60.), Longitude: chart.RoundCoordinate(-117 - 9/60.),
	}
	owensboro := chart.Birth{
		Instant: time.Date(1963, 6, 9, 5, 0, 0, 0, time.UTC), TimeKnown: true, Zone: "America/Chicago", UTCOffset: -5 * time.Hour,
		Latitude: 37.7742, Longitude: -87.1133,
	}

	dms := func(degrees, minutes, seconds float64) float64 { return degrees + minutes/60 + seconds/3600 }
	caster := casttest.Caster(t)

	at := func(birth chart.Birth) *chart.Chart {
		c, err := caster.Cast(birth)
		if err != nil {
			t.Fatal(err)
		}

		return c
	}

	of := func(c *chart.Chart, body chart.Body) chart.Position {
		p, _ := c.Position(body, chart.Tropical)

		return p
	}

	a, k := at(sanDiego), at(owensboro)
	angles, houses := a.Angles(chart.Tropical), a.Houses(chart.Placidus, chart.Tropical)
	juno := of(a, chart.Juno)

	for name, test := range map[string]struct{ got, want, within float64 }{
		"Sun":                 {of(a, chart.Sun).Longitude, 270 + dms(10, 37, 26), sec},
		"Sun's declination":   {of(a, chart.Sun).Declination, -dms(23, 0, 45), sec},
		"Sun's speed":         {of(a, chart.Sun).Speed, dms(1, 1, 10), sec},
		"Juno":                {juno.Longitude, 270 + dms(8, 5, 21), sec},
		"Juno's latitude":     {juno.Latitude, dms(9, 26, 57), sec},
		"Juno's declination":  {juno.Declination, -dms(13, 45, 30), sec},
		"Juno's speed":        {juno.Speed, dms(0, 22, 21), sec},
		"Ascendant":           {angles.Ascendant.DegreeInSign, dms(5, 36, 38), sec},
		"second cusp":         {houses.Cusps[1].DegreeInSign, dms(17, 59, 40), sec},
		"Part of Fortune":     {of(a, chart.PartOfFortune).DegreeInSign, dms(11, 18, 41), 2 * sec},
		"true obliquity":      {a.Sky().Obliquity, 23.4376888901, 0.1 * sec},
		"delta T":             {a.Sky().DeltaT, 63.8, 0.05},
		"Owensboro: Sun":      {of(k, chart.Sun).Longitude, 77.660084667934, 1.5 * sec},
		"Owensboro: Moon":     {of(k, chart.Moon).Longitude, 278.7401852490236, 1.5 * sec},
		"Owensboro: Mercury":  {of(k, chart.Mercury).Longitude, 55.00215078213819, 1.5 * sec},
		"Owensboro: Venus":    {of(k, chart.Venus).Longitude, 55.604240358732646, 1.5 * sec},
		"Owensboro: Mars":     {of(k, chart.Mars).Longitude, 153.01187650538688, 1.5 * sec},
		"Owensboro: Jupiter":  {of(k, chart.Jupiter).Longitude, 13.911018866432478, 1.5 * sec},
		"Owensboro: Saturn":   {of(k, chart.Saturn).Longitude, 323.08350724138, 1.5 * sec},
		"Owensboro: Uranus":   {of(k, chart.Uranus).Longitude, 151.56664806991213, 1.5 * sec},
		"Owensboro: Neptune":  {of(k, chart.Neptune).Longitude, 223.4234728645222, 1.5 * sec},
		"Owensboro: Pluto":    {of(k, chart.Pluto).Longitude, 159.6256451582548, 1.5 * sec},
		"Owensboro: Chiron":   {of(k, chart.Chiron).Longitude, 344.8739690319904, 1.5 * sec},
		"Owensboro: node":     {of(k, chart.TrueNode).Longitude, 110.6397110305168, 4 * sec},
		"Owensboro: Lilith":   {of(k, chart.MeanLilith).Longitude, 215.57257521008046, 1.5 * sec},
		"Owensboro: rising":   {k.Angles(chart.Tropical).Ascendant.Longitude, 320.69667227209675, sec},
		"Owensboro: meridian": {k.Angles(chart.Tropical).Midheaven.Longitude, 246.58774889387882, sec},
	} {
		if off := math.Abs(test.got - test.want); off > test.within {
			t.Errorf("%s: want %.6f within %.2f″, got %.6f (%.2f″ off)", name, test.want, test.within*3600, test.got, off*3600)
		}
	}
}
