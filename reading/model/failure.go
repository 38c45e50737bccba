package model

import (
	"context"
	"errors"
	"time"

	"sidereal/fault"
	"sidereal/resilience"
)

// failure turns the error of a call into one for the caller: the listener's or the caller's context's own, or a fault.
func failure(ctx context.Context, err error) error {
	if heard, ok := errors.AsType[*listenerError](err); ok {
		return heard.error
	}

	if ctx.Err() != nil {
		return ctx.Err()
	}

	last := err

	if spent, ok := errors.AsType[*resilience.ExhaustedError](err); ok {
		last = spent.Last // and not what stopped it
	} else if refused, ok := errors.AsType[*resilience.RejectedError](err); ok {
		return after(fault.Wrap(err, fault.UpstreamUnavailable, "the language model is not asked: %s", reasons[refused.Reason]), refused.After)
	}

	if errors.Is(last, context.DeadlineExceeded) {
		return after(fault.Wrap(err, fault.Timeout, "the language model did not answer in time"), resilience.RetryAfter(err))
	}

	if status, ok := errors.AsType[*resilience.StatusError](last); ok && classify(status) == resilience.Failed {
		return fault.Wrap(err, fault.UpstreamUnavailable, "the language model's service refused the request")
	}

	return after(fault.Wrap(err, fault.UpstreamUnavailable, "the language model is not available"), resilience.RetryAfter(err))
}

var reasons = map[resilience.Reason]string{
	resilience.ReasonOpen:       "it failed too often",
	resilience.ReasonProbing:    "it failed too often, and is being tried out",
	resilience.ReasonForcedOpen: "an operator has switched it off",
	resilience.ReasonToldToWait: "it has asked for a pause",
	resilience.ReasonFull:       "too many calls are under way",
}

func after(f *fault.Error, wait time.Duration) error {
	f.RetryAfter = wait

	return f
}
