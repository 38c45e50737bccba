package chart

// web holds for each kind of aspect and each body the set of bodies that it has that aspect with.
type web [AspectKindCount][BodyCount]bodySet

func webOf(aspects []Aspect) *web {
	w := &web{}

	for i := range aspects {
		a := &aspects[i]
		w[a.Kind][a.First] |= setOf(a.Second)
		w[a.Kind][a.Second] |= setOf(a.First)
	}

	return w
}

// finder collects patterns. Each figure is found from its rarest aspects, with the lower body first, so that none is found twice and no order of the
// bodies is left out.
type finder struct {
	web   *web
	found []Pattern
}

func (f *finder) add(kind PatternKind, set bodySet) {
	f.found = append(f.found, Pattern{Kind: kind, set: set})
}

func (f *finder) addFocal(kind PatternKind, set bodySet, focal Body) {
	f.found = append(f.found, Pattern{Kind: kind, set: set, Focal: focal, HasFocal: true})
}

// oppositions finds the figures that have them: T-Squares, Grand Crosses and Mystic Rectangles.
func (f *finder) oppositions() {
	opposite, square := &f.web[Opposition], &f.web[Square]
	sextile, trine := &f.web[Sextile], &f.web[Trine]

	for _, a := range mainBodies {
		for b := range opposite[a].after(a).all {
			across := square[a] & square[b]

			for focal := range across.all {
				f.addFocal(TSquare, setOf(a, b, focal), focal)
			}

			// Of the second opposition both ends come after a, so that each pair of oppositions is met once.
			for c := range across.after(a).all {
				for d := range (opposite[c] & across).after(c).all {
					f.add(GrandCross, setOf(a, b, c, d))
				}
			}

			// One end is sextile to a and trine to b, the other trine to a and sextile to b.
			for c := range (sextile[a] & trine[b]).after(a).all {
				for d := range (opposite[c] & trine[a] & sextile[b]).after(a).all {
					f.add(MysticRectangle, setOf(a, b, c, d))
				}
			}
		}
	}
}

// trines finds Grand Trines and the Kites over them.
func (f *finder) trines() {
	trine := &f.web[Trine]

	for _, a := range mainBodies {
		for b := range trine[a].after(a).all {
			for c := range (trine[a] & trine[b]).after(b).all {
				f.add(GrandTrine, setOf(a, b, c))
				f.kites(a, b, c)
				f.kites(b, c, a)
				f.kites(c, a, b)
			}
		}
	}
}

// kites finds the bodies opposite the corner of a Grand Trine and sextile to its sides.
func (f *finder) kites(corner, left, right Body) {
	sextile := &f.web[Sextile]

	for focal := range (f.web[Opposition][corner] & sextile[left] & sextile[right]).all {
		f.addFocal(Kite, setOf(corner, left, right, focal), focal)
	}
}

// sextiles finds Yods.
func (f *finder) sextiles() {
	quincunx := &f.web[Quincunx]

	for _, a := range mainBodies {
		for b := range f.web[Sextile][a].after(a).all {
			for focal := range (quincunx[a] & quincunx[b]).all {
				f.addFocal(Yod, setOf(a, b, focal), focal)
			}
		}
	}
}

// markParts marks the T-Squares of Grand Crosses and the Grand Trines of Kites.
func (f *finder) markParts() {
	wholes := [PatternKindCount]PatternKind{TSquare: GrandCross, GrandTrine: Kite}

	for i := range f.found {
		part := &f.found[i]
		if part.Kind != TSquare && part.Kind != GrandTrine {
			continue
		}

		for _, whole := range f.found {
			part.PartOfLarger = part.PartOfLarger || whole.Kind == wholes[part.Kind] && whole.set.holds(part.set)
		}
	}
}

func (f *finder) signStellia(signs *[BodyCount]Sign) {
	var crowds [SignCount]bodySet
	for _, b := range mainBodies {
		crowds[signs[b]] |= setOf(b)
	}

	for sign, set := range crowds {
		if set.len() >= crowd {
			f.found = append(f.found, Pattern{Kind: SignStellium, set: set, Sign: Sign(sign)})
		}
	}
}

func (f *finder) houseStellia(numbers [len(mainBodies)]int) {
	var crowds [12]bodySet
	for i, number := range numbers {
		crowds[number-1] |= setOf(mainBodies[i])
	}

	for i, set := range crowds {
		if set.len() >= crowd {
			f.found = append(f.found, Pattern{Kind: HouseStellium, set: set, House: i + 1})
		}
	}
}
