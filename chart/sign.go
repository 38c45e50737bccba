package chart

import (
	"math"
	"strconv"

	"sidereal/ephemeris"
)

// Sign is a sign of the zodiac. Ophiuchus, between Scorpio and Sagittarius, is a sign of the true sidereal zodiac only.
type Sign uint8

// The signs in the order of the ecliptic.
const (
	Aries Sign = iota
	Taurus
	Gemini
	Cancer
	Leo
	Virgo
	Libra
	Scorpio
	Ophiuchus
	Sagittarius
	Capricorn
	Aquarius
	Pisces
	SignCount = iota
)

var signNames = [SignCount]string{
	"Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Ophiuchus", "Sagittarius", "Capricorn", "Aquarius", "Pisces",
}

// String returns the sign's English name.
func (s Sign) String() string { return signNames[s] }

var signRulers = [SignCount]Body{Mars, Venus, Mercury, Moon, Sun, Mercury, Venus, Pluto, Chiron, Jupiter, Saturn, Uranus, Neptune}

// Ruler returns the body that rules the sign, by the modern rulerships; Chiron rules Ophiuchus.
func (s Sign) Ruler() Body { return signRulers[s] }

// TraditionalRuler returns the body that ruled the sign before Uranus, Neptune and Pluto were known (Ptolemy, Tetrabiblos I.17). Ophiuchus has no
// traditional ruler and keeps Chiron.
func (s Sign) TraditionalRuler() Body { return traditionalRulers[s] }

var traditionalRulers = [SignCount]Body{Mars, Venus, Mercury, Moon, Sun, Mercury, Venus, Mars, Chiron, Jupiter, Saturn, Saturn, Jupiter}

// Zodiac is a way to divide the ecliptic into signs.
type Zodiac uint8

// The zodiacs: twelve equal signs from the true equinox of date, the thirteen unequal constellations, and twelve equal signs from the start
// that an ayanamsa sets.
const (
	Tropical Zodiac = iota
	TrueSidereal
	Lahiri
	FaganBradley
	Krishnamurti
	Raman
	ZodiacCount = iota
)

var zodiacNames = [ZodiacCount]string{"tropical", "true sidereal", "Lahiri", "Fagan-Bradley", "Krishnamurti", "Raman"}

// String returns the zodiac's name.
func (z Zodiac) String() string { return zodiacNames[z] }

var ayanamsas = [ZodiacCount]ephemeris.AyanamsaKind{
	TrueSidereal: ephemeris.TrueSidereal,
	Lahiri:       ephemeris.Lahiri,
	FaganBradley: ephemeris.FaganBradley,
	Krishnamurti: ephemeris.Krishnamurti,
	Raman:        ephemeris.Raman,
}

// equalSign is the width of a sign in degrees, where all are alike.
const equalSign = 30.0

// equalSigns are the twelve signs that divide the ecliptic equally.
var equalSigns = [12]Sign{Aries, Taurus, Gemini, Cancer, Leo, Virgo, Libra, Scorpio, Sagittarius, Capricorn, Aquarius, Pisces}

// constellations are the starts of the thirteen true sidereal signs, in degrees from the start of Aries; the last ends at 360.
var constellations = [SignCount + 1]float64{
	0, 19.7286, 56.5875, 86.0412, 103.19, 141.6065, 191.32, 210.1972, 223.4245, 235.7818, 269.2677, 294.8435, 318.0103, circle,
}

// signAt returns the sign at a longitude that counts from the start of the zodiac, in [0, 360), and the longitudes of its start and end.
func (z Zodiac) signAt(longitude float64) (sign Sign, start, end float64) {
	if z != TrueSidereal {
		i := min(int(longitude/equalSign), len(equalSigns)-1)

		return equalSigns[i], equalSign * float64(i), equalSign * float64(i+1)
	}

	for s := range Pisces {
		if longitude < constellations[s+1] {
			return s, constellations[s], constellations[s+1]
		}
	}

	return Pisces, constellations[Pisces], circle
}

// Degree is a degree of a zodiac: a longitude with the sign that it falls in.
type Degree struct {
	Longitude    float64 // degrees from the start of the zodiac, in [0, 360)
	Sign         Sign
	DegreeInSign float64 // degrees from the start of the sign
	width        float64 // of the sign, in degrees
}

// Degree returns the degree of the zodiac at a longitude counted from the zodiac's start.
func (z Zodiac) Degree(longitude float64) Degree {
	longitude = Normalize(longitude)
	sign, start, end := z.signAt(longitude)

	return Degree{Longitude: longitude, Sign: sign, DegreeInSign: longitude - start, width: end - start}
}

// Formatted returns the place in the sign in degrees, minutes and seconds: 25°13′36″ Capricorn. It is rounded to the nearest second, but
// never into the next sign.
func (d Degree) Formatted() string {
	seconds := int(math.Round(d.DegreeInSign * 3600))
	if last := int(math.Ceil(d.width*3600)) - 1; seconds > last {
		seconds = last
	}

	two := func(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

	text := make([]byte, 0, 32) //nolint:mnd // room for the longest
	text = append(strconv.AppendInt(text, int64(seconds/3600), 10), "°"...)
	text = append(two(text, seconds/60%60), "′"...)
	text = append(two(text, seconds%60), "″ "...)

	return string(append(text, d.Sign.String()...))
}
