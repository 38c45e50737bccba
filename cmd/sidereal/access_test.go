package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sidereal/account"
)

// verdictFor returns what the table says of a caller.
func (a access) verdictFor(c caller) verdict {
	want := map[string]verdict{
		"nobody": a.may.nobody, "owner": a.may.owner, "other": a.may.other, "administrator": a.may.admin,
	}[c.is]

	if c.key != nil {
		scopes := *c.key
		if c.is != "administrator" {
			scopes &^= account.ScopeAdmin // its owner is none any more
		}

		want = a.may.keys(c.is, scopes, want)
	}

	if want == allowed && a.without != "" {
		return a.without
	}

	return want
}

// path is where in an answer the entry's verdict is found.
func (a access) path() []string {
	_, name, _ := strings.Cut(a.field, ".")
	if a.below == "" {
		return []string{name}
	}

	return append([]string{name}, strings.Split(a.below, ".")...)
}

// verdictOf returns what became of what lies at a path. An error of a field above it is its own.
func (a answer) verdictOf(t *testing.T, path []string) verdict {
	t.Helper()

	if len(a.Errors) > 0 {
		at := make([]string, len(a.Errors[0].Path))
		for i, step := range a.Errors[0].Path {
			at[i] = fmt.Sprint(step)
		}

		if len(a.Errors) > 1 || len(at) == 0 || len(at) > len(path) || !slices.Equal(at, path[:len(at)]) {
			t.Errorf("want one error of %v, got %+v", path, a.Errors)
		}

		return verdict(fmt.Sprint(a.Errors[0].Extensions["code"]))
	}

	var found any

	a.into(t, &found)

	for _, step := range path {
		switch of := found.(type) {
		case map[string]any:
			found = of[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(of) {
				t.Fatalf("there is no %v in %s", path, a.Data)
			}

			found = of[i]
		}
	}

	if text, _ := json.Marshal(found); string(text) == "null" || string(text) == "[null]" {
		return hidden
	}

	return allowed
}

// Every root field of the schema, asked for by everybody, with what it leads to.
func TestEachFieldAnswersThoseWhoMay(t *testing.T) {
	w := prepare(t, start(t, append(embedded(t), "SIDEREAL_SIGN_UPS=0", "SIDEREAL_TRUSTED_PROXIES=127.0.0.1", "SIDEREAL_SLOW_QUERY=1h")))
	callers := w.callers(t)
	told := "" // to the owner

	for _, a := range accessTable {
		for _, c := range callers {
			if a.document == "" {
				continue
			}

			t.Run(strings.Join(append(a.path(), a.of, "for", c.name), " "), func(t *testing.T) {
				w.keep(t)

				got := w.run(t, a.document, c)
				want := a.verdictFor(c)

				if have := got.verdictOf(t, a.path()); have != want {
					t.Errorf("want %s, got %s: %s %+v", want, have, got.Data, got.Errors)
				}

				if c.is == "owner" && want == allowed {
					told += string(got.Data)
				} else {
					w.showsNoSecrets(t, got, want == allowed && a.may.shows && c.is == "administrator")
					w.isKept(t)
				}
			})
		}
	}

	for _, secret := range []string{secretLabel, secretNote, secretKey, secretAddress, secretEmail, secretName} {
		if !strings.Contains(told, secret) {
			t.Errorf("no document shows %q to the owner: whether others see it was not tested", secret)
		}
	}
}

// showsNoSecrets checks that an answer has nothing in it that only the owner knows, or only administrators as well.
func (w *world) showsNoSecrets(t *testing.T, got answer, whoseItIs bool) {
	t.Helper()

	secrets := []string{secretLabel, secretNote, secretKey, secretAddress}
	if !whoseItIs {
		secrets = append(secrets, secretEmail, secretName)
	}

	shown := string(got.Data) + fmt.Sprint(got.Errors)
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is the owner's secret, and is in %s", secret, shown)
		}
	}
}
