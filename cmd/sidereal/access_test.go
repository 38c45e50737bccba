package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sidereal/account"
)

// caller is somebody who asks.
type caller struct {
	name   string
	is     string          // nobody, owner, other or administrator
	key    *account.Scopes // of the API key that the caller uses; nil for a person
	header []string        // that says who it is
}

// The header that carries a viewer past the tokens, to a server of newWorld only.
const viewerHeader = "X-Test-Viewer"

// viewers are who the callers are.
var viewers = map[string]account.Viewer{
	"owner":         {Subject: "the owner", Role: account.User},
	"other":         {Subject: "another user", Role: account.User},
	"administrator": {Subject: "the administrator", Role: account.Admin},
}

// callers returns everybody who asks: nobody, people with tokens, and API keys with their scopes.
func callers(t *testing.T) []caller {
	t.Helper()

	all := []caller{{name: "nobody", is: "nobody"}}

	for is, viewer := range viewers {
		all = append(all, caller{name: is, is: is, header: []string{"Authorization", signed(t, viewer, time.Hour)}})

		for name, scopes := range map[string]account.Scopes{
			"without scopes": 0, "that reads": account.ScopeRead, "that writes": account.ScopeWrite,
			"with every scope": account.ScopeRead | account.ScopeWrite | account.ScopeAdmin,
		} {
			viewer.Key, viewer.Scopes = "key", scopes
			all = append(all, caller{name: "a key of the " + is + " " + name, is: is, key: &scopes, header: []string{viewerHeader, encoded(t, viewer)}})
		}
	}

	return all
}

func encoded(t *testing.T, v account.Viewer) string {
	t.Helper()

	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}

	return base64.StdEncoding.EncodeToString(text)
}

// verdictFor returns what the table says of a caller.
func (a access) verdictFor(c caller) verdict {
	base := map[string]verdict{
		"nobody": a.may.nobody, "owner": a.may.owner, "other": a.may.other, "administrator": a.may.admin,
	}[c.is]

	switch {
	case c.key != nil && *c.key&a.may.scopes != a.may.scopes && a.may.nobody == hidden: // as for nobody
		return hidden
	case c.key != nil && *c.key&a.may.scopes != a.may.scopes:
		return forbidden
	case base == allowed && a.without != "":
		return a.without
	}

	return base
}

// verdictOf returns what became of a root field.
func (a answer) verdictOf(t *testing.T, field string) verdict {
	t.Helper()

	_, name, _ := strings.Cut(field, ".")

	if len(a.Errors) > 0 {
		e := a.Errors[0]
		if len(a.Errors) > 1 || fmt.Sprint(e.Path) != "["+name+"]" {
			t.Errorf("want one error of %s, got %+v", name, a.Errors)
		}

		return verdict(fmt.Sprint(e.Extensions["code"]))
	}

	var data map[string]json.RawMessage

	a.into(t, &data)

	if text := string(data[name]); text == "null" || text == "[null]" {
		return hidden
	}

	return allowed
}

// Every root field of the schema, asked for by everybody, with what it leads to.
func TestEachFieldAnswersThoseWhoMay(t *testing.T) {
	w := newWorld(t)

	for _, a := range accessTable {
		for _, c := range callers(t) {
			if a.document == "" {
				continue
			}

			t.Run(strings.TrimSpace(a.field+" "+a.of)+" for "+c.name, func(t *testing.T) {
				w.keep(t)

				got := w.run(t, a.document, c)
				want := a.verdictFor(c)

				if have := got.verdictOf(t, a.field); have != want {
					t.Errorf("want %s, got %s: %s %+v", want, have, got.Data, got.Errors)
				}

				if c.is != "owner" || want != allowed {
					shown := string(got.Data) + fmt.Sprint(got.Errors)
					if strings.Contains(shown, w.secretLabel) || strings.Contains(shown, w.secretNote) {
						t.Errorf("the owner's secrets are in %s", shown)
					}

					w.isKept(t)
				}
			})
		}
	}
}
