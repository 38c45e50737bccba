package main

import (
	"errors"
	"strconv"
	"time"

	"sidereal/resilience"
)

// resilienceSettings are the rows of the table for calls of services outside. They hold for each service, with a circuit breaker of its own.
var resilienceSettings = []setting{
	{"RETRY_TRIES", "3", "how often a service outside is tried in one call, the first time counted, 1 to 20", func(c *config, v string) error {
		return wholeNumber(&c.Resilience.Tries, v, 1, 20)
	}},
	{"RETRY_BACKOFF", "250ms", "longest pause before the second try; it doubles with each try, and is drawn by chance up to that", func(c *config, v string) error {
		return durationWithin(&c.Resilience.Backoff, v, time.Millisecond, time.Minute)
	}},
	{"RETRY_MAX_BACKOFF", "10s", "longest pause before any try, unless the service asks for a longer one", func(c *config, v string) error {
		return durationWithin(&c.Resilience.MaxBackoff, v, time.Millisecond, 10*time.Minute)
	}},
	{"BREAKER_WINDOW", "30s", "time over which the results of calls outside are counted, for the circuit breaker", func(c *config, v string) error {
		return durationWithin(&c.Resilience.Window, v, 100*time.Millisecond, time.Hour)
	}},
	{"BREAKER_FAILURE_RATE", "0.5", "share of failures among them at which the circuit breaker opens and calls are refused, above 0, up to 1", func(c *config, v string) error {
		rate, err := strconv.ParseFloat(v, 64)
		if c.Resilience.FailureRate = rate; err != nil || !(rate > 0 && rate <= 1) {
			return errors.New("must be a number above 0, up to 1")
		}

		return nil
	}},
	{"BREAKER_MIN_CALLS", "5", "results below which the share is not looked at", func(c *config, v string) error {
		return wholeNumber(&c.Resilience.MinCalls, v, 1, 1_000_000)
	}},
	{"BREAKER_IN_ROW", "10", "failures in a row at which it opens in any case", func(c *config, v string) error {
		return wholeNumber(&c.Resilience.InRow, v, 1, 1_000_000)
	}},
	{"BREAKER_OPEN_FOR", "10s", "how long it stays open before a probe", func(c *config, v string) error {
		return durationWithin(&c.Resilience.OpenFor, v, 10*time.Millisecond, time.Hour)
	}},
	{"BREAKER_PROBES", "1", "calls that probe whether the service is well again; all of them have to succeed", func(c *config, v string) error {
		return wholeNumber(&c.Resilience.Probes, v, 1, 1000)
	}},
}

// policy returns how services outside are called, before what each of them needs.
func (c *config) policy() resilience.Policy { return c.Resilience }
