package account

import (
	"context"
	"errors"
	"fmt"

	"sidereal/event"
	"sidereal/fault"
)

// SignUp is who wants an account.
type SignUp struct {
	Email    string
	Password string
	Name     string // may be empty
}

// register checks who wants an account, hashes the password, and returns what is to be stored.
func (s *Service) register(ctx context.Context, in SignUp, role Role) (Credentials, error) {
	email, err := CleanEmail(in.Email)
	if err != nil {
		return Credentials{}, err
	}

	password, err := newPassword("password", in.Password, email)
	if err != nil {
		return Credentials{}, err
	}

	name, err := cleanName("name", in.Name, maxName)
	if err != nil {
		return Credentials{}, err
	}

	if _, err = s.store.Credentials(ctx, email); !errors.Is(err, ErrUnknown) { // before the work of hashing
		return Credentials{}, orTaken(err)
	}

	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return Credentials{}, err
	}

	now := s.now()

	return Credentials{Account: Account{ID: newID(now), Email: email, Name: name, Role: role, CreatedAt: now}, PasswordHash: hash}, nil
}

// orTaken returns err, or the fault of an address that has an account for nil and ErrTaken.
func orTaken(err error) error {
	if err == nil || errors.Is(err, ErrTaken) {
		f := fault.New(fault.Conflict, "there is an account with this e-mail address; sign in, or take another")
		f.Field = "email"

		return f
	}

	return err
}

// SignUp makes an account and signs in. Faults name the fields "email", "password" and "name"; an address that has an account is a CONFLICT of "email".
func (s *Service) SignUp(ctx context.Context, in SignUp) (Grant, error) {
	if err := s.attempt(ctx, addressTrials(ctx, "sign-up", s.cfg.FreeSignUps)); err != nil {
		return Grant{}, err
	}

	a, err := s.register(ctx, in, User)
	if err != nil {
		return Grant{}, err
	}

	opening, refreshToken := s.newOpening(ctx, a.ID)

	err = s.store.Create(ctx, a, &opening, event.New(event.UserRegistered, a.CreatedAt, a.ID, a.ID, event.UserRegisteredData{}),
		event.New(event.UserLoggedIn, a.CreatedAt, a.ID, a.ID, event.UserLoggedInData{Session: opening.ID}))
	if errors.Is(err, ErrTaken) {
		return Grant{}, orTaken(err)
	}

	if err != nil {
		return Grant{}, fmt.Errorf("account: sign up: %w", err)
	}

	return s.grant(a.Account, opening.Session, refreshToken)
}

// Add makes an account without signing in. It is for operators: no viewer is asked for.
func (s *Service) Add(ctx context.Context, in SignUp, role Role) (Account, error) {
	a, err := s.register(ctx, in, role)
	if err != nil {
		return Account{}, err
	}

	err = s.store.Create(ctx, a, nil, event.New(event.UserRegistered, a.CreatedAt, a.ID, a.ID, event.UserRegisteredData{}))
	if errors.Is(err, ErrTaken) {
		return Account{}, orTaken(err)
	}

	if err != nil {
		return Account{}, fmt.Errorf("account: add: %w", err)
	}

	return a.Account, nil
}

// SignIn opens a session. Whether it is the address or the password that is wrong, the answer is one and the same UNAUTHENTICATED fault after the same work. Too many
// failures lock an address, whether it has an account or not, and the client's address out: RATE_LIMITED with a time to retry after, also for the right password.
func (s *Service) SignIn(ctx context.Context, email, password string) (Grant, error) {
	email, err := CleanEmail(email)
	if err != nil {
		return Grant{}, err
	}

	password, err = normalPassword("password", password)
	if err != nil {
		return Grant{}, err
	}

	trials := s.signInTrials(ctx, email)
	if err = s.attempt(ctx, trials); err != nil {
		return Grant{}, err
	}

	found, rehash, err := s.verify(ctx, email, password)
	if fault.CodeOf(err) == fault.RateLimited {
		err = errors.Join(err, s.takeBack(ctx, trials, false)) // nothing was tried: the password did not get its turn
	}

	if err != nil {
		return Grant{}, err
	}

	opening, refreshToken := s.newOpening(ctx, found.ID)

	err = s.store.Open(ctx, opening, found.PasswordHash, rehash, event.New(event.UserLoggedIn, opening.CreatedAt, found.ID, found.ID, event.UserLoggedInData{Session: opening.ID}))
	if errors.Is(err, ErrChanged) {
		return Grant{}, wrongPassword()
	}

	if err != nil {
		return Grant{}, fmt.Errorf("account: sign in: %w", err)
	}

	if err = s.succeeded(ctx, trials); err != nil {
		return Grant{}, err
	}

	return s.grant(found.Account, opening.Session, refreshToken)
}

func wrongPassword() error {
	return fault.New(fault.Unauthenticated, "the e-mail address or the password is wrong")
}

// verify returns the account with that address and password; an UNAUTHENTICATED fault when there is none. A hash is verified in any case. Rehash is not empty when the
// stored one was made with lesser parameters than today's.
func (s *Service) verify(ctx context.Context, email, password string) (found Credentials, rehash string, err error) {
	found, err = s.store.Credentials(ctx, email)
	unknown := errors.Is(err, ErrUnknown)

	switch {
	case unknown:
		found.PasswordHash = s.hasher.Decoy()
	case err != nil:
		return Credentials{}, "", fmt.Errorf("account: verify: %w", err)
	}

	match, outdated, err := s.hasher.Verify(ctx, password, found.PasswordHash)
	if err != nil {
		return Credentials{}, "", err
	}

	if unknown || !match {
		return Credentials{}, "", wrongPassword()
	}

	if outdated {
		rehash, err = s.hasher.Hash(ctx, password)
	}

	return found, rehash, err
}

// ChangePassword gives the viewer's account another password and ends its other sessions. Faults name the fields "currentPassword" and "newPassword"; wrong current
// ones count as failures to sign in.
func (s *Service) ChangePassword(ctx context.Context, current, next string) (Account, error) {
	a, v, err := s.me(ctx)
	if err != nil {
		return Account{}, err
	}

	if current, err = normalPassword("currentPassword", current); err != nil {
		return Account{}, err
	}

	if next, err = newPassword("newPassword", next, a.Email); err != nil {
		return Account{}, err
	}

	trials := s.signInTrials(ctx, a.Email)
	if err = s.attempt(ctx, trials); err != nil {
		return Account{}, err
	}

	found, _, err := s.verify(ctx, a.Email, current)
	if fault.CodeOf(err) == fault.Unauthenticated {
		return Account{}, fault.Invalid("currentPassword", "is wrong")
	}

	if err != nil {
		return Account{}, err
	}

	hash, err := s.hasher.Hash(ctx, next)
	if err != nil {
		return Account{}, err
	}

	if err = s.store.ReplacePassword(ctx, a.ID, found.PasswordHash, hash, v.Session); errors.Is(err, ErrChanged) {
		return Account{}, fault.New(fault.Conflict, "the password was changed in the meantime")
	} else if err != nil {
		return Account{}, fmt.Errorf("account: change password: %w", err)
	}

	s.forget(Change{AccountID: a.ID})

	return a, s.succeeded(ctx, trials)
}
