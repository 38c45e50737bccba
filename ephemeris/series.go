package ephemeris

import (
	"encoding/binary"
	"math"
	"sync/atomic"
)

const (
	// maxCoefficients bounds the coefficients of a segment, all components together.
	maxCoefficients = 96

	// maxWidth is how many bits a coefficient may have: eight bytes, less the seven bits that it may begin late.
	maxWidth = 57
)

// series is a fitted quantity of two or three components. Its segments are unpacked into polynomials when they are first asked for and kept; it
// is safe for concurrent use and never waits.
type series struct {
	start, days, perDay float64 // of the segments, in days from J2000.0 TT; perDay is 1 / days
	first, last         span    // the outer segments are cut off where the data end
	segments            int
	components, degrees int
	fields              []field // of a packed segment, by degree and component
	bits                int     // of a packed segment
	packed              []byte

	unpacked []atomic.Pointer[[]float64] // by segment: its coefficients, once somebody has asked for them
}

// span is a segment's middle, in days from J2000.0 TT, and half its length.
type span struct{ middle, half float64 }

// span returns where a segment lies.
func (s *series) span(number int) span {
	switch number {
	case 0:
		return s.first
	case s.segments - 1:
		return s.last
	}

	return span{s.start + (float64(number)+0.5)*s.days, s.days / 2}
}

// field is a coefficient's place in a packed segment, and the value of its unit.
type field struct {
	offset, width int
	quantum       float64
}

// segment returns the coefficients of the segment that holds t, highest degree first, with the components of a degree side by side: they are
// those of polynomials in the days from the segment's middle, which is returned too.
func (s *series) segment(t float64) (coefficients []float64, fromMiddle float64) {
	number := min(max(int((t-s.start)*s.perDay), 0), s.segments-1)
	fromMiddle = t - s.span(number).middle

	if kept := s.unpacked[number].Load(); kept != nil {
		return *kept, fromMiddle
	}

	return s.keep(number), fromMiddle
}

// keep unpacks a segment and keeps it. Goroutines that do so at once come to the same numbers; the last one's are kept.
func (s *series) keep(number int) []float64 {
	coefficients := make([]float64, len(s.fields))
	s.unpack(number, coefficients)
	s.unpacked[number].Store(&coefficients)

	return coefficients
}

// unpack reads a segment's Chebyshev coefficients and turns them into those of polynomials in days.
//
// The polynomials lose no accuracy that matters: Chebyshev coefficients fall faster than their polynomials' coefficients grow (by about 2.4 a
// degree), so that the rounding error stays below 1e-15 of the largest coefficient.
func (s *series) unpack(number int, out []float64) {
	var chebyshev, power [maxCoefficients]float64

	base := number * s.bits
	for i, f := range s.fields {
		at := base + f.offset
		word := binary.LittleEndian.Uint64(s.packed[at/8:]) >> (at % 8)
		value := int64(word<<(64-f.width)) >> (64 - f.width)
		chebyshev[i] = float64(value) * f.quantum
	}

	perHalf := 1 / s.span(number).half

	for component := range s.components {
		s.powers(chebyshev[component:], &power)

		scale := 1.0
		for k := range s.degrees {
			out[(s.degrees-1-k)*s.components+component] = power[k] * scale
			scale *= perHalf
		}
	}
}

// powers turns one component's Chebyshev series into a polynomial in x, by Clenshaw's recurrence on polynomials (Press et al., Numerical
// Recipes, 3rd ed., section 5.11).
func (s *series) powers(chebyshev []float64, power *[maxCoefficients]float64) {
	var previous [maxCoefficients]float64

	n := s.degrees
	for k := range n {
		power[k] = 0
	}

	power[0] = chebyshev[(n-1)*s.components]

	for j := n - 2; j >= 1; j-- {
		for k := n - j; k >= 1; k-- {
			power[k], previous[k] = 2*power[k-1]-previous[k], power[k]
		}

		power[0], previous[0] = chebyshev[j*s.components]-previous[0], power[0]
	}

	for k := n - 1; k >= 1; k-- {
		power[k] = power[k-1] - previous[k]
	}

	power[0] = chebyshev[0] - previous[0]
}

// at returns the value of a series of three components, and its first and second derivative by the day, at t days from J2000.0 TT.
func (s *series) at(t float64, out *state) {
	c, x := s.segment(t)
	horner(c, x, out)
}

// horner evaluates three polynomials and their derivatives by Horner's scheme.
func horner(c []float64, x float64, out *state) {
	var px, py, pz, vx, vy, vz, ax, ay, az float64

	for ; len(c) >= 3; c = c[3:] {
		ax, ay, az = ax*x+vx, ay*x+vy, az*x+vz
		vx, vy, vz = vx*x+px, vy*x+py, vz*x+pz
		px, py, pz = px*x+c[0], py*x+c[1], pz*x+c[2]
	}

	out.place, out.velocity, out.acceleration = vector{px, py, pz}, vector{vx, vy, vz}, vector{2 * ax, 2 * ay, 2 * az}
}

// pair returns the two values of a series of two components, and the first's derivative by the day.
func (s *series) pair(t float64) (first, second, firstRate float64) {
	return hornerPair(s.segment(t))
}

func hornerPair(c []float64, x float64) (first, second, firstRate float64) {
	for ; len(c) >= 2; c = c[2:] {
		firstRate = firstRate*x + first
		first, second = first*x+c[0], second*x+c[1]
	}

	return first, second, firstRate
}

// grid says where the segments of a series lie; times are days from J2000.0 TT.
type grid struct {
	start, days float64 // of the segments
	from, to    float64 // which the data cover
	segments    int
}

// newSeries lays out a series; quanta are the exponents of its degrees, widths the bits of each coefficient.
func newSeries(g grid, components int, quanta []int8, widths []uint8) *series {
	s := &series{
		start: g.start, days: g.days, perDay: 1 / g.days,
		segments: g.segments, components: components, degrees: len(quanta),
		fields: make([]field, len(widths)),
	}

	between := func(from, to float64) span { return span{(from + to) / 2, (to - from) / 2} }
	s.first = between(max(g.from, g.start), g.start+g.days)
	s.last = between(g.start+float64(g.segments-1)*g.days, min(g.to, g.start+float64(g.segments)*g.days))

	for i, width := range widths {
		s.fields[i] = field{offset: s.bits, width: int(width), quantum: math.Ldexp(1, -int(quanta[i/components]))}
		s.bits += int(width)
	}

	return s
}

// hold takes the packed segments.
func (s *series) hold(packed []byte) {
	s.packed = packed
	s.unpacked = make([]atomic.Pointer[[]float64], s.segments)
}
