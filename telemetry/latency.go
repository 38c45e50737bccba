package telemetry

import (
	"math"
	"sort"
	"sync/atomic"
	"time"
)

const (
	leastLatency      = time.Millisecond // the bound of the first bucket
	bucketsPerDecade  = 8                // a quantile is off by a third of itself at most
	latencyDecades    = 4                // the last bound is 10 s
	latencyBuckets    = bucketsPerDecade*latencyDecades + 1
	latencyQuantile50 = 0.50
	latencyQuantile95 = 0.95
	latencyQuantile99 = 0.99
)

// LatencySnapshot is how long something took, since the start. The quantiles are interpolated between the bounds of buckets; all is 0 when there was nothing.
type LatencySnapshot struct {
	Count         uint64
	P50, P95, P99 time.Duration
	Max           time.Duration
	Buckets       []LatencyBucket // shortest first; each counts what took longer than the bound before, the last one without a bound
}

// LatencyBucket counts what took at most so long.
type LatencyBucket struct {
	UpTo  time.Duration // 0 for all that is longer than the other bounds
	Count uint64
}

// Latency is a histogram of durations with fixed buckets, from 1 ms to 10 s, eight a decade. It is safe for concurrent use and never waits.
type Latency struct {
	bounds  [latencyBuckets]time.Duration
	counts  [latencyBuckets + 1]atomic.Uint64 // the last one for what is longer than all bounds
	longest atomic.Int64                      // nanoseconds
}

// NewLatency returns an empty histogram.
func NewLatency() *Latency {
	l := new(Latency)
	for i := range l.bounds {
		l.bounds[i] = time.Duration(math.Round(float64(leastLatency) * math.Pow(10, float64(i)/bucketsPerDecade)))
	}

	return l
}

// Observe counts a duration.
func (l *Latency) Observe(d time.Duration) {
	l.counts[sort.Search(latencyBuckets, func(i int) bool { return d <= l.bounds[i] })].Add(1)

	for longest := l.longest.Load(); int64(d) > longest && !l.longest.CompareAndSwap(longest, int64(d)); longest = l.longest.Load() {
	}
}

// Snapshot reads the histogram. What is observed at the same time is in it or not.
func (l *Latency) Snapshot() LatencySnapshot {
	s := LatencySnapshot{Buckets: make([]LatencyBucket, len(l.counts)), Max: time.Duration(l.longest.Load())}

	for i := range l.counts {
		s.Buckets[i].Count = l.counts[i].Load()
		s.Count += s.Buckets[i].Count

		if i < len(l.bounds) {
			s.Buckets[i].UpTo = l.bounds[i]
		}
	}

	s.P50, s.P95, s.P99 = s.quantile(latencyQuantile50), s.quantile(latencyQuantile95), s.quantile(latencyQuantile99)

	return s
}

// quantile returns the duration that the fraction q of all did not exceed, as if those of a bucket were spread evenly in it.
func (s *LatencySnapshot) quantile(q float64) time.Duration {
	rank, lower := q*float64(s.Count), time.Duration(0)

	for _, bucket := range s.Buckets {
		upper := bucket.UpTo
		if upper == 0 || upper > s.Max {
			upper = max(s.Max, lower)
		}

		if count := float64(bucket.Count); count > 0 && rank <= count {
			return lower + time.Duration(float64(upper-lower)*rank/count)
		}

		rank -= float64(bucket.Count)
		lower = bucket.UpTo
	}

	return s.Max
}
