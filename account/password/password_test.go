package password

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/fault"
)

// little is parameters for tests of everything but the parameters.
var little = Params{MemoryKiB: 64, Passes: 1, Lanes: 1}

func TestTheUsualParametersAreThoseOfOWASP(t *testing.T) {
	h := NewHasher(Usual, 1, time.Minute)

	hash, err := h.Hash(t.Context(), "correct horse")
	if err != nil || !regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`).MatchString(hash) {
		t.Fatalf("got %q, %v", hash, err)
	}

	for password, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false} {
		if match, outdated, err := h.Verify(t.Context(), password, hash); match != want || outdated || err != nil {
			t.Errorf("%q: want %t, got %t, outdated %t, %v", password, want, match, outdated, err)
		}
	}
}

// The hash is one of the reference implementation's (github.com/P-H-C/phc-winner-argon2, src/test.c: version 19, t=2, m=2^16 KiB, p=1, "password", "somesalt").
func TestAHashOfTheReferenceImplementationIsVerified(t *testing.T) {
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

	if match, outdated, err := NewHasher(Usual, 1, time.Minute).Verify(t.Context(), "password", hash); !match || outdated || err != nil {
		t.Errorf("got %t, outdated %t, %v", match, outdated, err)
	}
}

func TestSaltsDiffer(t *testing.T) {
	h := NewHasher(little, 1, time.Minute)
	first, err := h.Hash(t.Context(), "x")
	second, again := h.Hash(t.Context(), "x")

	if err != nil || again != nil || first == second {
		t.Errorf("got %q and %q, %v, %v", first, second, err, again)
	}
}

func TestLesserParametersAreOutdated(t *testing.T) {
	hash, err := NewHasher(little, 1, time.Minute).Hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}

	for _, tt := range []struct {
		params Params
		want   bool
	}{
		{little, false}, {Params{128, 1, 1}, true}, {Params{64, 2, 1}, true}, {Params{64, 1, 2}, true}, {Params{32, 1, 1}, false},
	} {
		if match, outdated, err := NewHasher(tt.params, 1, time.Minute).Verify(t.Context(), "x", hash); !match || outdated != tt.want || err != nil {
			t.Errorf("%+v: want outdated %t, got %t, match %t, %v", tt.params, tt.want, outdated, match, err)
		}
	}
}

func TestADecoyIsOfTheSameFormAndNoPasswordHasIt(t *testing.T) {
	h := NewHasher(little, 1, time.Minute)
	decoy := h.Decoy()
	hash, err := h.Hash(t.Context(), "x")

	if form := regexp.MustCompile(`[^$]+$`); err != nil || len(decoy) != len(hash) || decoy == h.Decoy() ||
		strings.Split(form.ReplaceAllString(decoy, ""), "$")[3] != strings.Split(form.ReplaceAllString(hash, ""), "$")[3] {
		t.Errorf("got %q beside %q, %v", decoy, hash, err)
	}

	if match, outdated, err := h.Verify(t.Context(), "x", decoy); match || outdated || err != nil {
		t.Errorf("got %t, %t, %v", match, outdated, err)
	}
}

func TestBrokenHashesAreErrorsAndTakeNoMemory(t *testing.T) {
	const good = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

	h := NewHasher(little, 1, time.Minute)
	if _, _, err := h.Verify(t.Context(), "x", good); err != nil {
		t.Fatal(err)
	}

	for _, change := range [][2]string{
		{good, ""},
		{"argon2id", "argon2i"},
		{"v=19", "v=16"},
		{"m=64", "m=4294967295"},
		{"m=64", "m=064"},
		{"t=1", "t=0"},
		{"t=1", "t=1000"},
		{"p=1", "p=0"},
		{"p=1", "p=256"},
		{"$c29t", "$$c29t"},
		{"RPPc", "RPP!"},
		{"c29tZXNhbHRzb21lc2FsdA", "c2FsdA"},
		{"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "CTFh"},
		{"RPPc", "RPPc\n"},
	} {
		broken := strings.Replace(good, change[0], change[1], 1)
		if match, _, err := h.Verify(t.Context(), "x", broken); match || fault.CodeOf(err) != fault.Internal || err == nil {
			t.Errorf("%q: got %t, %v", broken, match, err)
		}
	}
}

func TestNoMoreAreHashedAtOnceThanMayBe(t *testing.T) {
	h := NewHasher(little, 2, time.Millisecond)
	h.turns <- struct{}{}

	if _, err := h.Hash(t.Context(), "x"); err != nil { // the second turn is free, again and again
		t.Fatal(err)
	}

	h.turns <- struct{}{}

	_, err := h.Hash(t.Context(), "x")
	if f, ok := fault.As(err); !ok || f.Code != fault.RateLimited || f.RetryAfter <= 0 {
		t.Errorf("want RATE_LIMITED with a time to retry after, got %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, _, err := NewHasher(little, 0, time.Minute).Verify(ctx, "x", h.Decoy()); !errors.Is(err, context.Canceled) {
		t.Errorf("who gives up: want context.Canceled, got %v", err)
	}

	<-h.turns
	<-h.turns

	h.wait = time.Minute

	var wg sync.WaitGroup

	for range 50 {
		wg.Go(func() {
			if _, err := h.Hash(t.Context(), "x"); err != nil {
				t.Error(err)
			}
		})
	}

	wg.Wait()
}

func BenchmarkVerify(b *testing.B) {
	h := NewHasher(Usual, 1, time.Minute)
	decoy := h.Decoy()

	for b.Loop() {
		if _, _, err := h.Verify(b.Context(), "correct horse", decoy); err != nil {
			b.Fatal(err)
		}
	}
}
