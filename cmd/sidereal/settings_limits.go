package main

import (
	"fmt"
	"strconv"
	"time"

	"sidereal/graph/limit"
)

// limitConfig is the settings of limits of what a client may ask for.
type limitConfig struct {
	Operation    limit.Config
	MaxBodyBytes int64
	MaxTime      time.Duration // of a query or a mutation
}

// limitSettings are their rows of the table.
var limitSettings = []setting{
	limitSetting("MAX_BODY_BYTES", 1<<20, 1024, "bytes of a request, and of a message over a WebSocket", func(c *limitConfig, n int) { c.MaxBodyBytes = int64(n) }),
	limitSetting("MAX_TOKENS", 10_000, 0, "tokens of a document", func(c *limitConfig, n int) { c.Operation.MaxTokens = n }),
	limitSetting("MAX_DEPTH", 15, 0, "levels of fields in an operation", func(c *limitConfig, n int) { c.Operation.MaxDepth = n }),
	limitSetting("MAX_ALIASES", 50, 0, "aliases in an operation", func(c *limitConfig, n int) { c.Operation.MaxAliases = n }),
	limitSetting("MAX_ROOT_FIELDS", 20, 0, "root fields of an operation", func(c *limitConfig, n int) { c.Operation.MaxRootFields = n }),
	limitSetting("MAX_FIELDS", 5000, 1, "fields of a document, with its fragments spread out", func(c *limitConfig, n int) { c.Operation.MaxFields = n }),
	limitSetting("MAX_FRAGMENTS", 200, 0, "fragments of a document", func(c *limitConfig, n int) { c.Operation.MaxFragments = n }),
	limitSetting("MAX_COST", 100_000, 0, "points that an operation may cost; a point is about 10 µs", func(c *limitConfig, n int) { c.Operation.MaxCost = n }),
	limitSetting("RATE_ANONYMOUS_POINTS", 10_000, 0, "points that an address has at most, from where nobody signed in",
		func(c *limitConfig, n int) { c.Operation.Anonymous.Points = n }),
	limitSetting("RATE_ANONYMOUS_PER_SECOND", 500, 1, "points that come back to it every second", func(c *limitConfig, n int) { c.Operation.Anonymous.PerSecond = n }),
	limitSetting("RATE_POINTS", 100_000, 0, "points that a user, or an API key, has at most", func(c *limitConfig, n int) { c.Operation.SignedIn.Points = n }),
	limitSetting("RATE_PER_SECOND", 5000, 1, "points that come back to them every second", func(c *limitConfig, n int) { c.Operation.SignedIn.PerSecond = n }),
	{"MAX_EXECUTION_TIME", "30s", "how long a query or a mutation may take", func(c *config, v string) error {
		return duration(&c.Limits.MaxTime, v, time.Microsecond)
	}},
}

// mostOfLimit is more than anybody needs, and fits an Int of GraphQL.
const mostOfLimit = 1_000_000_000

// limitSetting is the row of a whole number from least on; 0 is no limit.
func limitSetting(name string, fallback, least int, meaning string, set func(c *limitConfig, n int)) setting {
	if least == 0 {
		meaning += "; 0 for no limit"
	}

	return setting{name, strconv.Itoa(fallback), meaning, func(c *config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > mostOfLimit {
			return fmt.Errorf("must be a whole number from %d to %d", least, mostOfLimit)
		}

		set(&c.Limits, n)

		return nil
	}}
}
