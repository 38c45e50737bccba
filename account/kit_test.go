package account_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/db"
	"sidereal/fault"
)

// clock is a time that tests turn. It is safe for concurrent use.
type clock struct{ us atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMicro(c.us.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.us.Add(d.Microseconds()) }

// hasher is an account.Hasher that takes no time, and counts.
type hasher struct {
	hashed, verified atomic.Int64
	version          atomic.Int64 // of the parameters
	during           func()       // called within Verify; nil for nothing
	busy             atomic.Bool  // Verify has no turn to give
}

func (h *hasher) Hash(_ context.Context, password string) (string, error) {
	h.hashed.Add(1)

	return fmt.Sprintf("%d:%s", h.version.Load(), password), nil
}

func (h *hasher) Verify(_ context.Context, password, hash string) (match, outdated bool, err error) {
	if h.busy.Load() {
		return false, false, fault.New(fault.RateLimited, "busy")
	}

	h.verified.Add(1)

	if h.during != nil {
		h.during()
	}

	version, of, _ := strings.Cut(hash, ":")

	return of == password, version != fmt.Sprint(h.version.Load()), nil
}

func (h *hasher) Decoy() string { return fmt.Sprintf("%d:\x00", h.version.Load()) }

// tokens is account.Tokens whose tokens are what they stand for, as long as the clock says.
type tokens struct {
	clock  *clock
	mu     sync.Mutex
	signed map[string]account.Viewer
}

func (k *tokens) Sign(v account.Viewer, ttl time.Duration) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()

	v.Expires = k.clock.now().Add(ttl)
	token := fmt.Sprintf("token %d", len(k.signed))
	k.signed[token] = v

	return token, nil
}

func (k *tokens) Verify(_ context.Context, token string) (account.Viewer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()

	v, ok := k.signed[token]
	if !ok || !k.clock.now().Before(v.Expires) {
		return account.Viewer{}, fault.New(fault.Unauthenticated, "the token is not valid")
	}

	return v, nil
}

// kit is a service on a database of its own.
type kit struct {
	*account.Service

	clock    *clock
	hasher   *hasher
	store    *db.Accounts
	database *db.DB
	tokens   *tokens
	cfg      account.Config
}

const (
	email    = "ada@example.org"
	password = "correct horse battery"
)

func open(t testing.TB, cfg account.Config) *kit {
	t.Helper()

	database, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "accounts.db"), SlowQuery: time.Minute, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = database.Close() })

	if _, err = db.NewMigrator(database).Up(t.Context()); err != nil {
		t.Fatal(err)
	}

	k := &kit{clock: new(clock), hasher: new(hasher), database: database, store: db.NewAccounts(database), cfg: cfg}
	k.clock.us.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMicro())
	k.tokens = &tokens{clock: k.clock, signed: make(map[string]account.Viewer)}
	k.Service = k.node()

	return k
}

// node returns another service on the same database, as another process would have.
func (k *kit) node() *account.Service {
	return account.NewService(k.store, k.hasher, k.tokens, k.clock.now, k.cfg)
}

func (k *kit) signUp(t testing.TB, email string) account.Grant {
	t.Helper()

	granted, err := k.SignUp(t.Context(), account.SignUp{Email: email, Password: password})
	if err != nil {
		t.Fatal(err)
	}

	return granted
}

// as returns the context of a request with a bearer token.
func (k *kit) as(t testing.TB, bearer string) context.Context {
	t.Helper()

	v, err := k.Authenticate(t.Context(), bearer)
	if err != nil {
		t.Fatal(err)
	}

	return account.WithViewer(t.Context(), v)
}

func from(ctx context.Context, address string) context.Context {
	return account.WithAddress(ctx, netip.MustParseAddr(address))
}

// want checks that an error is a fault with that code and field.
func want(t testing.TB, what string, err error, code fault.Code, field string) *fault.Error {
	t.Helper()

	f, ok := fault.As(err)
	if !ok || f.Code != code || f.Field != field {
		t.Fatalf("%s: want %s of %q, got %v", what, code, field, err)
	}

	return f
}
