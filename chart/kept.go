package chart

import (
	"sync"
	"sync/atomic"
)

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

// recentCharts is how many charts are kept at least; twice as many at most, of about 10 kB with their facts.
const recentCharts = 128

// recent keeps the charts that were asked for last, with what was found out about them: a chart is a pure function of its birth. There are two generations; when
// the young one is full it becomes the old one, and what is asked for of the old one becomes young again.
type recent struct {
	mu         sync.Mutex
	young, old map[Hash]*Chart
}

// get returns the chart of a birth, nil when it is not kept. The birth has to be the same in what its hash does not tell, too: the names of place and zone.
func (r *recent) get(hash Hash, birth *Birth) *Chart {
	r.mu.Lock()
	defer r.mu.Unlock()

	chart := r.young[hash]

	if chart == nil {
		if chart = r.old[hash]; chart != nil {
			r.put(chart)
		}
	}

	if chart == nil || chart.Birth != *birth {
		return nil
	}

	return chart
}

func (r *recent) add(chart *Chart) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.put(chart)
}

// put is called under the lock.
func (r *recent) put(chart *Chart) {
	if r.young == nil || len(r.young) >= recentCharts {
		r.young, r.old = make(map[Hash]*Chart, recentCharts), r.young
	}

	r.young[chart.Hash] = chart
}
