package resilience

import "time"

// openPeriods is a breaker as the library asks it how long to stay open. The library asks when it opens or closes, which it does under b's lock.
type openPeriods breaker

// NextBackOff returns the next open period: twice as long each time, and not over before the service wants to be called again.
func (o *openPeriods) NextBackOff() time.Duration {
	now := time.Now()
	period := max(o.openFor, o.held.Sub(now))
	o.reopens = now.Add(period)
	o.openFor += min(o.openFor, o.policy.MaxOpenFor-o.openFor)

	return period
}

// Reset begins again with the shortest period.
func (o *openPeriods) Reset() { o.openFor = o.policy.OpenFor }
