package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/event"
	"sidereal/graph/relay"
)

// caller is somebody who asks.
type caller struct {
	name   string
	is     string          // nobody, owner, other or administrator
	key    *account.Scopes // of the API key that the caller uses; nil for a person
	header []string        // that says who it is
	id     string          // of the account
}

// What nobody else sees of the owner, and what nobody but administrators sees.
const (
	secretLabel   = "what only the owner calls it"
	secretNote    = "what only the owner noted"
	secretKey     = "what only the owner has a key for"
	secretAddress = "198.51.100.77"
	secretEmail   = "the.owner@example.org"
	secretName    = "the name of the owner"
)

// world is a server with what the documents of the table ask for. It belongs to the owner.
type world struct {
	*testServer

	owner, other, administrator caller

	chart, hash    string
	place, person  string
	saved          string // a saved chart of the owner, under what nobody else may see
	key, session   string // an API key and the session of the owner
	refresh        string // the good refresh token of a guest, whose tokens are spent
	reading        string // a reading of the chart that has ended
	beginning      string // the cursor before all events
	joined         int    // accounts made by callers
	keyGone, stale bool   // whether the key was revoked, and whether the owner changed something
}

const guestEmail = "guest@example.org"

// prepare fills a server's world: with people who signed up, an administrator whom an operator appointed, and what is the owner's.
func prepare(t *testing.T, s *testServer) *world {
	t.Helper()

	made := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart

	var known struct {
		Places       []struct{ ID string }
		FamousPeople struct{ Nodes []struct{ ID string } }
	}

	s.post(t, `{ places(search: "Ulm", first: 1) { id } famousPeople(first: 1) { nodes { id } } }`, nil).into(t, &known)

	w := &world{
		testServer: s, chart: made.ID, hash: made.Hash, place: known.Places[0].ID, person: known.FamousPeople.Nodes[0].ID, refresh: s.join(t, guestEmail).Auth.RefreshToken,
		owner: s.person(t, "owner", secretEmail, secretName), other: s.person(t, "other", "other@example.org", "Another"),
		administrator: s.person(t, "administrator", "administrator@example.org", "Administrator"), keyGone: true, stale: true,
	}
	w.appoint(t, w.administrator, account.Admin)

	var own struct {
		Viewer struct{ Sessions []struct{ ID string } }
	}

	s.post(t, "{ viewer { sessions { id } } }", nil, w.owner.header...).into(t, &own)

	w.session = own.Viewer.Sessions[0].ID
	w.happen(t)
	w.reading = w.read(t, w.hash, nil, "detail", "BRIEF").ID

	return w
}

// theJob is the id of a job that everybody has a part in.
const theJob = "job-1"

// happen tells of readings of the chart, which belong to nobody, and of a job that failed: of the owner's for a reason that nobody else may know, then of nobody's, and of
// everybody else's.
func (w *world) happen(t *testing.T) {
	t.Helper()

	told := make([]event.Event, 0, 8)

	for _, c := range []caller{w.owner, {}, w.other, w.administrator} {
		reason := "it failed"
		if c.is == "owner" {
			reason = secretName
		}

		_, id, _ := relay.ParseGlobalID(c.id)
		told = append(told,
			event.New(event.ReadingFailed, time.Now(), w.hash, id, event.ReadingFailedData{ReadingData: event.ReadingData{Reading: "of " + id}, Reason: "it failed"}),
			event.New(event.BatchJobFailed, time.Now(), theJob, id, event.BatchJobFailedData{Reason: reason}))
	}

	w.tell(t, told...)
	w.beginning = w.before(t, w.hash)
}

// person makes an account and signs in, from an address of its own where the server believes it.
func (s *testServer) person(t *testing.T, is, email, name string) caller {
	t.Helper()

	address := "203.0.113.9"
	if is == "owner" {
		address = secretAddress
	}

	var a auth

	s.post(t, signUp, input("email", email, "password", goodPassword, "name", name), "X-Forwarded-For", address).into(t, &a)

	return caller{name: is, is: is, header: authorized(a.Auth.AccessToken), id: a.Auth.Viewer.ID}
}

// appoint gives somebody a role, as an operator with a token of the command line does.
func (w *world) appoint(t *testing.T, c caller, role account.Role) {
	t.Helper()

	w.post(t, `mutation($input: SetUserRoleInput!) { setUserRole(input: $input) { user { id } } }`, input("userId", c.id, "role", role), administrator(t)...).
		into(t, &struct{}{})
}

// callers returns everybody who asks: nobody, people with sessions, and their API keys with every set of scopes that there may be. Keys with the scope ADMIN are
// made by administrators; the owner and the other were some once.
func (w *world) callers(t *testing.T) []caller {
	t.Helper()

	all := []caller{{name: "nobody", is: "nobody"}}

	for _, c := range []caller{w.owner, w.other, w.administrator} {
		all = append(all, c)

		w.appoint(t, c, account.Admin)

		for scopes := account.ScopeRead; scopes <= account.ScopeRead|account.ScopeWrite|account.ScopeAdmin; scopes++ {
			all = append(all, w.keyOf(t, c, scopes))
		}

		if c.is != "administrator" {
			w.appoint(t, c, account.User)
		}
	}

	return all
}

// keyOf makes an API key of somebody's.
func (w *world) keyOf(t *testing.T, c caller, scopes account.Scopes) caller {
	t.Helper()

	var names []string

	for i, name := range []string{"READ", "WRITE", "ADMIN"} {
		if scopes&(1<<i) != 0 {
			names = append(names, name)
		}
	}

	label := "a key of the " + c.name
	if c.is == "owner" {
		label = secretKey
	}

	_, secret := w.newKey(t, label, names, c.header)

	return caller{name: "a key of the " + c.name + " for " + strings.Join(names, " and "), is: c.is, key: &scopes, header: authorized(secret), id: c.id}
}

// newKey makes an API key and returns its id and its secret.
func (w *world) newKey(t *testing.T, name string, scopes, header []string) (id, secret string) {
	t.Helper()

	var made struct {
		CreateAPIKey struct {
			Secret string
			APIKey apiKey
		} `json:"createApiKey"`
	}

	w.post(t, createKey, input("name", name, "scopes", scopes), header...).into(t, &made)

	return made.CreateAPIKey.APIKey.ID, made.CreateAPIKey.Secret
}

// keep puts the chart into the owner's collection and gives it the secrets, and makes the owner's key, where callers left that otherwise.
func (w *world) keep(t *testing.T) {
	t.Helper()

	if w.keyGone {
		w.key, _ = w.newKey(t, secretKey, []string{"READ"}, w.owner.header)
		w.keyGone = false
	}

	if !w.stale {
		return
	}

	var kept struct {
		SaveChart struct{ SavedChart struct{ ID string } }
	}

	w.post(t, `mutation Keep($hash: ChartHash!, $label: String!, $note: String) {
		saveChart(input: {chartHash: $hash, label: $label, note: $note}) { savedChart { id } } }`,
		map[string]any{"hash": w.hash, "label": secretLabel, "note": secretNote}, w.owner.header...).into(t, &kept)

	w.saved, w.stale = kept.SaveChart.SavedChart.ID, false
}

// isKept checks that what is the owner's is as it was.
func (w *world) isKept(t *testing.T) {
	t.Helper()

	got := w.post(t, `query Kept($ids: [ID!]!) { nodes(ids: $ids) { ... on SavedChart { label note } ... on ApiKey { key: name } ... on Session { current } }
		viewer { email name role } }`, map[string]any{"ids": []string{w.saved, w.key, w.session}}, w.owner.header...)

	want := fmt.Sprintf(`{"nodes":[{"label":%q,"note":%q},{"key":%q},{"current":true}],"viewer":{"email":%q,"name":%q,"role":"USER"}}`,
		secretLabel, secretNote, secretKey, secretEmail, secretName)
	if string(got.Data) != want {
		t.Errorf("what is the owner's has become %s %+v", got.Data, got.Errors)
	}
}
