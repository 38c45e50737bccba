package resilience

import (
	"context"
	"time"
)

// Dependency is a service outside, as Do calls it. Registry.Add makes one.
type Dependency struct {
	name    string
	policy  Policy
	breaker *breaker
	places  chan struct{} // one for each try under way; nil for any number
}

// Name returns the name that it was added under.
func (d *Dependency) Name() string { return d.name }

// Status returns what there is to see of it.
func (d *Dependency) Status() Status { return d.breaker.status(d.name) }

func (d *Dependency) begin() *run {
	d.breaker.called()

	return &run{dependency: d}
}

// admit gives leave for a try, which settle gives back: a place first, which may have to be waited for, and then the breaker's leave, so that no probe waits for a place
// while others are refused for its sake.
func (d *Dependency) admit(ctx context.Context, again bool) (ticket, error) {
	if d.places != nil {
		if refused := d.breaker.refuses(); refused != nil {
			return ticket{}, refused
		}

		if err := d.enter(ctx); err != nil {
			return ticket{}, err
		}
	}

	t, refused := d.breaker.admit(again)
	if refused != nil {
		d.leave()

		return ticket{}, refused
	}

	return t, nil
}

// settle ends a try.
func (d *Dependency) settle(t ticket, o outcome) {
	d.leave()
	d.breaker.settle(t, o)
}

// enter takes a place.
func (d *Dependency) enter(ctx context.Context) error {
	select {
	case d.places <- struct{}{}:
		return nil
	default:
	}

	timer := time.NewTimer(d.policy.QueueFor)
	defer timer.Stop()

	select {
	case d.places <- struct{}{}:
		return nil
	case <-timer.C:
		d.breaker.turnedAway()

		return &RejectedError{Dependency: d.name, Reason: ReasonFull}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Dependency) leave() {
	if d.places != nil {
		<-d.places
	}
}
