package resolvers

import (
	"time"

	"sidereal/chart"
	"sidereal/chart/transit"
	"sidereal/chart/wheel"
)

// recent is what was computed lately of charts at instants that the caller named. It follows from them alone, and takes a thousand times as long as to look it up.
type recent struct {
	transits *chart.Recent[transitKey, []transit.Transit]
	wheels   *chart.Recent[wheelKey, string]
}

// transitKey is what the transits follow from when all bodies, targets and usual orbs are asked for.
type transitKey struct {
	birth  chart.Birth
	at     time.Time
	zodiac chart.Zodiac
}

// wheelKey is what a wheel follows from, or one with the moving sky around it.
type wheelKey struct {
	birth  chart.Birth // and not its hash: a wheel shows the name of the place
	at     time.Time   // zero for a wheel of the chart alone
	theme  wheel.Theme
	size   int
	zodiac chart.Zodiac
	system chart.HouseSystem
	title  string
	titled bool
}

// recentResults is how many of each kind are kept, and at most twice as many: about 15 kB for transits, 35 kB for a wheel.
const recentResults = 32

func newRecent() recent {
	return recent{
		transits: chart.NewRecent[transitKey, []transit.Transit](recentResults),
		wheels:   chart.NewRecent[wheelKey, string](recentResults),
	}
}
