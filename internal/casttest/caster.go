// Package casttest gives tests what charts are cast with.
package casttest

import (
	"sync"
	"testing"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/ephemeris"
)

// opened is a caster with its time zones.
type opened struct {
	caster *chart.Caster
	zones  *atlas.Zones
}

// open opens both once for all tests of a binary.
var open = sync.OnceValues(func() (opened, error) {
	planets, err := ephemeris.Open()
	if err != nil {
		return opened{}, err
	}

	zones, err := atlas.OpenZones()

	return opened{chart.NewCaster(planets, zones), zones}, err
})

// Open returns a caster and its time zones.
func Open(t testing.TB) (*chart.Caster, *atlas.Zones) {
	t.Helper()

	o, err := open()
	if err != nil {
		t.Fatal(err)
	}

	return o.caster, o.zones
}

// Caster returns a caster.
func Caster(t testing.TB) *chart.Caster {
	t.Helper()

	caster, _ := Open(t)

	return caster
}
