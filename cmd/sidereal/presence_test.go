package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sidereal/account"
)

// The handshake goes well with the only subprotocol that is offered, since a browser tells a page why a socket closed only then.
func TestTheLegacySubprotocolIsToldThatItIsNotSpoken(t *testing.T) {
	s := start(t, embedded(t))

	socket, response, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		t.Fatal(err)
	}

	if got := response.Header.Get("Sec-WebSocket-Protocol"); got != "graphql-ws" {
		t.Errorf("want the subprotocol that was offered, got %q", got)
	}

	wantClose(t, socket, 4406, "Subprotocol not acceptable: graphql-transport-ws is spoken here")
}

func TestSocketsEndWithTheirSessionsUnlessTheyAreRenewed(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_STREAM_RECHECK=1h")) // what this process changes is seen at once
	ada := s.join(t, "ada@example.org")

	socket := s.dial(t, "Bearer "+ada.Auth.AccessToken)
	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	s.post(t, `mutation { signOut { endedSessions } }`, nil, authorized(ada.Auth.AccessToken)...).into(t, new(any))
	wantClose(t, socket, 4403, "the session has ended; sign in again")

	expiring := s.dial(t, bearer(t, account.Admin, 2*time.Second))
	renewed := s.dial(t, bearer(t, account.Admin, 2*time.Second))
	renewal, _ := json.Marshal(map[string]any{"type": "ping", "payload": map[string]string{"Authorization": bearer(t, account.Admin, time.Hour)}})
	frame(t, renewed, string(renewal))
	wantClose(t, expiring, 4403, "the token has expired; connect again with a new one, or renew it with a ping that carries Authorization")
	begin(t, renewed, "1", "{ __typename }")

	for _, want := range []string{"connection_ack", "pong", "next", "complete"} {
		if m, err := receive(t, renewed); err != nil || m.Type != want {
			t.Fatalf("want %s, got %+v, %v", want, m, err)
		}
	}

	refusal, _ := json.Marshal(map[string]any{"type": "ping", "payload": map[string]string{"Authorization": signed(t, account.Viewer{Subject: "x", Role: account.Admin}, time.Hour)}})
	frame(t, renewed, string(refusal))
	wantClose(t, renewed, 4403, "another account")
}

func TestNoMoreSocketsThanTheOperatorAllows(t *testing.T) {
	full := start(t, append(embedded(t), "SIDEREAL_MAX_STREAMS=1"))
	full.open(t)

	_, response, err := websocket.Dial(t.Context(), full.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("want 503 and when to come again, got %v", err)
	}

	crowded := start(t, append(embedded(t), "SIDEREAL_MAX_STREAMS_PER_USER=1"))
	crowded.open(t)
	wantClose(t, crowded.dial(t, bearer(t, account.Admin, time.Hour)), websocket.StatusTryAgainLater, "your account has 1 connections")
}
