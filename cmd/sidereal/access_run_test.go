package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sidereal/graph/relay"
)

// variables are those of a document.
func (w *world) variables(document string, c caller) map[string]any {
	all := map[string]any{
		"chart": w.chart, "reading": w.reading, "hash": w.hash, "place": w.place, "person": w.person, "saved": w.saved, "label": "the label of " + c.name,
		"birth": birth("1990-01-16", "10:30")["birth"], "user": w.owner.id, "session": w.session, "key": w.key, "email": secretEmail, "password": goodPassword,
		"job": relay.GlobalID("BatchJob", theJob), "after": w.beginning, "guest": guestEmail, "free": fmt.Sprintf("joined-%d@example.org", w.joined), "refresh": w.refresh,
	}

	for name := range all {
		if !strings.Contains(document, "$"+name+":") {
			delete(all, name)
		}
	}

	return all
}

// run runs a document for a caller, over HTTP or, for subscriptions, over a WebSocket until its first answer. Somebody who signs out does so in a session of its own.
func (w *world) run(t *testing.T, document string, c caller) answer {
	t.Helper()

	if strings.HasPrefix(document, "subscription") {
		return w.watch(t, document, c)
	}

	if strings.Contains(document, "signOut") && c.key == nil && c.is != "nobody" {
		var again auth

		w.post(t, signIn, input("email", w.emailOf(t, c), "password", goodPassword)).into(t, &again)

		c.header = authorized(again.Auth.AccessToken)
	}

	got := w.post(t, document, w.variables(document, c), c.header...)
	w.note(document, c, got)

	return got
}

// emailOf returns the address of somebody.
func (w *world) emailOf(t *testing.T, c caller) string {
	t.Helper()

	var me struct{ Viewer struct{ Email string } }

	w.post(t, whoAmI, nil, c.header...).into(t, &me)

	return me.Viewer.Email
}

// note notes what a document used up.
func (w *world) note(document string, c caller, got answer) {
	if !strings.HasPrefix(document, "mutation") || len(got.Errors) > 0 {
		return
	}

	var spent struct{ RefreshToken struct{ RefreshToken string } }

	if json.Unmarshal(got.Data, &spent) == nil && spent.RefreshToken.RefreshToken != "" {
		w.refresh = spent.RefreshToken.RefreshToken
	}

	w.joined++
	w.stale = w.stale || c.is == "owner"
	w.keyGone = w.keyGone || strings.Contains(document, "revokeApiKey")
}

// watch runs a subscription until its first answer.
func (w *world) watch(t *testing.T, document string, c caller) answer {
	t.Helper()

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

	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	ask(t, socket, document, w.variables(document, c))

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
