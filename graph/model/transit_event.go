package model

import (
	"sidereal/chart"
	"sidereal/chart/transit"
)

// TransitEvent is the view of an event: what its kind does not have is nil.
type TransitEvent struct{ transit.Event }

// NewTransitEvents returns the views of the events.
func NewTransitEvents(events []transit.Event) []TransitEvent {
	views := make([]TransitEvent, len(events))
	for i := range events {
		views[i] = TransitEvent{events[i]}
	}

	return views
}

// Aspect returns the kind of aspect.
func (e *TransitEvent) Aspect() *chart.AspectKind {
	if e.Event.Aspect == nil {
		return nil
	}

	return &e.Event.Aspect.Kind
}

// Target returns the point that the aspect is made to.
func (e *TransitEvent) Target() *chart.Point {
	if e.Event.Aspect == nil {
		return nil
	}

	return &e.Event.Aspect.Target
}

// Uncertainty returns how far the target may be off, in degrees.
func (e *TransitEvent) Uncertainty() *float64 {
	if e.Event.Aspect == nil {
		return nil
	}

	return &e.Event.Aspect.Uncertainty
}

// Sign returns the sign that is entered.
func (e *TransitEvent) Sign() *chart.Sign {
	if e.Kind != transit.SignIngress {
		return nil
	}

	return &e.Event.Sign
}

// House returns the house that is entered.
func (e *TransitEvent) House() *int { return houseOf(&e.Event.House) }

// Phase returns the phase of a lunation.
func (e *TransitEvent) Phase() *chart.Phase {
	if e.Kind != transit.Lunation {
		return nil
	}

	return &e.Event.Phase
}

// Eclipse returns the eclipse that a lunation brings.
func (e *TransitEvent) Eclipse() *transit.Eclipse {
	if e.Event.Eclipse == transit.NoEclipse {
		return nil
	}

	return &e.Event.Eclipse
}

// houseOf returns the number of a house, nil for 0.
func houseOf(number *int) *int {
	if *number == 0 {
		return nil
	}

	return number
}
