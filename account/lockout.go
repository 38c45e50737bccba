package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"sidereal/fault"
)

// Tally is how often something was attempted.
type Tally struct {
	Key          string // what is attempted, hashed: the store need not know whose addresses were tried
	Count        int
	LastAt       time.Time
	BlockedUntil time.Time
}

// The back-off: the first attempt beyond the free ones is followed by a wait of firstWait, and every further one by twice the wait before, up to maxWait.
const (
	firstWait = time.Second
	maxWait   = 15 * time.Minute
)

// How long a tally is remembered after its last attempt. An account's is so long that about a hundred guesses a day are left (NIST SP 800-63B, section 5.2.2, asks
// for no more than a hundred in a row); behind one address there may be many people, who should not suffer from each other's mistakes of yesterday.
const (
	forgetAccount = 24 * time.Hour
	forgetAddress = time.Hour
)

// trial is something that may be attempted so often.
type trial struct {
	key    string
	free   int           // attempts before the back-off begins; negative for any number
	forget time.Duration // after the last attempt
	whole  bool          // a success wipes the tally out; else it takes back its own attempt only
}

func tallyKey(kind, of string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + of))

	return hex.EncodeToString(sum[:])
}

// signInTrials are the tallies of a sign-in with an address of an account, whether it exists or not.
//
// A success wipes out the tally of the account. From that of the client's address it takes only itself: whoever has an account of their own could else guess the
// passwords of others for ever.
func (s *Service) signInTrials(ctx context.Context, email string) []trial {
	trials := []trial{{key: tallyKey("account", email), free: s.cfg.FreeSignIns, forget: forgetAccount, whole: true}}

	return append(trials, addressTrials(ctx, "address", s.cfg.FreeAddressSignIns)...)
}

// addressTrials is the tally of the client's address: none when that is unknown.
func addressTrials(ctx context.Context, kind string, free int) []trial {
	network, ok := NetworkFrom(ctx)
	if !ok {
		return nil
	}

	return []trial{{key: tallyKey(kind, network.String()), free: free, forget: forgetAddress}}
}

// attempt counts an attempt before it is made, so that of many at once no more get through than one after the other would. While one of the tallies is blocked the
// attempt is not counted and the answer is a RATE_LIMITED fault.
func (s *Service) attempt(ctx context.Context, trials []trial) error {
	now := s.now()

	var wait time.Duration

	err := s.tally(ctx, trials, func(t *Tally, tr trial) bool {
		if now.Sub(t.LastAt) >= tr.forget {
			*t = Tally{Key: t.Key}
		}

		wait = max(wait, t.BlockedUntil.Sub(now))
		t.Count++
		t.LastAt = now
		t.BlockedUntil = now.Add(tr.wait(t.Count))

		return true
	}, func() bool { return wait <= 0 })
	if err != nil {
		return err
	}

	if wait > 0 {
		f := fault.New(fault.RateLimited, "too many attempts; try again later")
		f.RetryAfter = wait

		return f
	}

	return nil
}

// succeeded takes an attempt back that did not fail, and wipes the tallies out that a success does.
func (s *Service) succeeded(ctx context.Context, trials []trial) error {
	return s.takeBack(ctx, trials, true)
}

// takeBack takes an attempt back.
func (s *Service) takeBack(ctx context.Context, trials []trial, success bool) error {
	return s.tally(ctx, trials, func(t *Tally, tr trial) bool {
		switch {
		case t.Count == 0:
			return false
		case tr.whole && success:
			*t = Tally{Key: t.Key}
		default:
			t.Count--

			if tr.wait(t.Count) == 0 {
				t.BlockedUntil = time.Time{}
			}
		}

		return true
	}, func() bool { return true })
}

func (s *Service) tally(ctx context.Context, trials []trial, change func(*Tally, trial) bool, keep func() bool) error {
	var (
		keys    []string
		counted []trial
	)

	for _, tr := range trials {
		if tr.free >= 0 {
			keys, counted = append(keys, tr.key), append(counted, tr)
		}
	}

	if len(keys) == 0 {
		return nil
	}

	err := s.store.Tally(ctx, keys, func(tallies []Tally) bool {
		changed := false
		for i := range tallies {
			changed = change(&tallies[i], counted[i]) || changed
		}

		return changed && keep()
	})
	if err != nil {
		return fmt.Errorf("account: tally: %w", err)
	}

	return nil
}

// wait returns how long nothing may be attempted after the count-th attempt has failed.
func (t trial) wait(count int) time.Duration {
	beyond := count - t.free
	if t.free < 0 || beyond < 0 {
		return 0
	}

	return min(firstWait<<min(beyond, 20), maxWait)
}
