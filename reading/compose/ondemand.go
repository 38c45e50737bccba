package compose

import (
	"sync"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/reading"
	"sidereal/reading/library"
)

// OnDemand is a Composer whose texts are read when the first reading is asked for: it takes a process that writes none neither time at its start nor memory. It is safe
// for concurrent use.
type OnDemand struct{ open func() (*Composer, error) }

var _ reading.Planner = (*OnDemand)(nil)

// NewOnDemand returns one that reads its texts once, by load; the caster knows the sky of transits.
func NewOnDemand(load func() (*library.Library, error), caster *chart.Caster) *OnDemand {
	return &OnDemand{sync.OnceValues(func() (*Composer, error) {
		texts, err := load()
		if err != nil {
			return nil, err
		}

		return New(texts, caster), nil
	})}
}

// Plan implements reading.Planner. Texts that cannot be read are an INTERNAL fault.
func (d *OnDemand) Plan(natal *chart.Chart, o reading.Options) (reading.Plan, error) {
	c, err := d.open()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the texts of readings cannot be read")
	}

	return c.Plan(natal, o)
}

// Version implements reading.Planner; empty when the texts cannot be read.
func (d *OnDemand) Version() string {
	c, err := d.open()
	if err != nil {
		return ""
	}

	return c.Version()
}
