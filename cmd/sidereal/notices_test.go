package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// writer publishes notices, each with a text of its own.
type writer struct {
	servers       []*process
	authorization string
	turn          int
	sent          map[string]bool
	acknowledged  []string // in this order
}

func (w *writer) endpoint(i int) string { return "http://" + w.servers[i].address + "/graphql" }

// publish sends notices in one request until all are acknowledged. Those of a request that failed may have been published or not, so that the next attempt has other texts.
func (w *writer) publish(ctx context.Context, t testing.TB, texts ...string) {
	t.Helper()

	for attempt := 0; ; attempt++ {
		tried := slices.Clone(texts)

		for i := range tried {
			if attempt > 0 && tried[i] != lastNotice {
				tried[i] += fmt.Sprintf(", attempt %d", attempt+1)
			}

			w.sent[tried[i]] = true
		}

		err := w.try(ctx, t, tried)
		if err == nil {
			w.acknowledged = append(w.acknowledged, tried...)

			return
		}

		w.turn++ // the other server, if there is one

		select {
		case <-time.After(min(200*time.Millisecond, time.Millisecond<<min(attempt, 10))):
		case <-ctx.Done():
			t.Fatalf("publish %q: %v", texts, err)
		}
	}
}

// try sends one request. Its error is that of a server that is gone; one that answers has to acknowledge.
func (w *writer) try(ctx context.Context, t testing.TB, texts []string) error {
	t.Helper()

	var document strings.Builder

	document.WriteString("mutation {")

	for i, text := range texts {
		fmt.Fprintf(&document, " n%d: publishSystemNotice(input: {message: %q, severity: WARNING}) { __typename }", i, text)
	}

	document.WriteString(" }")

	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	body := bodyOf(t, document.String(), nil)

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.endpoint(w.turn%len(w.servers)), strings.NewReader(body))
	if err != nil {
		return err
	}

	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", w.authorization)

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()

	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		return err
	}

	var a answer
	if err := json.Unmarshal(text.Bytes(), &a); err != nil || len(a.Errors) > 0 {
		t.Fatalf("publish: status %d: %s", response.StatusCode, text.String())
	}

	return nil
}

// check compares what the stream holds with what was sent.
func (w *writer) check(t *testing.T, truth []warning) {
	t.Helper()

	ids, texts := make(map[string]bool), make(map[string]bool)
	expected := slices.Clone(w.acknowledged)

	for _, one := range truth {
		switch {
		case ids[one.ID]:
			t.Errorf("the stream has the event %s twice", one.ID)
		case texts[one.Message]:
			t.Errorf("the stream has %q twice, as %s", one.Message, one.ID)
		case !w.sent[one.Message]:
			t.Errorf("the stream has %q, which nobody sent", one.Message)
		case one.Type != "SYSTEM_WARNING":
			t.Errorf("%q is a %s", one.Message, one.Type)
		}

		ids[one.ID], texts[one.Message] = true, true

		if len(expected) > 0 && expected[0] == one.Message {
			expected = expected[1:]
		}
	}

	if len(expected) > 0 {
		t.Errorf("%d acknowledged notices are not in the stream where they belong, %q first (it is elsewhere: %t)", len(expected), expected[0], texts[expected[0]])
	}
}
