package hub

import "sync/atomic"

// Stats is how a hub does. The counts are since it was made.
type Stats struct {
	Subscriptions int64  // now
	Events        uint64 // taken from the stream
	Replays       uint64 // subscriptions that began with a read of the stream
	FellBehind    uint64 // times that the buffer of a subscription was full
	Reads         uint64 // of the stream
	Slow          uint64 // subscriptions that ended since they were too far behind
	Head          uint64 // the sequence of the newest event seen
	Reached       bool   // the stream is being followed
}

// figures are what Stats is made of.
type figures struct {
	subscriptions                              atomic.Int64
	events, replays, behind, reads, slow, head atomic.Uint64
	reached                                    atomic.Bool
}

// Stats returns how the hub does. It waits for nothing.
func (h *Hub) Stats() Stats {
	f := &h.figures

	return Stats{
		Subscriptions: f.subscriptions.Load(),
		Events:        f.events.Load(),
		Replays:       f.replays.Load(),
		FellBehind:    f.behind.Load(),
		Reads:         f.reads.Load(),
		Slow:          f.slow.Load(),
		Head:          f.head.Load(),
		Reached:       f.reached.Load(),
	}
}
