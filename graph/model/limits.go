package model

import (
	"fmt"

	"sidereal/chart"
)

// Limits returns the limits of orb that are usual, with those that were given in their place; nil when none were. A fault names the limit in the
// argument orbs.
func Limits(usual chart.Orbs, given []OrbInput) (*chart.Orbs, error) {
	if len(given) == 0 {
		return nil, nil //nolint:nilnil // as documented
	}

	for i, o := range given {
		limit := chart.OrbLimit{Planets: o.Limit, Luminaries: o.Limit}
		if o.LuminaryLimit != nil {
			limit.Luminaries = *o.LuminaryLimit
		}

		if err := usual.Set(o.Kind, limit); err != nil {
			return nil, within(fmt.Sprintf("orbs[%d]", i), err)
		}
	}

	return &usual, nil
}
