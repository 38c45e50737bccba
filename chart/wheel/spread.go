package wheel

import (
	"cmp"
	"math"
	"slices"
)

const circle = 360.0

// Spread moves directions on a circle apart until neighbours stand at least apart degrees from each other. Their order is kept, and the sum of
// the squared movements is the least possible. Directions and results are degrees; where there is no room for all, they stand at equal
// distances as near to each other as that allows.
//
// On a line this is an isotonic regression, which pooling adjacent violators solves (Barlow et al., Statistical Inference under Order
// Restrictions, 1972). On the circle, an optimum has a gap that is wider than need be; cut there, it is the optimum of the line, and an optimum
// of a line that keeps the distance across the cut is one of the circle.
func Spread(directions []float64, apart float64) []float64 {
	n := len(directions)
	moved := make([]float64, n)

	if n < 2 {
		copy(moved, directions)

		return moved
	}

	const slack = 1e-9 // degrees, for rounding

	apart = min(apart, (circle-slack*circle)/float64(n))

	order := make([]int, n)
	for i := range order {
		order[i] = i
	}

	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(turned(directions[a]), turned(directions[b])) })

	line, best, narrowest := make([]float64, n), make([]float64, n), math.Inf(1)

	for cut := range order {
		for i := range line {
			k := order[(cut+i)%n]

			line[i] = turned(directions[k])
			if cut+i >= n {
				line[i] += circle
			}
		}

		pool(line, apart)

		// How much the distance across the cut falls short.
		if short := apart - (line[0] + circle - line[n-1]); short < narrowest {
			narrowest = short
			for i, x := range line {
				best[order[(cut+i)%n]] = turned(x)
			}
		}

		if narrowest <= slack {
			break
		}
	}

	return best
}

// pool moves ascending numbers apart by least squares: each number less its share of the distances to its left must ascend, and where they do
// not, neighbours are pooled at their mean.
func pool(line []float64, apart float64) {
	type block struct {
		mean  float64
		count int
	}

	blocks := make([]block, 0, len(line))

	for i, x := range line {
		b := block{x - float64(i)*apart, 1}

		for len(blocks) > 0 && blocks[len(blocks)-1].mean > b.mean {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			count := last.count + b.count
			b = block{(last.mean*float64(last.count) + b.mean*float64(b.count)) / float64(count), count}
		}

		blocks = append(blocks, b)
	}

	i := 0

	for _, b := range blocks {
		for range b.count {
			line[i] = b.mean + float64(i)*apart
			i++
		}
	}
}

// turned returns the angle in [0, 360) that points the same way.
func turned(degrees float64) float64 {
	degrees = math.Mod(degrees, circle)
	if degrees < 0 {
		degrees += circle
	}

	if degrees >= circle {
		return 0
	}

	return degrees
}
