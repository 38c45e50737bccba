package chart

import (
	"cmp"
	"math"
	"slices"

	"sidereal/fault"
)

// Parallel is two bodies at the same distance from the equator: on the same side of it, or as a contraparallel on both.
type Parallel struct {
	First, Second Body    // in the order of the bodies
	Contra        bool    // north and south
	Orb           float64 // degrees by which the declinations, without their signs, differ
}

const (
	// UsualParallelOrb is the usual limit of orb for parallels, in degrees.
	UsualParallelOrb = 1.0
	// MaxParallelOrb is the largest one that may be asked for.
	MaxParallelOrb = 3.0
)

// declinations returns those of the main bodies, in degrees.
func (c *Chart) declinations() [len(mainBodies)]float64 {
	var all [len(mainBodies)]float64
	for i, b := range mainBodies {
		all[i] = c.sky.Declination(c.bodies[b].Longitude, c.bodies[b].Latitude)
	}

	return all
}

// Parallels returns the parallels and contraparallels between the main bodies within an orb in degrees, the closest first. Two bodies near the equator
// that are within the orb both ways are on one side or on both, and so have one of the two. An orb outside 0 to MaxParallelOrb is a VALIDATION_FAILED
// fault of the field "orb".
func (c *Chart) Parallels(orb float64) ([]Parallel, error) {
	if !(orb >= 0 && orb <= MaxParallelOrb) { // so that NaN is refused
		return nil, fault.Invalid("orb", "an orb of declination is 0 to %g degrees", MaxParallelOrb)
	}

	declinations := c.declinations()
	parallels := make([]Parallel, 0, 16)

	for i, first := range mainBodies {
		for k := i + 1; k < len(mainBodies); k++ {
			off := math.Abs(math.Abs(declinations[i]) - math.Abs(declinations[k]))
			if off <= orb {
				contra := math.Signbit(declinations[i]) != math.Signbit(declinations[k])
				parallels = append(parallels, Parallel{First: first, Second: mainBodies[k], Contra: contra, Orb: off})
			}
		}
	}

	slices.SortStableFunc(parallels, func(a, b Parallel) int { return cmp.Compare(a.Orb, b.Orb) })

	return parallels, nil
}

// OutOfBounds is a body further from the equator than the Sun can be.
type OutOfBounds struct {
	Body        Body
	Declination float64 // degrees, north positive
	Beyond      float64 // degrees by which it exceeds the true obliquity of the ecliptic of date
}

// OutOfBounds returns the main bodies whose declination exceeds the true obliquity of the ecliptic. The Sun, which by its latitude of up to 1.2 arc
// seconds might, and the True Node, which lies on the ecliptic, never do.
func (c *Chart) OutOfBounds() []OutOfBounds {
	var out []OutOfBounds

	declinations := c.declinations()

	for i, b := range mainBodies {
		if b == Sun || b == TrueNode {
			continue
		}

		if beyond := math.Abs(declinations[i]) - c.sky.Obliquity; beyond > 0 {
			out = append(out, OutOfBounds{Body: b, Declination: declinations[i], Beyond: beyond})
		}
	}

	return out
}
