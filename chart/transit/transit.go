package transit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// Options choose what At looks at.
type Options struct {
	// Bodies move; the main bodies when nil. All but the Part of Fortune can be chosen.
	Bodies []chart.Body
	// Targets stand still in the chart; chart.MainPoints when nil. Those that the chart has not, for want of a time, are left out.
	Targets []chart.Point
	// Orbs are the limits; DefaultOrbs when nil. Sun and Moon count as luminaries on either side.
	Orbs *chart.Orbs
	// Zodiac is what both are counted in.
	Zodiac chart.Zodiac
}

func (o Options) filled() Options {
	if o.Bodies == nil {
		o.Bodies = chart.MainBodies()
	}

	if o.Targets == nil {
		o.Targets = chart.MainPoints()
	}

	if o.Orbs == nil {
		orbs := DefaultOrbs()
		o.Orbs = &orbs
	}

	return o
}

func (o Options) check() error {
	if err := checkMovers(o.Bodies, "bodies"); err != nil {
		return err
	}

	return chart.CheckPoints(o.Targets, "targets")
}

// Transit is an aspect of a moving body to a point of a chart.
type Transit struct {
	Body     chart.Body
	Target   chart.Point
	Kind     chart.AspectKind
	Orb      float64 // degrees from exact
	Strength float64 // weight / (1 + orb)
	Applying bool    // the orb is shrinking
	Speed    float64 // of the body in the zodiac, degrees a day
	// Uncertainty is how far the target may lie from where it is taken, because the time of birth is unknown, in degrees.
	Uncertainty float64

	Passage
}

// Passage is the stretch of time around an instant in which an aspect stays within its orb. Without an end it reaches beyond the search window.
type Passage struct {
	Enters, Leaves *time.Time
	// Exact are the instants within the passage at which the aspect is exact, in time order: none, one, or with retrograde motion up to three (five
	// and more for the outermost bodies and the nodes).
	Exact []time.Time
	// Previous and Next are the nearest exact instants at or before, and behind, the instant asked about, within the passage or not, at the same
	// longitude (a trine on the other side is another); nil when there is none in the search window.
	Previous, Next *time.Time
}

// windows are the days before and behind the instant that are searched, by body: at least the longest passage of the default orbs.
var windows = [chart.BodyCount]float64{
	chart.Sun: 370, chart.Moon: 30, chart.Mercury: 370, chart.Venus: 400, chart.Mars: 700, chart.Jupiter: 800, chart.Saturn: 1100,
	chart.Uranus: 2000, chart.Neptune: 2600, chart.Pluto: 2600, chart.Chiron: 2000, chart.Ceres: 700, chart.Pallas: 700, chart.Juno: 700,
	chart.Vesta: 700, chart.MeanNode: 200, chart.TrueNode: 150, chart.SouthNode: 150, chart.MeanLilith: 200, chart.OsculatingLilith: 100,
}

// At returns the transits to a chart at an instant, strongest first: of every body to every target the kind whose exact angle is nearest, if within
// its orb. An instant outside the ephemeris is a VALIDATION_FAILED fault of the field "at", bad options one of "bodies" or "targets".
func At(ctx context.Context, caster *chart.Caster, natal *chart.Chart, at time.Time, o Options) ([]Transit, error) {
	o = o.filled()
	if err := o.check(); err != nil {
		return nil, err
	}

	sky, err := caster.SkyAt(at, "at")
	if err != nil {
		return nil, err
	}

	targets := natal.Placed(o.Targets, o.Zodiac)
	transits := make([]Transit, 0, len(o.Bodies)*len(targets)/4)

	for _, body := range o.Bodies {
		first := len(transits)
		path, step, _ := body.Course(o.Zodiac)
		longitude, rate := path(&sky)
		moving := chart.Placed{Point: chart.Point(body), Longitude: longitude, Speed: rate}

		for _, target := range targets {
			if t, ok := between(moving, target, o.Orbs); ok {
				transits = append(transits, t)
			}
		}

		if err := passages(ctx, caster.Ephemeris(), follower{path, step, moving}, sky.JulianDayUT, transits[first:], targets, &o); err != nil {
			return nil, err
		}
	}

	slices.SortStableFunc(transits, func(a, b Transit) int { return cmp.Compare(b.Strength, a.Strength) })

	return transits, nil
}

func between(moving, target chart.Placed, orbs *chart.Orbs) (Transit, bool) {
	kind, orb, ok := orbs.Nearest(moving, target)
	if !ok {
		return Transit{}, false
	}

	return Transit{
		Body: chart.Body(moving.Point), Target: target.Point, Kind: kind, Orb: orb, Strength: kind.Weight() / (1 + orb),
		Applying: kind.Applying(moving, target), Speed: moving.Speed, Uncertainty: target.Uncertainty,
	}, true
}

// follower is how a body is followed, from where it stands at the instant asked about.
type follower struct {
	path   motion.Course
	step   float64
	moving chart.Placed
}

// edge is what it means that a body passes a mark: the aspect of a transit is exact, or at the limit of its orb.
type edge struct {
	longitude float64
	transit   int
	exact     bool
}

// passages fills in the passages of one body's transits at a Julian day.
func passages(ctx context.Context, e *ephemeris.Ephemeris, f follower, now float64, transits []Transit, targets []chart.Placed, o *Options) error {
	if len(transits) == 0 {
		return nil
	}

	window := windows[f.moving.Point]
	from, to := max(ephemeris.FirstJulianDay, now-window), min(ephemeris.EndJulianDay, now+window)

	track, err := motion.Follow(ctx, e, f.path, from, to, f.step)
	if err != nil {
		return err
	}

	edges, marks := edgesOf(transits, targets, o, f.moving.Longitude)
	for c := range track.Crossings(marks) {
		edge := edges[c.Mark]
		transits[edge.transit].pass(c.JulianDay, now, edge.exact)
	}

	return nil
}

// edgesOf returns the longitudes to look for, ascending, with what they mean.
func edgesOf(transits []Transit, targets []chart.Placed, o *Options, longitude float64) (edges []edge, marks []float64) {
	for i := range transits {
		t := &transits[i]
		at := slices.IndexFunc(targets, func(p chart.Placed) bool { return p.Point == t.Target })
		limit := o.Orbs.Limit(t.Kind, chart.Point(t.Body), t.Target)
		exact := nearest(marksOf(targets[at], t.Kind), longitude)

		edges = append(edges, edge{exact, i, true}, edge{chart.Normalize(exact - limit), i, false}, edge{chart.Normalize(exact + limit), i, false})
	}

	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.longitude, b.longitude) })

	marks = make([]float64, len(edges))
	for i, e := range edges {
		marks[i] = e.longitude
	}

	return edges, marks
}

// nearest returns the longitude of the mark that lies nearest.
func nearest(marks []mark, longitude float64) float64 {
	return slices.MinFunc(marks, func(a, b mark) int {
		return cmp.Compare(chart.Separation(a.longitude, longitude), chart.Separation(b.longitude, longitude))
	}).longitude
}

// pass takes note of a passage over an exact place or a limit of orb. Passages come in time order.
func (p *Passage) pass(jd, now float64, exact bool) {
	at := ephemeris.Time(jd)

	switch {
	case exact && jd <= now:
		p.Previous = &at
		p.Exact = append(p.Exact, at)
	case exact:
		if p.Next == nil {
			p.Next = &at
		}

		if p.Leaves == nil {
			p.Exact = append(p.Exact, at)
		}
	case jd <= now:
		p.Enters, p.Exact = &at, nil // what was exact before belongs to an earlier passage
	case p.Leaves == nil:
		p.Leaves = &at
	}
}
