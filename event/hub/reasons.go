package hub

import (
	"errors"
	"time"

	"sidereal/event"
	"sidereal/fault"
)

// retryAfter is when the stream may be in reach again: about when the hub tries it next.
const retryAfter = 2 * time.Second

var (
	errStuck = errors.New("hub: a read of the stream did not come further")
	errEnded = errors.New("hub: follow ended without a reason")
)

// unavailable says that the stream cannot be reached.
func unavailable(cause error) error {
	e := fault.Wrap(cause, fault.UpstreamUnavailable, "events cannot be read at the moment; try again")
	e.RetryAfter = retryAfter

	return e
}

// expired says that the stream does not hold what comes behind a place. Who resumes behind the earliest one gets all that is left.
func expired(state event.State) error {
	return fault.New(fault.CursorExpired, "the stream of events no longer holds what came behind this cursor; the detail earliest is the cursor before the oldest event").
		WithDetail("earliest", earliest(state).String())
}

// tooSlow says that a subscription was read too slowly.
func tooSlow(place event.Cursor) error {
	return fault.New(fault.RateLimited, "too slow: too many events came since the last one that was read; resume after the cursor in the detail resumeAfter").
		WithDetail("resumeAfter", place.String())
}
