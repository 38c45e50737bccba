package reading

import (
	"context"
	"errors"
	"fmt"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/job"
)

// Cancel has the viewer not follow a reading any more, and ends it when nobody does; an administrator ends it whoever does. A reading that has ended is returned as it
// is. cancelled says whether it was under way and was ended so, by this call or by another at the same moment. NOT_FOUND for an id of no reading, FORBIDDEN for who
// does not follow it. All who have not signed in are one follower.
//
// Nobody who asks for the same meanwhile loses a reading by that: the store has withdrawing and asking come one after the other, so that who asks before the last
// follower withdraws is counted, and who asks behind that gets another reading. What an administrator ends has followers, who are told.
func (s *Service) Cancel(ctx context.Context, id string) (r Reading, cancelled bool, err error) {
	who, err := asker(ctx, account.ScopeWrite)
	if err != nil {
		return Reading{}, false, err
	}

	if r, err = s.find(ctx, id); err != nil || r.Status.Ended() {
		return r, false, err
	}

	alone, err := s.withdraw(ctx, id, who)
	if err != nil || !alone {
		return r, false, err
	}

	ended, err := s.jobs.Cancel(ctx, id)
	if err != nil {
		return Reading{}, false, fmt.Errorf("reading: cancel: %w", err)
	}

	r, err = s.find(ctx, id)

	return r, ended.Status == job.Cancelled, err
}

// withdraw has an account not follow a reading, and says whether that is to end it. An administrator need not follow it.
func (s *Service) withdraw(ctx context.Context, id, who string) (end bool, err error) {
	admin := account.Require(ctx, account.Need{Role: account.Admin, Scope: account.ScopeWrite | account.ScopeAdmin}) == nil
	left, err := s.config.Store.Withdraw(ctx, id, who)

	switch {
	case errors.Is(err, ErrUnknown) && admin:
		return true, nil
	case errors.Is(err, ErrUnknown):
		return false, fault.New(fault.Forbidden, "only who asked for the reading may cancel it")
	case err != nil:
		return false, fmt.Errorf("reading: cancel: %w", err)
	}

	return admin || left == 0, nil
}

func (s *Service) find(ctx context.Context, id string) (Reading, error) {
	found, err := s.ByIDs(ctx, []string{id})
	if err != nil {
		return Reading{}, err
	}

	r, ok := found[id]
	if !ok {
		return Reading{}, ErrUnknown
	}

	return r, nil
}
