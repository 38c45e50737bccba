package main

import (
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sidereal/account"
)

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
		testServer: s, owner: caller{name: "owner", is: "owner", header: []string{"Authorization", signed(t, viewers["owner"], time.Hour)}},
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

	defer socket.CloseNow()

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
