package main

import "math"

// Nodes are the points at which a segment is sampled, and what turns the samples into Chebyshev coefficients.
type Nodes struct {
	X    []float64   // in (-1, 1)
	rows [][]float64 // rows[k][j] * sample[j] summed over j is the coefficient of degree k
}

// NewNodes returns count Chebyshev nodes for series of a number of coefficients, at most count.
//
// With more nodes than coefficients the truncated series is nearly the best uniform approximation (Press et al., Numerical Recipes, 3rd ed.,
// section 5.8).
func NewNodes(count, coefficients int) *Nodes {
	n := &Nodes{X: make([]float64, count), rows: make([][]float64, coefficients)}
	for j := range n.X {
		n.X[j] = math.Cos(math.Pi * (float64(j) + 0.5) / float64(count))
	}

	for k := range n.rows {
		n.rows[k] = make([]float64, count)

		scale := 2 / float64(count)
		if k == 0 {
			scale /= 2
		}

		for j := range n.X {
			n.rows[k][j] = scale * math.Cos(math.Pi*float64(k)*(float64(j)+0.5)/float64(count))
		}
	}

	return n
}

// Coefficients returns the Chebyshev coefficients of samples taken at the nodes.
func (n *Nodes) Coefficients(samples []float64) []float64 {
	c := make([]float64, len(n.rows))
	for k, row := range n.rows {
		for j, weight := range row {
			c[k] += weight * samples[j]
		}
	}

	return c
}
