package model

import (
	"fmt"

	"sidereal/chart"
	"sidereal/fault"
)

const (
	// maxAspects is the largest number of aspects that may be asked for; there are 66 pairs of main bodies.
	maxAspects = 500
	// maxOrbs and maxBodyOrbs are one limit each for every kind, and for every kind and main body.
	maxOrbs     = chart.AspectKindCount
	maxBodyOrbs = chart.AspectKindCount * 12
)

// Aspect is the view of an aspect, with the limits that it was found with.
type Aspect struct {
	chart.Aspect

	chart *chart.Chart
	orbs  *chart.Orbs
}

// Certain says whether the aspect holds all day.
func (a *Aspect) Certain() (bool, error) { return a.chart.AspectCertain(a.Aspect, *a.orbs) }

// Aspects returns the aspects within the limits.
func (c *Chart) Aspects(orbs []OrbInput, minStrength *float64, first *int, preset chart.OrbPreset, bodyOrbs []BodyOrbInput) ([]Aspect, error) {
	limits, err := limitsOf(preset, orbs, bodyOrbs)
	if err != nil {
		return nil, err
	}

	found := c.Stored.Aspects(limits)

	if minStrength != nil {
		for i := range found { // strongest first
			if !(found[i].Strength >= *minStrength) {
				found = found[:i]

				break
			}
		}
	}

	if first != nil {
		if *first < 1 || *first > maxAspects {
			return nil, fault.Invalid("first", "must be 1 to %d, not %d", maxAspects, *first)
		}

		found = found[:min(*first, len(found))]
	}

	aspects := make([]Aspect, len(found))
	for i := range found {
		aspects[i] = Aspect{Aspect: found[i], chart: c.Chart, orbs: &limits}
	}

	return aspects, nil
}

// limitsOf returns the limits of a preset with those replaced that are given. Its faults name the argument and the place in its list: orbs[1].limit.
func limitsOf(preset chart.OrbPreset, orbs []OrbInput, bodyOrbs []BodyOrbInput) (chart.Orbs, error) {
	limits := preset.Orbs()

	if len(orbs) > maxOrbs {
		return limits, fault.Invalid("orbs", "at most %d limits, not %d", maxOrbs, len(orbs))
	}

	if len(bodyOrbs) > maxBodyOrbs {
		return limits, fault.Invalid("bodyOrbs", "at most %d limits, not %d", maxBodyOrbs, len(bodyOrbs))
	}

	for i, o := range orbs {
		limit := chart.OrbLimit{Planets: o.Limit, Luminaries: o.Limit}
		if o.LuminaryLimit != nil {
			limit.Luminaries = *o.LuminaryLimit
		}

		if err := limits.Set(o.Kind, limit); err != nil {
			return limits, within(at("orbs", i), err)
		}
	}

	for i, o := range bodyOrbs {
		if err := setBody(&limits, o); err != nil {
			return limits, within(at("bodyOrbs", i), err)
		}
	}

	return limits, nil
}

// setBody gives a body a limit of its own for a kind, or for all kinds that count.
func setBody(limits *chart.Orbs, o BodyOrbInput) error {
	if o.Kind != nil {
		return limits.SetBody(*o.Kind, o.Body, o.Limit)
	}

	for kind := range chart.AspectKind(chart.AspectKindCount) {
		if !limits.Counts(kind) {
			continue
		}

		if err := limits.SetBody(kind, o.Body, o.Limit); err != nil {
			return err
		}
	}

	return nil
}

// at writes a place in a list as the coercion of arguments does: orbs[1].
func at(list string, place int) string { return fmt.Sprintf("%s[%d]", list, place) }
