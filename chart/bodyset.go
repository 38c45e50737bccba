package chart

import "math/bits"

// bodySet is a set of bodies, one bit each.
type bodySet uint32

func setOf(bodies ...Body) bodySet {
	var s bodySet
	for _, b := range bodies {
		s |= 1 << b
	}

	return s
}

func (s bodySet) has(b Body) bool { return s&(1<<b) != 0 }

// holds says whether every body of the other set is in this one.
func (s bodySet) holds(other bodySet) bool { return s&other == other }

func (s bodySet) len() int { return bits.OnesCount32(uint32(s)) }

// all yields the bodies in their order.
func (s bodySet) all(yield func(Body) bool) {
	for ; s != 0; s &= s - 1 {
		if !yield(s.first()) {
			return
		}
	}
}

// first returns the first body of a set that is not empty.
func (s bodySet) first() Body { return Body(bits.TrailingZeros32(uint32(s))) }

// after returns the bodies of the set that come after one in their order.
func (s bodySet) after(b Body) bodySet { return s &^ (1<<(b+1) - 1) }

// slice returns the bodies in their order.
func (s bodySet) slice() []Body {
	bodies := make([]Body, 0, s.len())
	for b := range s.all {
		bodies = append(bodies, b)
	}

	return bodies
}
