package compose

import (
	"sidereal/chart"
)

// What the items of strength are worth. They are the engine's own judgement: that luminaries come first, personal planets next and slow ones last, and that
// angles and rulership lift a planet over its class, is common to the tradition (Lilly, Christian Astrology, 1647, p. 115; Hand, Horoscope Symbols, 1981).
var bodyWeights = map[chart.Point]float64{
	chart.SunPoint: 12, chart.MoonPoint: 12, chart.AscendantPoint: 11, chart.MercuryPoint: 6, chart.VenusPoint: 6, chart.MarsPoint: 6, chart.SaturnPoint: 5,
	chart.MidheavenPoint: 5, chart.JupiterPoint: 4.5, chart.UranusPoint: 3, chart.NeptunePoint: 3, chart.PlutoPoint: 3, chart.ChironPoint: 2.5,
	chart.TrueNodePoint: 2.5,
}

const (
	angleOrb       = 8.0 // degrees within which a body stands on an angle
	atAngle        = 4.0 // for a body on an angle exactly
	angularHouse   = 1.5 // houses 1, 4, 7 and 10
	succedentHouse = 0.5 // houses 2, 5, 8 and 11
	inDomicile     = 2.0
	inExaltation   = 1.5
	inDebility     = -0.5 // detriment and fall
	rulesChart     = 3.0
	minorShare     = 0.3 // of the bodies, in aspects of the lesser kinds
)

// angularity returns what nearness to the angles is worth; 0 without a time of birth.
func angularity(longitude float64, house int, angles *chart.AngleSet) float64 {
	if angles == nil {
		return 0
	}

	var worth float64

	for _, angle := range [...]chart.Degree{angles.Ascendant, angles.Midheaven, angles.Descendant, angles.ImumCoeli} {
		if apart := chart.Separation(longitude, angle.Longitude); apart < angleOrb {
			worth = max(worth, atAngle*(1-apart/angleOrb))
		}
	}

	switch house % 3 {
	case 1:
		worth += angularHouse
	case 2:
		worth += succedentHouse
	}

	return worth
}

func dignity(d *chart.Dignity) float64 {
	var worth float64
	if d.Domicile {
		worth += inDomicile
	}

	if d.Exaltation {
		worth += inExaltation
	}

	if d.Detriment || d.Fall {
		worth += inDebility
	}

	return worth
}
