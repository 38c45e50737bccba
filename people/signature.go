package people

import (
	"math"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
)

// compared are the bodies that charts are compared by, in the order of the aspects' codes: the main ones.
var compared = [...]chart.Body{
	chart.Sun, chart.Moon, chart.Mercury, chart.Venus, chart.Mars, chart.Jupiter, chart.Saturn, chart.Uranus, chart.Neptune, chart.Pluto,
	chart.Chiron, chart.TrueNode,
}

const (
	bodyCount  = len(compared)
	pairCount  = bodyCount * (bodyCount - 1) / 2
	ascendant  = bodyCount // places in a signature's longitudes
	midheaven  = bodyCount + 1
	placeCount = bodyCount + 2

	hundredths = 100  // of a degree, in which longitudes are kept
	signWidth  = 3000 // in hundredths
	fullCircle = 36000
)

// maxDrift is how far, in degrees, a body may be from its place at noon within the day for that place to stand for it. Only the Moon moves more.
const maxDrift = 2.5

// tightOrb is the widest orb in degrees of an aspect that counts; aspects whose standard limit is narrower keep that.
const tightOrb = 3.0

// signature is all of a chart that charts are compared by, in 96 bytes.
type signature struct {
	longitudes [placeCount]uint16 // tropical, hundredths of a degree, rounded down

	// signs and degrees have a bit for each longitude: its sign is certain for every instant that the birth allows, and its degree is near enough.
	signs, degrees uint16

	aspects  [(pairCount + 1) / 2]uint8 // a nibble for each pair: 0, or the kind of its tight aspect plus 1
	patterns uint32                     // one bit for each kind, see patternBit

	// shares are how common, out of 65 535, the signs of the two angles are at their latitude, and then the degrees around them.
	shares [2][levelCount]uint16

	day      int32 // whole days since 1970 of the instant
	lifePath uint8 // 0 when unknown
	cycle    uint8 // year of the sexagenary cycle, 1 to 60; 0 when unknown
	self     float32
}

// signatureOf returns the signature of a chart. With the time unknown, the bodies stand at their places at noon, their signs count where they are the same all
// day, and nothing that the Moon's degree decides is in it.
func signatureOf(c *chart.Chart) signature {
	var drifts [bodyCount]drift

	for i, body := range compared {
		if p, _ := c.Position(body, chart.Tropical); p.Range != nil {
			drifts[i] = drift{p.Range.From, p.Range.To}
		} else {
			drifts[i] = drift{p.Longitude, p.Longitude}
		}
	}

	return newSignature(c, &drifts)
}

// signatureOfDate returns the signature of a date somewhere on Earth: like that of an unknown time, but of a day that lasts 50 hours, from its
// start in UTC+14 to its end in UTC-12.
func signatureOfDate(caster *chart.Caster, noon time.Time) (signature, error) {
	const east, west = 14 * time.Hour, 12 * time.Hour

	var drifts [bodyCount]drift

	for side, at := range []time.Time{noon.Add(-12*time.Hour - east), noon.Add(12*time.Hour + west)} {
		c, err := caster.Cast(chart.Birth{Instant: at, TimeKnown: true})
		if err != nil {
			return signature{}, err
		}

		for i, body := range compared {
			p, _ := c.Position(body, chart.Tropical)
			drifts[i][side] = p.Longitude
		}
	}

	c, err := caster.Cast(chart.Birth{Instant: noon, Zone: "UTC"})
	if err != nil {
		return signature{}, err
	}

	return newSignature(c, &drifts), nil
}

// drift is the two ends of where a body may stand, in degrees.
type drift [2]float64

func newSignature(c *chart.Chart, drifts *[bodyCount]drift) signature {
	s := signature{day: int32(math.Floor(ephemeris.JulianDay(c.Birth.Instant) - unixEpoch))}

	for i, body := range compared {
		p, _ := c.Position(body, chart.Tropical)
		from, to := drifts[i][0], drifts[i][1]

		s.longitudes[i] = hundredthsOf(p.Longitude)

		if sign := s.sign(i); signOf(hundredthsOf(from)) == sign && signOf(hundredthsOf(to)) == sign {
			s.signs |= 1 << i
		}

		if max(chart.Separation(from, p.Longitude), chart.Separation(to, p.Longitude)) <= maxDrift {
			s.degrees |= 1 << i
		}
	}

	if angles := c.Angles(chart.Tropical); angles != nil {
		s.addAngle(ascendant, angles.Ascendant.Longitude, c.Birth.Latitude)
		s.addAngle(midheaven, angles.Midheaven.Longitude, 0)
	}

	aspects := c.Aspects(chart.StandardOrbs())
	s.addAspects(aspects)
	s.addPatterns(c, aspects)
	s.addCounts(c, drifts[0])

	return s
}

// unixEpoch is the Julian day of 1970-01-01T00:00.
const unixEpoch = 2440587.5

func hundredthsOf(degrees float64) uint16 { return uint16(degrees*hundredths) % fullCircle }

// signOf returns the number of the sign, 0 to 11.
func signOf(longitude uint16) uint16 { return longitude / signWidth }

func (s *signature) sign(i int) uint16 { return signOf(s.longitudes[i]) }

// timeKnown says whether the chart has angles.
func (s *signature) timeKnown() bool { return s.degrees&(1<<ascendant) != 0 }

// addAngle adds an angle with how common it is at a latitude; degrees culminate, everywhere, as they rise at the equator.
func (s *signature) addAngle(place int, longitude, latitude float64) {
	s.longitudes[place] = hundredthsOf(longitude)
	s.signs |= 1 << place
	s.degrees |= 1 << place

	start := math.Floor(longitude/30) * 30
	shares := &s.shares[place-ascendant]
	shares[sameSign] = rising(start, start+30, latitude)

	for level := within5; level < levelCount; level++ {
		shares[level] = rising(longitude-levelDegrees[level], longitude+levelDegrees[level], latitude)
	}
}

// rising returns the share of the day, out of 65 535, in which the degrees between from and to rise at a latitude: the difference of their oblique
// ascensions (Holden, The Elements of House Division, ch. 2), with the obliquity of 2000. Beyond the polar circles, where not all degrees
// rise, it is their share of the ecliptic.
func rising(from, to, latitude float64) uint16 {
	const (
		obliquity = 23.44
		steps     = 65535
	)

	share := (to - from) / 360

	if math.Abs(latitude) < 90-obliquity-0.5 {
		share = chart.Normalize(obliqueAscension(to, latitude, obliquity)-obliqueAscension(from, latitude, obliquity)) / 360
	}

	return uint16(max(1, math.Round(share*steps)))
}

func obliqueAscension(longitude, latitude, obliquity float64) float64 {
	const radian = math.Pi / 180

	sinL, cosL := math.Sincos(longitude * radian)
	sinE, cosE := math.Sincos(obliquity * radian)
	declination := math.Asin(sinL * sinE)

	return (math.Atan2(sinL*cosE, cosL) - math.Asin(math.Tan(latitude*radian)*math.Tan(declination))) / radian
}

// pairIndex returns the place of a pair among the aspects; first is less than second.
func pairIndex(first, second int) int { return first*(2*bodyCount-first-1)/2 + second - first - 1 }

// place returns where a body stands among those compared.
func place(body chart.Body) int {
	for i, b := range compared {
		if b == body {
			return i
		}
	}

	return -1
}

// addAspects adds the tight ones of the chart's aspects, unless the unknown time leaves them open.
func (s *signature) addAspects(aspects []chart.Aspect) {
	for _, a := range aspects {
		first, second := place(a.First), place(a.Second)
		if a.Orb > tightOrb || s.degrees&(1<<first) == 0 || s.degrees&(1<<second) == 0 {
			continue
		}

		pair := pairIndex(first, second)
		s.aspects[pair/2] |= (uint8(a.Kind) + 1) << (4 * (pair % 2))
	}
}

// aspect returns the kind of a pair's tight aspect plus 1; 0 for none.
func (s *signature) aspect(pair int) uint8 { return s.aspects[pair/2] >> (4 * (pair % 2)) & 15 }

// The bits of patterns: a T-Square counts by its modality, a Grand Trine by its element, a sign stellium by its sign.
const (
	tSquareBit    = 0
	grandTrineBit = tSquareBit + chart.ModalityCount + 1 // with the mixed ones
	grandCrossBit = grandTrineBit + chart.ElementCount + 1
	yodBit        = grandCrossBit + 1
	kiteBit       = yodBit + 1
	rectangleBit  = kiteBit + 1
	stelliumBit   = rectangleBit + 1
	patternBits   = stelliumBit + int(chart.SignCount) - 1 // without Ophiuchus
	noSuchPattern = -1
)

// patternBit returns the bit of a pattern; noSuchPattern for house stellia, which a chart without a time cannot have.
func patternBit(p chart.Pattern) int {
	switch p.Kind {
	case chart.TSquare:
		return tSquareBit + int(p.Modality)
	case chart.GrandTrine:
		return grandTrineBit + int(p.Element)
	case chart.GrandCross:
		return grandCrossBit
	case chart.Yod:
		return yodBit
	case chart.Kite:
		return kiteBit
	case chart.MysticRectangle:
		return rectangleBit
	case chart.SignStellium:
		return stelliumBit + signNumber(p.Sign)
	case chart.HouseStellium:
	}

	return noSuchPattern
}

// signNumber returns the number of a tropical sign, 0 to 11.
func signNumber(sign chart.Sign) int {
	if sign > chart.Ophiuchus {
		return int(sign) - 1
	}

	return int(sign)
}

func (s *signature) addPatterns(c *chart.Chart, aspects []chart.Aspect) {
	for _, p := range c.PatternsOf(aspects, chart.Tropical, chart.WholeSign) {
		bit := patternBit(p)
		if bit == noSuchPattern {
			continue
		}

		certain := true
		for _, body := range p.Bodies {
			certain = certain && s.degrees&(1<<place(body)) != 0
		}

		if certain {
			s.patterns |= 1 << bit
		}
	}
}
