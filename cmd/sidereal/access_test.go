package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sidereal/account"
	"sidereal/account/token"
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
		all = append(all, caller{name: is, is: is, header: []string{"Authorization", signed(t, viewer)}})

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

// signed returns an Authorization header's value for a viewer.
func signed(t *testing.T, v account.Viewer) string {
	t.Helper()

	signer, err := token.NewSigner([]byte(testKey), time.Now)
	if err != nil {
		t.Fatal(err)
	}

	text, err := signer.Sign(v, time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	return "Bearer " + text
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

// world is a server with what the documents of the table ask for. It belongs to the owner.
type world struct {
	*testServer

	owner         caller
	chart, hash   string
	place, person string
	saved         string // a saved chart of the owner, under what nobody else may see
	secretLabel   string
	secretNote    string
}

// newWorld starts a server that also takes viewers from a header.
func newWorld(t *testing.T) *world {
	t.Helper()

	log := new(lockedBuffer)

	cfg, err := readConfig(embedded(t))
	if err != nil {
		t.Fatal(err)
	}

	a, err := newApp(t.Context(), cfg, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text := r.Header.Get(viewerHeader); text != "" {
			var v account.Viewer

			raw, _ := base64.StdEncoding.DecodeString(text)
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Error(err)
			}

			r = r.WithContext(account.WithViewer(r.Context(), v))
		}

		a.handler.ServeHTTP(w, r)
	}))

	t.Cleanup(func() {
		server.Close()

		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})

	return prepare(t, &testServer{url: server.URL, log: log})
}

// prepare fills a server's world.
func prepare(t *testing.T, s *testServer) *world {
	t.Helper()

	made := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart

	var known struct {
		Places       []struct{ ID string }
		FamousPeople struct{ Nodes []struct{ ID string } }
	}

	s.post(t, `{ places(search: "Ulm", first: 1) { id } famousPeople(first: 1) { nodes { id } } }`, nil).into(t, &known)

	return &world{
		testServer: s, owner: caller{name: "owner", is: "owner", header: []string{"Authorization", signed(t, viewers["owner"])}},
		chart: made.ID, hash: made.Hash, place: known.Places[0].ID, person: known.FamousPeople.Nodes[0].ID,
		secretLabel: "what only the owner calls it", secretNote: "what only the owner noted",
	}
}

// keep puts the chart into the owner's collection, if it is not there, and gives it the secrets.
func (w *world) keep(t *testing.T) {
	t.Helper()

	var kept struct {
		SaveChart struct{ SavedChart struct{ ID string } }
	}

	w.post(t, `mutation Keep($hash: ChartHash!, $label: String!, $note: String) {
		saveChart(input: {chartHash: $hash, label: $label, note: $note}) { savedChart { id } } }`,
		map[string]any{"hash": w.hash, "label": w.secretLabel, "note": w.secretNote}, w.owner.header...).into(t, &kept)

	w.saved = kept.SaveChart.SavedChart.ID
}

// isKept checks that what the owner kept is as it was.
func (w *world) isKept(t *testing.T) {
	t.Helper()

	var kept struct{ Node *struct{ Label, Note string } }

	w.post(t, "query Kept($id: ID!) { node(id: $id) { ... on SavedChart { label note } } }", map[string]any{"id": w.saved}, w.owner.header...).into(t, &kept)

	if kept.Node == nil || kept.Node.Label != w.secretLabel || kept.Node.Note != w.secretNote {
		t.Errorf("what the owner kept has become %+v", kept.Node)
	}
}

// variables are those of a document.
func (w *world) variables(document string, c caller) map[string]any {
	all := map[string]any{
		"chart": w.chart, "hash": w.hash, "place": w.place, "person": w.person, "saved": w.saved, "label": "the label of " + c.name,
		"birth": birth("1990-01-16", "10:30")["birth"],
	}

	for name := range all {
		if !strings.Contains(document, "$"+name+":") {
			delete(all, name)
		}
	}

	return all
}

// run runs a document for a caller, over HTTP or, for subscriptions, over a WebSocket until its first answer.
func (w *world) run(t *testing.T, document string, c caller) answer {
	t.Helper()

	if !strings.HasPrefix(document, "subscription") {
		return w.post(t, document, w.variables(document, c), c.header...)
	}

	header := make(http.Header)
	hello := message{Type: "connection_init"}

	for i := 0; i < len(c.header); i += 2 {
		header.Set(c.header[i], c.header[i+1])
	}

	if token := header.Get("Authorization"); token != "" {
		hello.Payload, _ = json.Marshal(map[string]string{"Authorization": token})
		header.Del("Authorization")
	}

	socket, _, err := websocket.Dial(t.Context(), w.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}

	defer socket.CloseNow() //nolint:errcheck // the test is over

	if err := wsjson.Write(t.Context(), socket, hello); err != nil {
		t.Fatal(err)
	}

	subscribe(t, socket, document)

	m, err := receive(t, socket)
	if err != nil {
		t.Fatal(err)
	}

	var a answer

	if m.Type == "error" {
		err = json.Unmarshal(m.Payload, &a.Errors)
	} else {
		err = json.Unmarshal(m.Payload, &a)
	}

	if err != nil {
		t.Fatalf("%+v %s: %v", m, m.Payload, err)
	}

	return a
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
