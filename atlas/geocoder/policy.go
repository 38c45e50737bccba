package geocoder

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"sidereal/fault"
	"sidereal/resilience"
)

// maxRetryAfter bounds what callers are told to wait.
const maxRetryAfter = time.Hour

// complete returns the config with its zero values replaced.
func (c Config) complete() Config {
	c.BaseURL = cmp.Or(c.BaseURL, DefaultBaseURL)
	c.Language = cmp.Or(c.Language, "en")
	c.Timeout = cmp.Or(c.Timeout, 5*time.Second)
	c.Interval = cmp.Or(c.Interval, time.Second)
	c.MaxWait = cmp.Or(c.MaxWait, 3*time.Second)
	c.MaxBytes = cmp.Or(c.MaxBytes, 256<<10)
	c.Client = cmp.Or(c.Client, &http.Client{})

	return c
}

// Policy returns a policy with what the service needs of it: a try has time for its turn and its request, and a service that wants to be left alone for longer than callers
// wait for their turn is not waited for.
func (c Config) Policy(p resilience.Policy) resilience.Policy {
	c = c.complete()
	p.Timeout, p.MaxWait = c.MaxWait+c.Timeout, c.MaxWait

	return p
}

// asFault makes a fault of whatever went wrong with a call.
func (n *Nominatim) asFault(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}

	status, answered := errors.AsType[*resilience.StatusError](err)
	_, refused := errors.AsType[*resilience.RejectedError](err)

	switch {
	case answered && resilience.Classify(status) != resilience.Transient:
		return fault.Wrap(err, fault.UpstreamUnavailable, "the geocoding service refused the request")
	case answered || refused:
		e := fault.Wrap(err, fault.UpstreamUnavailable, "the geocoding service is not available at the moment")
		e.RetryAfter = min(max(resilience.RetryAfter(err), n.config.Interval), maxRetryAfter)

		return e
	case isTimeout(err):
		return fault.Wrap(err, fault.Timeout, "the geocoding service did not answer in time")
	default:
		return fault.Wrap(err, fault.UpstreamUnavailable, "the geocoding service could not be asked")
	}
}

func isTimeout(err error) bool {
	var timed net.Error

	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timed) && timed.Timeout()
}
