package main

import (
	"math"
	"strconv"
	"time"

	"sidereal/account/presence"
)

// liveConfig is the settings of long connections: WebSockets, and answers by Server-Sent Events.
type liveConfig struct {
	Limits           presence.Limits
	MaxSubscriptions int // of a connection; 0 for no limit
	Recheck          time.Duration
}

// liveSettings are their rows of the table.
var liveSettings = []setting{
	streamSetting("MAX_STREAMS", 20_000, "WebSockets, and answers by Server-Sent Events, open at once; more get 503", func(c *liveConfig) *int { return &c.Limits.All }),
	streamSetting("MAX_STREAMS_PER_USER", 100, "of them those of one account", func(c *liveConfig) *int { return &c.Limits.PerAccount }),
	streamSetting("MAX_STREAMS_PER_ADDRESS", 100, "of them those of one network address, from where nobody signed in",
		func(c *liveConfig) *int { return &c.Limits.PerNetwork }),
	streamSetting("MAX_SUBSCRIPTIONS", 100, "operations at once on a WebSocket", func(c *liveConfig) *int { return &c.MaxSubscriptions }),
	{"STREAM_RECHECK", "30s", "within which time it is noticed that a token of such a connection is no longer good, 1s to 1h", func(c *config, v string) error {
		return durationWithin(&c.Live.Recheck, v, time.Second, time.Hour)
	}},
}

// streamSetting is the row of a limit of connections; 0 is none.
func streamSetting(name string, fallback int, meaning string, into func(c *liveConfig) *int) setting {
	return setting{name, strconv.Itoa(fallback), meaning + "; 0 for no limit", func(c *config, v string) error {
		return wholeNumber(into(&c.Live), v, 0, math.MaxInt32)
	}}
}
