package explain

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
)

// search is the work on one request.
type search struct {
	*Explainer

	chart   *chart.Chart
	figures []Figure
	base    Settings
	loc     *time.Location // nil for a zone that the database does not know
	causes  []cause
	skies   map[moment]*chart.Chart
}

// moment is what a sky is cast for.
type moment struct {
	instant   int64 // Unix seconds
	timeKnown bool
}

func newSearch(e *Explainer, c *chart.Chart, r Request) *search {
	s := &search{Explainer: e, chart: c, figures: r.Figures, base: settingsOf(c, r), skies: make(map[moment]*chart.Chart)}

	if loc, err := e.zones.Location(c.Birth.Zone); err == nil {
		s.loc = loc
	}

	s.causes = s.relevant(s.allCauses())

	return s
}

// relevant leaves out the causes that cannot change any of the figures.
func (s *search) relevant(all []cause) []cause {
	has := func(test func(Figure) bool) bool { return slices.ContainsFunc(s.figures, test) }
	shows := func(bodies ...chart.Body) bool {
		return has(func(f Figure) bool { return f.Point == Body && slices.Contains(bodies, f.Body) })
	}

	matters := [stageCount]bool{
		dateStage: true, clockStage: true, offsetStage: true, zodiacStage: true,
		placeStage:    has(Figure.isAngular) || s.base.rule == atlas.LocalMean,
		latitudeStage: has(Figure.isAngular),
		houseStage:    has(func(f Figure) bool { return f.Point == Cusp }),
		nodeStage:     shows(chart.TrueNode, chart.MeanNode, chart.SouthNode),
		lilithStage:   shows(chart.MeanLilith, chart.OsculatingLilith),
		fortuneStage:  shows(chart.PartOfFortune),
		moonStage:     shows(chart.Moon),
	}

	return slices.DeleteFunc(all, func(c cause) bool { return !matters[c.stage] })
}

// attempt is a chart cast with some causes.
type attempt struct {
	causes      []Cause
	settings    Settings
	differences []Difference
	fits        bool // all figures, within what rounding or cutting off does
	near        bool // all figures, within what rounding does
	cost        int
	worst       float64 // largest difference in units of its figure's precision
}

// try casts the chart with causes, which are in the order of their stages; nil when one of them does not apply.
func (s *search) try(causes []cause) *attempt {
	a := &attempt{settings: s.base, fits: true, near: true}

	for _, c := range causes {
		before := a.settings

		if !c.apply(&a.settings) {
			return nil
		}

		s.follow(before, &a.settings)

		a.cost += c.cost
		a.causes = append(a.causes, Cause{Kind: c.kind, Text: c.text(before, a.settings)})
	}

	seen := s.cast(&a.settings)
	if seen == nil {
		return nil
	}

	a.differences = make([]Difference, len(s.figures))

	for i, f := range s.figures {
		minutes := math.NaN()
		if longitude, ok := s.longitude(f, a.settings.Zodiac); ok {
			if shown := a.settings.show(seen, f); !math.IsNaN(shown) {
				minutes = 60 * chart.Difference(longitude, shown)
			}
		}

		a.differences[i] = Difference{Figure: f, Minutes: minutes}
		a.fits = a.fits && f.fits(minutes)
		a.near = a.near && f.isNear(minutes)
		a.worst = max(a.worst, math.Abs(minutes)/f.precision())
	}

	return a
}

// follow takes along what follows from a change: the zone's offset from another reading of calendar or clock, local mean time from another longitude.
func (s *search) follow(before Settings, after *Settings) {
	isMoved := after.Date != before.Date || after.Clock != before.Clock
	isElsewhere := after.Longitude != before.Longitude && before.rule == atlas.LocalMean

	if s.loc == nil || !isMoved && !isElsewhere {
		return
	}

	chosen := atlas.Resolve(s.loc, after.Date, after.Clock, after.Longitude).Candidates[0]
	after.Offset = chosen.Offset.East
	after.rule, after.saving = atlas.RuleAt(s.loc, chosen.Instant)
}

// cast returns the chart for settings, nil outside the ephemeris. Skies are cast once for an instant.
func (s *search) cast(settings *Settings) *chart.Chart {
	key := moment{settings.Instant().Unix(), settings.TimeKnown}

	sky, known := s.skies[key]
	if !known {
		birth := s.chart.Birth
		birth.Instant, birth.TimeKnown = settings.Instant(), settings.TimeKnown

		sky, _ = s.caster.Cast(birth)
		s.skies[key] = sky
	}

	if sky == nil {
		return nil
	}

	latitude := settings.Latitude
	if settings.GeocentricLatitude {
		latitude = chart.GeocentricLatitude(latitude)
	}

	if latitude == sky.Birth.Latitude && settings.Longitude == sky.Birth.Longitude {
		return sky
	}

	return sky.SeenFrom(latitude, settings.Longitude)
}

func (s *search) singles() []*attempt {
	var found []*attempt

	for _, c := range s.causes {
		if a := s.try([]cause{c}); a != nil && a.fits {
			found = append(found, a)
		}
	}

	return found
}

func (s *search) pairs() []*attempt {
	var found []*attempt

	for i, first := range s.causes {
		for _, second := range s.causes[i+1:] {
			if first.stage == second.stage {
				continue
			}

			if a := s.try([]cause{first, second}); a != nil && a.fits {
				found = append(found, a)
			}
		}
	}

	return found
}

// mostByChance is how many pairs of causes may be expected to fit by chance, if the search for them is to mean something.
const mostByChance = 2.0

// pairsByChance estimates how many pairs would fit figures that have nothing to do with the chart. All that turns with the Earth counts as one figure, the
// finest, and the Moon as another; the others hardly move between the readings of a clock.
func (s *search) pairsByChance() float64 {
	const (
		circle   = 360 * 60 // arc minutes
		moonWalk = 14 * 60  // that the Moon moves in a day and a little, arc minutes
	)

	angle, moon := 1.0, 1.0

	for _, f := range s.figures {
		window := 2 * (f.precision() + slack)

		switch {
		case f.isAngular():
			angle = min(angle, window/circle)
		case f.Point == Body && f.Body == chart.Moon:
			moon = min(moon, window/moonWalk)
		}
	}

	n := float64(len(s.causes))

	return n * (n - 1) / 2 * angle * moon
}

// ranked orders what was found: what rounding explains first, then what is likelier, then what fits better.
func ranked(found []*attempt) []Explanation {
	slices.SortStableFunc(found, func(a, b *attempt) int {
		if a.near != b.near {
			if a.near {
				return -1
			}

			return 1
		}

		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.worst, b.worst))
	})

	explanations := make([]Explanation, 0, MaxExplanations)
	rank := 1

	for i, a := range found[:min(len(found), MaxExplanations)] {
		if i > 0 && a.near != found[i-1].near {
			rank = i + 1
		}

		explanations = append(explanations, Explanation{Rank: rank, Causes: a.causes, Settings: a.settings, Differences: a.differences})
	}

	return explanations
}
