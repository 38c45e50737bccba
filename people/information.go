package people

import (
	_ "embed"
	"encoding/binary"
	"math"
)

// level is how near to each other two charts have a body.
type level uint8

// The levels. A body counts by the rarest of those that hold.
const (
	sameSign level = iota
	within5
	within2
	levelCount = iota
)

// levelDegrees is how many degrees apart, at most, a level allows.
var levelDegrees = [levelCount]float64{within5: 5, within2: 2.5}

// levelReach is the same in hundredths of a degree.
var levelReach = [levelCount]int{within5: 500, within2: 250}

// Steps of the tables: by the time between two births.
const (
	lagYears  = 600 // 0 to 599 whole years
	spanCount = 10
	bitsScale = 16 // information is kept in sixteenths of a bit
)

// spanStarts are the first years of the spans by which aspects and patterns are tabulated; the last has no end.
var spanStarts = [spanCount]int{0, 1, 2, 3, 5, 8, 13, 21, 34, 55}

// spanOf returns the span that a lag in years falls in.
func spanOf(lag int) int {
	span := spanCount - 1
	for lag < spanStarts[span] {
		span--
	}

	return span
}

// The random pairs that scores are ranked against are of two classes: both times known, or not.
const (
	classCount = 2
	scoreSteps = 512 // of the ranks
	scoreScale = 8   // steps of a rank in one unit of score
)

// information is how many bits it says that two charts share something: minus the binary logarithm of how often two births so far apart share it, by
// the sky of 1800 to 2399 (see information_test.go, which makes and checks the table).
//
// The time between the births is what keeps the measure from finding people of one age only: two that were born within a year share the sign
// of Pluto anyway, so that it says nothing; two that were born eighty years apart hardly ever do.
type information struct {
	bodies   [lagYears][bodyCount][levelCount]uint8
	aspects  [spanCount][pairCount][16]uint8 // by kind plus 1
	patterns [spanCount][32]uint8
	lifePath [34]uint8 // by number; master numbers are their own
	ranks    [classCount][scoreSteps]float32
}

//go:embed data/information.bin
var informationTable []byte

// sixteenths returns the information of something that happens with probability p, as it is kept.
func sixteenths(p float64) uint8 {
	return uint8(min(255, math.Round(-math.Log2(p)*bitsScale)))
}

func fromSixteenths(v uint8) float64 { return float64(v) / bitsScale }

// walk hands every part of the table to bytes or ranks in turn, in the order of the file.
func (t *information) walk(bytes func([]uint8), ranks func([]float32)) {
	for i := range t.bodies {
		for j := range t.bodies[i] {
			bytes(t.bodies[i][j][:])
		}
	}

	for i := range t.aspects {
		for j := range t.aspects[i] {
			bytes(t.aspects[i][j][:])
		}
	}

	for i := range t.patterns {
		bytes(t.patterns[i][:])
	}

	bytes(t.lifePath[:])

	for i := range t.ranks {
		ranks(t.ranks[i][:])
	}
}

// openInformation reads the table that the program was built with.
func openInformation() *information {
	t, rest := new(information), informationTable

	t.walk(func(part []uint8) { rest = rest[copy(part, rest):] }, func(part []float32) {
		for i := range part {
			part[i] = math.Float32frombits(binary.LittleEndian.Uint32(rest))
			rest = rest[4:]
		}
	})

	return t
}
