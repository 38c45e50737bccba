package chart

import "sync/atomic"

// kept are facts of a chart that take long to find. Each is found when it is first asked for, perhaps by several at once, who find the same; nobody changes it.
type kept struct {
	houses    [ZodiacCount][HouseSystemCount]atomic.Pointer[Houses]
	stations  atomic.Pointer[[]Stations]
	lunations atomic.Pointer[Lunations]
	solarYear atomic.Pointer[ChineseSolarYear]
	lunarYear atomic.Pointer[ChineseLunarYear]
}

// keeping returns the fact that in holds, and finds it if it holds none.
func keeping[T any](in *atomic.Pointer[T], find func() T) *T {
	if known := in.Load(); known != nil {
		return known
	}

	found := find()
	in.Store(&found)

	return &found
}
