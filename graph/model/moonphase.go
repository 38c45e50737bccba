package model

import (
	"math"
	"time"

	"sidereal/chart"
)

// MoonPhase is the view of the Moon's phase.
type MoonPhase struct {
	chart.MoonPhase

	chart *chart.Chart
}

// MoonPhase returns the phase of the Moon.
func (c *Chart) MoonPhase() *MoonPhase { return &MoonPhase{c.Stored.MoonPhase(), c.Chart} }

// LunationName returns the name of the lunation.
func (p *MoonPhase) LunationName() string { return p.Lunation.LunationName() }

// Certain says whether the phase is the same all day.
func (p *MoonPhase) Certain() bool { return p.chart.PhaseCertain() }

// Lunations returns the new and full moons around.
func (p *MoonPhase) Lunations() *Lunations { return &Lunations{p.chart.Lunations()} }

// Lunations is the view of the new and full moons around an instant.
type Lunations struct{ chart.Lunations }

// PreviousNew returns the last new moon, nil beyond the ephemeris.
func (l *Lunations) PreviousNew() *time.Time { return instant(l.Lunations.PreviousNew) }

// NextNew returns the next new moon, nil beyond the ephemeris.
func (l *Lunations) NextNew() *time.Time { return instant(l.Lunations.NextNew) }

// PreviousFull returns the last full moon, nil beyond the ephemeris.
func (l *Lunations) PreviousFull() *time.Time { return instant(l.Lunations.PreviousFull) }

// NextFull returns the next full moon, nil beyond the ephemeris.
func (l *Lunations) NextFull() *time.Time { return instant(l.Lunations.NextFull) }

// AgeDays returns the days since the last new moon, nil when that lies beyond the ephemeris.
func (l *Lunations) AgeDays() *float64 { return number(l.Lunations.AgeDays) }

// instant returns a time, nil for one that is not known.
func instant(t time.Time) *time.Time { return known(t, !t.IsZero()) }

// number returns a number, nil for none.
func number(x float64) *float64 { return known(x, !math.IsNaN(x)) }
