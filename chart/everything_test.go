package chart_test

import (
	"testing"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// everything computes all facts of a chart in one zodiac and house system and returns how many there are.
func everything(b *testing.B, caster *chart.Caster, birth chart.Birth, zodiac chart.Zodiac, system chart.HouseSystem) int {
	b.Helper()

	c, err := caster.Cast(birth)
	if err != nil {
		b.Fatal(err)
	}

	parallels, err := c.Parallels(chart.UsualParallelOrb)
	if err != nil {
		b.Fatal(err)
	}

	aspects := c.Aspects(chart.StandardOrbs())
	facts := len(aspects) + len(c.PatternsOf(aspects, zodiac, system)) + len(parallels) + len(c.OutOfBounds()) +
		len(c.HouseRulers(system, zodiac)) + len(c.HouseSigns(system, zodiac)) + len(c.Dignities(zodiac)) + len(caster.Stations(c))

	for _, p := range c.Positions(zodiac) {
		facts += p.House(system)
	}

	if c.Angles(zodiac) != nil && c.Houses(system, zodiac) != nil && c.DominanceOf(aspects, zodiac).HasRuler && c.MoonPhase().Waxing && c.DayBirth() {
		facts++
	}

	if caster.Lunations(c).AgeDays > 0 && caster.ChineseSolarYear(c).Year == caster.ChineseLunarYear(c).Year {
		facts++
	}

	return facts
}

// BenchmarkEverything is all of a chart but its numerology, over the 300 births of the vectors.
func BenchmarkEverything(b *testing.B) {
	for _, zodiac := range []chart.Zodiac{chart.Tropical, chart.TrueSidereal} {
		b.Run(zodiac.String(), func(b *testing.B) {
			caster, births := casttest.Caster(b), births(b)
			for _, birth := range births { // the ephemeris unpacks what it needs once
				if everything(b, caster, birth, zodiac, chart.Placidus) < 100 {
					b.Fatal("most facts are missing")
				}
			}

			b.ReportAllocs()

			for i := 0; b.Loop(); i++ {
				everything(b, caster, births[i%len(births)], zodiac, chart.Placidus)
			}
		})
	}
}

func births(b *testing.B) []chart.Birth {
	b.Helper()

	var all []chart.Birth
	for _, v := range readVectors(b) {
		all = append(all, birthOf(v))
	}

	return all
}

// BenchmarkFacts shows what each of them costs.
func BenchmarkFacts(b *testing.B) {
	caster := casttest.Caster(b)

	c, err := caster.Cast(births(b)[0])
	if err != nil {
		b.Fatal(err)
	}

	aspects, orbs, lilly := c.Aspects(chart.StandardOrbs()), chart.StandardOrbs(), chart.OrbsLilly.Orbs()

	for _, fact := range []struct {
		name    string
		compute func()
	}{
		{"aspects", func() { c.Aspects(orbs) }},
		{"aspects by Lilly", func() { c.Aspects(lilly) }},
		{"patterns", func() { c.PatternsOf(aspects, chart.Tropical, chart.Placidus) }},
		{"dominance", func() { c.DominanceOf(aspects, chart.Tropical) }},
		{"house rulers", func() { c.HouseRulers(chart.Placidus, chart.Tropical) }},
		{"house signs", func() { c.HouseSigns(chart.Placidus, chart.Tropical) }},
		{"dignities", func() { c.Dignities(chart.Tropical) }},
		{"parallels", func() { _, _ = c.Parallels(chart.UsualParallelOrb) }},
		{"moon phase", func() { c.MoonPhase() }},
		{"lunations", func() { caster.Lunations(c) }},
		{"stations", func() { caster.Stations(c) }},
		{"Chinese solar year", func() { caster.ChineseSolarYear(c) }},
		{"Chinese lunar year", func() { caster.ChineseLunarYear(c) }},
	} {
		b.Run(fact.name, func(b *testing.B) {
			b.ReportAllocs()

			for b.Loop() {
				fact.compute()
			}
		})
	}
}
