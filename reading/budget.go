package reading

import (
	"context"
	"fmt"
	"time"

	"sidereal/fault"
)

// dayOf returns the day of UTC that an instant is in, as its first instant.
func dayOf(at time.Time) time.Time {
	year, month, day := at.UTC().Date()

	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// noonOf returns 12:00 UTC of the day of an instant: transits are told of a day, so that all who ask on it ask for the same.
func noonOf(at time.Time) time.Time { return dayOf(at).Add(12 * time.Hour) }

// overBudget returns a RATE_LIMITED fault when the account's tokens of the day are used up, else nil. It is looked at before each call, so that an account may go over it by what
// the calls under way use.
func (c *Config) overBudget(ctx context.Context, account string) (*fault.Error, error) {
	if c.DailyTokens == 0 {
		return nil, nil //nolint:nilnil // as documented
	}

	now := c.Now()
	today := dayOf(now)

	used, err := c.Store.Spent(ctx, account, today)
	if err != nil {
		return nil, fmt.Errorf("reading: budget: %w", err)
	}

	if used.Tokens() < c.DailyTokens {
		return nil, nil //nolint:nilnil // as documented
	}

	limited := fault.New(fault.RateLimited, "the tokens of the language model are used up until 00:00 UTC")
	limited.RetryAfter = today.AddDate(0, 0, 1).Sub(now)

	return limited, nil
}
