package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"sidereal/fault"
)

const (
	// MaxFirst is how many accounts may be asked for at once.
	MaxFirst = 100

	maxSearch = 254 // bytes
)

// List returns a page of the accounts whose address holds a text, newest first, that starts behind an id. A text that is too long or has control characters,
// or a limit outside 1 to MaxFirst, is a VALIDATION_FAILED fault of "search" or "first". Whoever asks must have seen to it that the viewer is an administrator.
func (s *Service) List(ctx context.Context, search, after string, first int) (Page, error) {
	search = strings.ToLower(strings.TrimSpace(search))

	if len(search) > maxSearch {
		return Page{}, fault.Invalid("search", "has at most %d bytes", maxSearch)
	}

	if strings.ContainsFunc(search, unicode.IsControl) { // no address has one, and no database can look for a null
		return Page{}, fault.Invalid("search", "must have no control characters")
	}

	if first < 1 || first > MaxFirst {
		return Page{}, fault.Invalid("first", "must be 1 to %d, not %d", MaxFirst, first)
	}

	page, err := s.store.AccountPage(ctx, Query{Search: search, After: after, Limit: first})
	if err != nil {
		return Page{}, fmt.Errorf("account: list: %w", err)
	}

	return page, nil
}

// SetRole gives an account another role: at once in this process, in others within recheck. An unknown one is a NOT_FOUND fault of "userId"; to take the role from the
// last administrator is a CONFLICT of "role". Whoever asks must have seen to it that the viewer is an administrator.
func (s *Service) SetRole(ctx context.Context, accountID string, role Role) (Account, error) {
	a, err := s.store.SetRole(ctx, accountID, role)

	switch {
	case errors.Is(err, ErrLastAdmin):
		f := fault.New(fault.Conflict, "this is the last administrator; make another one first")
		f.Field = "role"

		return Account{}, f
	case err != nil:
		return Account{}, notFound(err, "userId", "User", "")
	}

	s.forget(Change{AccountID: accountID})

	return a, nil
}

// ByEmail returns the account with that address; a NOT_FOUND fault when there is none. It is for operators.
func (s *Service) ByEmail(ctx context.Context, email string) (Account, error) {
	email, err := CleanEmail(email)
	if err != nil {
		return Account{}, err
	}

	found, err := s.store.Credentials(ctx, email)

	return found.Account, notFound(err, "email", "User", "")
}
