package chart

// The tables of essential dignities, by the twelve signs of 30 degrees. Ophiuchus has none of them.

// none stands for no body in a table.
const none = Body(BodyCount)

// exaltations are the bodies exalted in each sign (Ptolemy, Tetrabiblos I.19).
var exaltations = [SignCount]Body{
	Aries: Sun, Taurus: Moon, Gemini: none, Cancer: Jupiter, Leo: none, Virgo: Mercury, Libra: Saturn, Scorpio: none, Ophiuchus: none,
	Sagittarius: none, Capricorn: Mars, Aquarius: none, Pisces: Venus,
}

// triplicities are the lords of each element by day, by night and in participation (Dorotheus of Sidon, Carmen Astrologicum I.1).
var triplicities = [ElementCount]struct{ day, night, partner Body }{
	Fire:  {Sun, Jupiter, Saturn},
	Earth: {Venus, Moon, Mars},
	Air:   {Saturn, Mercury, Jupiter},
	Water: {Venus, Mars, Moon},
}

// term is a part of a sign that belongs to a planet.
type term struct {
	end  float64 // degrees from the start of the sign
	lord Body
}

// terms are the Egyptian terms (Ptolemy, Tetrabiblos I.20, where they are set out before his own; Firmicus Maternus, Mathesis II.6).
var terms = [SignCount][5]term{
	Aries:       {{6, Jupiter}, {12, Venus}, {20, Mercury}, {25, Mars}, {30, Saturn}},
	Taurus:      {{8, Venus}, {14, Mercury}, {22, Jupiter}, {27, Saturn}, {30, Mars}},
	Gemini:      {{6, Mercury}, {12, Jupiter}, {17, Venus}, {24, Mars}, {30, Saturn}},
	Cancer:      {{7, Mars}, {13, Venus}, {19, Mercury}, {26, Jupiter}, {30, Saturn}},
	Leo:         {{6, Jupiter}, {11, Venus}, {18, Saturn}, {24, Mercury}, {30, Mars}},
	Virgo:       {{7, Mercury}, {17, Venus}, {21, Jupiter}, {28, Mars}, {30, Saturn}},
	Libra:       {{6, Saturn}, {14, Mercury}, {21, Jupiter}, {28, Venus}, {30, Mars}},
	Scorpio:     {{7, Mars}, {11, Venus}, {19, Mercury}, {24, Jupiter}, {30, Saturn}},
	Sagittarius: {{12, Jupiter}, {17, Venus}, {21, Mercury}, {26, Saturn}, {30, Mars}},
	Capricorn:   {{7, Mercury}, {14, Jupiter}, {22, Venus}, {26, Saturn}, {30, Mars}},
	Aquarius:    {{7, Mercury}, {13, Venus}, {20, Jupiter}, {25, Mars}, {30, Saturn}},
	Pisces:      {{12, Venus}, {16, Jupiter}, {19, Mercury}, {28, Mars}, {30, Saturn}},
}

// faces are the lords of the 36 decans in the Chaldean order from the first of Aries on, over and over (Firmicus Maternus, Mathesis II.4).
var faces = [7]Body{Mars, Sun, Venus, Mercury, Moon, Saturn, Jupiter}

// termLord and faceLord return the lords of a degree; there is none in a zodiac of unequal signs.
func (z Zodiac) termLord(d Degree) Body {
	if z == TrueSidereal {
		return none
	}

	for _, t := range terms[d.Sign] {
		if d.DegreeInSign < t.end {
			return t.lord
		}
	}

	return terms[d.Sign][4].lord
}

func (z Zodiac) faceLord(d Degree) Body {
	if z == TrueSidereal {
		return none
	}

	return faces[int(d.Longitude/10)%len(faces)]
}

// opposite returns the sign across the zodiac; Ophiuchus has none and returns itself.
func (s Sign) opposite() Sign {
	for i, sign := range equalSigns {
		if sign == s {
			return equalSigns[(i+6)%len(equalSigns)]
		}
	}

	return s
}
