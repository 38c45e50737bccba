package transit

import (
	"time"

	"sidereal/chart"
)

// EventKind is what happens.
type EventKind uint8

// The kinds of events.
const (
	ExactAspect    EventKind = iota // a body's aspect to a point of the chart is exact
	SignIngress                     // a body enters a sign
	HouseIngress                    // a body enters a house of the chart
	Station                         // a body turns round
	Lunation                        // new or full Moon
	EventKindCount = iota
)

var eventKindNames = [EventKindCount]string{"exact aspect", "sign ingress", "house ingress", "station", "lunation"}

// String returns the kind's English name.
func (k EventKind) String() string { return eventKindNames[k] }

// Event is something that happens at an instant.
type Event struct {
	Kind       EventKind
	At         time.Time    // UTC, to the millisecond
	Body       chart.Body   // of a lunation the Moon
	Place      chart.Degree // where the body is, in the zodiac
	Retrograde bool         // the body moves backwards; at a station: from then on

	Aspect *AspectEvent // of an exact aspect
	Sign   chart.Sign   // of a sign ingress: the sign entered, backwards when the body is retrograde
	House  int          // of a house ingress: the house entered, 1 to 12
	Phase  chart.Phase  // of a lunation: chart.NewMoon or chart.FullMoon
	// Eclipse is what a lunation brings somewhere on the Earth.
	Eclipse Eclipse
}

// AspectEvent is what an exact aspect is made of.
type AspectEvent struct {
	Kind   chart.AspectKind
	Target chart.Point
	// Uncertainty is how far the target may lie from where it is taken, because the time of birth is unknown, in degrees.
	Uncertainty float64
}
