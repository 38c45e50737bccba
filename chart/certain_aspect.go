package chart

import "math"

// SeparationRange returns the smallest and the largest angle between two bodies over the local day, in degrees; both are the chart's own when the time of
// birth is known.
func (c *Chart) SeparationRange(first, second Body) (low, high float64, err error) {
	if c.Birth.TimeKnown {
		apart := Separation(c.bodies[first].Longitude, c.bodies[second].Longitude)

		return apart, apart, nil
	}

	d, err := c.day()
	if err != nil {
		return 0, 0, err
	}

	moments, _, err := track{day: d, of: func(m *moment) (float64, float64) {
		a, b := m.bodies[first], m.bodies[second]

		return Difference(b.Longitude, a.Longitude), b.LongitudeSpeed - a.LongitudeSpeed
	}}.monotone()
	if err != nil {
		return 0, 0, err
	}

	apart := make([]float64, len(moments))
	for i, m := range moments {
		apart[i] = Difference(m.bodies[second].Longitude, m.bodies[first].Longitude)
	}

	low, high = math.Inf(1), math.Inf(-1)

	for i, a := range apart {
		low, high = min(low, math.Abs(a)), max(high, math.Abs(a))

		if i == 0 || apart[i-1] < 0 == (a < 0) {
			continue
		}

		if math.Abs(a) < 90 { // they passed each other
			low = 0
		} else { // they passed the opposition
			high = 180
		}
	}

	return low, high, nil
}

// AspectCertain says whether an aspect of the chart holds all day, by the limits it was found with: within its orb, and no other kind nearer. It is true
// when the time of birth is known.
func (c *Chart) AspectCertain(a Aspect, orbs Orbs) (bool, error) {
	if c.Birth.TimeKnown {
		return true, nil
	}

	low, high, err := c.SeparationRange(a.First, a.Second)
	if err != nil {
		return false, err
	}

	limit := func(kind AspectKind) float64 { return orbs.limit(kind, a.First, a.Second) }
	angle := a.Kind.Angle()
	if low < angle-limit(a.Kind) || high > angle+limit(a.Kind) {
		return false, nil
	}

	for kind := range AspectKind(AspectKindCount) { // is another nearer at some time of the day?
		from, to := kind.Angle()-limit(kind), kind.Angle()+limit(kind)
		middle := (kind.Angle() + angle) / 2

		switch {
		case kind == a.Kind:
			continue
		case kind.Angle() < angle:
			to = min(to, math.Nextafter(middle, 0))
		default:
			from = max(from, math.Nextafter(middle, circle))
		}

		if max(from, low) <= min(to, high) {
			return false, nil
		}
	}

	return true, nil
}
