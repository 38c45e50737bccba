package chart

// Dignity is how well a planet stands in its sign and degree: its essential dignities and debilities.
//
// The seven planets of the tradition have all of them. Uranus, Neptune and Pluto, and Chiron for Ophiuchus, have domicile and detriment by the modern
// rulerships only, no score, and are never peregrine.
type Dignity struct {
	Body   Body
	Degree Degree
	Lords  Lords // of the degree

	Domicile, Exaltation, Triplicity, Term, Face bool // 5, 4, 3, 2 and 1 points
	Detriment, Fall                              bool // -5 and -4 points
	Peregrine                                    bool // without any dignity: -5 points

	// Score is the sum of points (Lilly, Christian Astrology, 1647, p. 115).
	Score int

	// Uncertain says that the time of birth is unknown and the planet is the triplicity lord by day or by night: Triplicity is false then, and
	// Peregrine and Score are without it.
	Uncertain bool
}

// Lords are the bodies that rule a degree. Some may be missing: no planet is exalted in five of the signs, the triplicity lord needs a time of birth,
// and terms and faces are parts of signs of 30 degrees, which the true sidereal zodiac does not have.
type Lords struct {
	domicile, exaltation, triplicity, term, face Body
}

// Domicile returns the traditional ruler of the sign.
func (l Lords) Domicile() Body { return l.domicile }

// Exaltation returns the planet exalted in the sign.
func (l Lords) Exaltation() (Body, bool) { return l.exaltation, l.exaltation != none }

// Triplicity returns the lord of the sign's element by the sect of the birth.
func (l Lords) Triplicity() (Body, bool) { return l.triplicity, l.triplicity != none }

// Term returns the lord of the Egyptian term.
func (l Lords) Term() (Body, bool) { return l.term, l.term != none }

// Face returns the lord of the Chaldean decan.
func (l Lords) Face() (Body, bool) { return l.face, l.face != none }

// dignified are the bodies that have essential dignities.
var dignified = [...]Body{Sun, Moon, Mercury, Venus, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, Chiron}

// Dignities returns the essential dignities of the Sun to Chiron in a zodiac.
//
// Domiciles and detriments are those of the traditional rulers, triplicities those of Dorotheus by the sect of the birth (the participating lord does not
// count), terms the Egyptian and faces the Chaldean ones. Ophiuchus, which the tradition does not know, is no planet's sign but Chiron's.
func (c *Chart) Dignities(zodiac Zodiac) []Dignity {
	all := make([]Dignity, len(dignified))
	ayanamsa := c.Ayanamsa(zodiac)

	for i, b := range dignified {
		d := &all[i]
		d.Body, d.Degree = b, zodiac.Degree(c.bodies[b].Longitude-ayanamsa)
		d.Lords = c.lords(d.Degree, zodiac)

		if b > Saturn {
			d.Domicile = d.Degree.Sign.Ruler() == b
			d.Detriment = b != Chiron && d.Degree.Sign.opposite().Ruler() == b

			continue
		}

		d.judge(c.Birth.TimeKnown)
	}

	return all
}

// lords returns the lords of a degree. The exaltation lord of a sign does not depend on the degree.
func (c *Chart) lords(d Degree, zodiac Zodiac) Lords {
	l := Lords{
		domicile: d.Sign.TraditionalRuler(), exaltation: exaltations[d.Sign], triplicity: none,
		term: zodiac.termLord(d), face: zodiac.faceLord(d),
	}

	if sect, known := c.Sect(); known && d.Sign != Ophiuchus {
		l.triplicity = triplicities[d.Sign.Element()].day
		if sect == Nocturnal {
			l.triplicity = triplicities[d.Sign.Element()].night
		}
	}

	return l
}

// judge fills in the dignities of a traditional planet from the lords of its degree.
func (d *Dignity) judge(timeKnown bool) {
	b, across := d.Body, d.Degree.Sign.opposite()
	d.Domicile = d.Lords.domicile == b
	d.Exaltation = d.Lords.exaltation == b
	d.Triplicity = d.Lords.triplicity == b
	d.Term = d.Lords.term == b
	d.Face = d.Lords.face == b
	d.Detriment = across.TraditionalRuler() == b
	d.Fall = exaltations[across] == b
	d.Peregrine = !d.Domicile && !d.Exaltation && !d.Triplicity && !d.Term && !d.Face

	if !timeKnown && d.Degree.Sign != Ophiuchus {
		t := triplicities[d.Degree.Sign.Element()]
		d.Uncertain = t.day == b || t.night == b
	}

	for _, p := range [...]struct {
		holds  bool
		points int
	}{
		{d.Domicile, 5},
		{d.Exaltation, 4},
		{d.Triplicity, 3},
		{d.Term, 2},
		{d.Face, 1},
		{d.Detriment, -5},
		{d.Fall, -4},
		{d.Peregrine, -5},
	} {
		if p.holds {
			d.Score += p.points
		}
	}
}
