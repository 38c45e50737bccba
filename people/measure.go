package people

import (
	"math"
	"math/bits"
)

// How much the parts of a chart weigh. A factor adds its weight times its information; that of an aspect is the geometric mean of its bodies' times
// aspectWeight.
var placeWeights = [placeCount]float64{
	1, 1, 0.8, 0.8, 0.8, // the Sun to Mars: what is personal
	0.3, 0.3, 0.1, 0.1, 0.1, 0.15, 0.15, // Jupiter to the true node
	1, 0.4, // Ascendant, Midheaven
}

const (
	aspectWeight   = 0.5
	patternWeight  = 0.4
	lifePathWeight = 0.3
	cycleWeight    = 0.3
)

const daysPerYear = 365.2425

// factorKind is what a factor is about.
type factorKind uint8

const (
	placeFactor    factorKind = iota // at is the place, detail the level
	aspectFactor                     // at is the pair, detail the kind plus 1
	patternFactor                    // at is the bit
	lifePathFactor                   // at is the number
	animalFactor                     // at is the place in the cycle, 1 to 60
	cycleFactor                      // as animalFactor, and the element too
)

// factor is one thing that two charts share.
type factor struct {
	kind       factorKind
	at, detail int
	score      float64 // weight times information
}

// factors hands everything that two charts share to found, in an order that does not depend on which is which.
func (t *information) factors(a, b *signature, found func(factor)) {
	lag := min(int(math.Round(math.Abs(float64(a.day-b.day))/daysPerYear)), lagYears-1)

	t.placeFactors(a, b, lag, found)
	t.aspectFactors(a, b, spanOf(lag), found)
	t.countFactors(a, b, lag, found)
}

func (t *information) placeFactors(a, b *signature, lag int, found func(factor)) {
	signs, degrees := a.signs&b.signs, a.degrees&b.degrees

	for i := range placeCount {
		x, y := a.longitudes[i], b.longitudes[i]
		distance := apart(x, y)
		same := signOf(x) == signOf(y) && signs&(1<<i) != 0

		if !same && (distance > levelReach[within5] || degrees&(1<<i) == 0) {
			continue // as a rule
		}

		best, at := 0.0, sameSign
		if same {
			best = t.placeBits(a, b, i, sameSign, lag)
		}

		for l := within5; l < levelCount && distance <= levelReach[l] && degrees&(1<<i) != 0; l++ {
			if more := t.placeBits(a, b, i, l, lag); more > best {
				best, at = more, l
			}
		}

		if best > 0 {
			found(factor{placeFactor, i, int(at), placeWeights[i] * best})
		}
	}
}

// apart returns the angle between two longitudes, in hundredths of a degree.
func apart(x, y uint16) int {
	d := int(x) - int(y)
	if d < 0 {
		d = -d
	}

	return min(d, fullCircle-d)
}

// placeBits returns the information of sharing a place. That of an angle follows from how common it is at both latitudes.
func (t *information) placeBits(a, b *signature, i int, l level, lag int) float64 {
	if i < bodyCount {
		return fromSixteenths(t.bodies[lag][i][l])
	}

	share := (float64(a.shares[i-ascendant][l]) + float64(b.shares[i-ascendant][l])) / (2 * 65535)

	return -math.Log2(share)
}

func (t *information) aspectFactors(a, b *signature, span int, found func(factor)) {
	for at := range a.aspects {
		x, y := a.aspects[at], b.aspects[at]
		if x == 0 || y == 0 {
			continue
		}

		for half := range 2 {
			kind := x >> (4 * half) & 15
			if pair := 2*at + half; kind != 0 && kind == y>>(4*half)&15 {
				score := pairWeights[pair] * fromSixteenths(t.aspects[span][pair][kind])
				found(factor{aspectFactor, pair, int(kind), score})
			}
		}
	}

	for shared := a.patterns & b.patterns; shared != 0; shared &= shared - 1 {
		bit := bits.TrailingZeros32(shared)
		found(factor{patternFactor, bit, 0, patternWeight * fromSixteenths(t.patterns[span][bit])})
	}
}

// pairs are the places of the two bodies of each pair, and pairWeights what an aspect between them weighs.
var (
	pairs       = pairPlaces()
	pairWeights = weighPairs()
)

func pairPlaces() (places [pairCount][2]int) {
	for first := range bodyCount {
		for second := first + 1; second < bodyCount; second++ {
			places[pairIndex(first, second)] = [2]int{first, second}
		}
	}

	return places
}

func weighPairs() (weights [pairCount]float64) {
	for pair, places := range pairPlaces() {
		weights[pair] = aspectWeight * math.Sqrt(placeWeights[places[0]]*placeWeights[places[1]])
	}

	return weights
}

func (t *information) countFactors(a, b *signature, lag int, found func(factor)) {
	if a.lifePath != 0 && a.lifePath == b.lifePath {
		found(factor{lifePathFactor, int(a.lifePath), 0, lifePathWeight * fromSixteenths(t.lifePath[a.lifePath])})
	}

	switch {
	case a.cycle == 0 || b.cycle == 0:
	case a.cycle == b.cycle:
		found(factor{cycleFactor, int(a.cycle), 0, cycleWeight * sharedYear(lag, 60)})
	case a.cycle%12 == b.cycle%12:
		found(factor{animalFactor, int(a.cycle), 0, cycleWeight * sharedYear(lag, 12)})
	}
}

// sharedYear returns the information, in bits, of sharing the year of a cycle of so many years for births that are lag years apart, give or take a
// year and a half. Two instants d years from a whole number of cycles apart share a year with the probability 1 - d, where d < 1.
func sharedYear(lag, cycle int) float64 {
	const reach = 1.5

	d := float64(lag % cycle)
	d = min(d, float64(cycle)-d)
	// The integral of max(0, 1-|x|) between d-reach and d+reach, over its length.
	upTo := func(x float64) float64 {
		x = max(-1, min(1, x))

		return 0.5 + x - math.Copysign(x*x/2, x)
	}
	share := (upTo(d+reach) - upTo(d-reach)) / (2 * reach)

	return -math.Log2(max(share, 1.0/256))
}

// raw is the sum of what two charts share.
func (t *information) raw(a, b *signature) float64 {
	sum := 0.0

	t.factors(a, b, func(f factor) { sum += f.score })

	return sum
}

// score is how alike two charts are: the sum of what they share, but never more than either shares with itself. It is symmetric, and no chart is
// more alike to another than that is to itself: all are rounded as signatures keep their own.
func (t *information) score(a, b *signature) float64 {
	return float64(min(float32(t.raw(a, b)), a.self, b.self))
}

// seal notes what a signature shares with itself.
func (t *information) seal(s signature) signature {
	s.self = math.MaxFloat32
	s.self = float32(t.raw(&s, &s))

	return s
}

// percentile returns how many of a hundred random pairs of births, known as well as these two, are less alike.
func (t *information) percentile(a, b *signature, score float64) float64 {
	class := 0
	if a.timeKnown() && b.timeKnown() {
		class = 1
	}

	step := min(max(int(score*scoreScale), 0), scoreSteps-1)

	return 100 * float64(t.ranks[class][step])
}
