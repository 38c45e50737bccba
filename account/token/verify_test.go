package token_test

import (
	"crypto/ed25519"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/fault"
)

// Whatever bytes come: no panic, and nobody is anybody by bytes that we did not sign.
func FuzzVerify(f *testing.F) {
	private, _, key := pair(f)
	s := signer(f, at(1), private, secret)
	ours := make(map[string]bool)

	for _, forge := range []forger{
		{f, parsed(f, private).ID(), key, jwt.SigningMethodEdDSA}, {f, parsed(f, secret).ID(), []byte(secret), jwt.SigningMethodHS256},
	} {
		ours[forge.claims(good)] = true

		for _, attack := range forge.attacks() {
			f.Add(attack)
		}
	}

	for text := range ours {
		f.Add(text)
	}

	f.Fuzz(func(t *testing.T, text string) {
		v, err := s.Verify(t.Context(), text)
		if err == nil && !ours[text] {
			t.Errorf("%q makes %+v", text, v)
		}

		if err != nil && (fault.CodeOf(err) != fault.Unauthenticated || v != account.Viewer{}) {
			t.Errorf("%q: want UNAUTHENTICATED and nobody, got %+v, %v", text, v, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	_, stranger, _ := ed25519.GenerateKey(nil)
	private, _, key := pair(b)

	for name, kind := range map[string]struct {
		text   string
		forger forger
	}{
		"HS256": {secret, forger{b, parsed(b, secret).ID(), []byte(secret), jwt.SigningMethodHS256}},
		"EdDSA": {private, forger{b, parsed(b, private).ID(), key, jwt.SigningMethodEdDSA}},
	} {
		s := signer(b, at(0), kind.text)

		text, err := s.Sign(account.Viewer{Subject: "0198c0de-0000-7000-8000-000000000000", Email: "someone@example.org", Role: account.User, Session: "0198c0de"}, time.Hour)
		if err != nil {
			b.Fatal(err)
		}

		b.Run(name+"/again", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Verify(b.Context(), text); err != nil {
					b.Fatal(err)
				}
			}
		})
		// As much work as that of a token which was not seen before.
		b.Run(name+"/forged", func(b *testing.B) {
			forged := kind.forger.sign(jwt.SigningMethodEdDSA, stranger, good)
			if name == "HS256" {
				forged = kind.forger.sign(jwt.SigningMethodHS256, []byte("another key"), good)
			}

			for b.Loop() {
				if _, err := s.Verify(b.Context(), forged); err == nil {
					b.Fatal("a forged token is good")
				}
			}
		})
	}
}

// More tokens than are remembered: each names its own viewer all the same.
func TestManyTokensAtOnceKeepTheirViewers(t *testing.T) {
	s := signer(t, at(0), secret)
	texts := make([]string, 6000)

	for i := range texts {
		var err error
		if texts[i], err = s.Sign(account.Viewer{Subject: strconv.Itoa(i), Role: account.User}, time.Hour); err != nil {
			t.Fatal(err)
		}
	}

	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i, text := range texts {
				if v, err := s.Verify(t.Context(), text); err != nil || v.Subject != strconv.Itoa(i) {
					t.Errorf("want %d, got %+v, %v", i, v, err)
				}
			}
		})
	}

	wg.Wait()
}
