package main

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sidereal/account"
)

// No text that a client can write is our mistake: not one that PostgreSQL, unlike SQLite, refuses to store or to look for.
func TestNoTextIsAnInternalError(t *testing.T) {
	const half = "HALF" // of a surrogate pair, which only JSON can write

	// What may stand in the field that takes it: nothing but characters, or bytes in an id, which carries them in base64.
	texts := map[string]string{"a null": "a\x00b", "only a null": "\x00", "half a surrogate pair": half, "a noncharacter": "a\uffffb"}
	keys := map[string]string{"a null": "a\x00b", "a byte that is no UTF-8": "a\xffb", "a character that is cut off": "a\xe2\x82", "an encoded surrogate": "\xed\xa0\x80"}

	takeText := map[string]string{
		"an address":            `mutation($x: String!) { signUp(input: {email: $x, password: "correct horse battery"}) { viewer { id } } }`,
		"a part of an address":  `mutation($x: String!) { signUp(input: {email: $x, password: "correct horse battery", name: $x}) { viewer { id } } }`,
		"a name of an account":  `mutation($x: String!) { signUp(input: {email: "name@example.org", password: "correct horse battery", name: $x}) { viewer { id } } }`,
		"a password":            `mutation($x: String!) { signUp(input: {email: "password@example.org", password: $x}) { viewer { id } } }`,
		"who signs in":          `mutation($x: String!) { signIn(input: {email: $x, password: "correct horse battery"}) { viewer { id } } }`,
		"by which password":     `mutation($x: String!) { signIn(input: {email: "ada@example.org", password: $x}) { viewer { id } } }`,
		"a refresh token":       `mutation($x: String!) { refreshToken(input: {refreshToken: $x}) { viewer { id } } }`,
		"another password":      `mutation($x: String!) { changePassword(input: {currentPassword: $x, newPassword: $x}) { viewer { id } } }`,
		"a key's name":          `mutation($x: String!) { createApiKey(input: {name: $x, scopes: [READ]}) { secret } }`,
		"a key":                 `mutation($x: ID!) { revokeApiKey(input: {id: $x}) { apiKey { id } } }`,
		"an account":            `mutation($x: ID!) { setUserRole(input: {userId: $x, role: USER}) { user { id } } }`,
		"accounts by a text":    `query($x: String!) { users(search: $x) { nodes { id } } }`,
		"accounts behind":       `query($x: Cursor!) { users(after: $x) { nodes { id } } }`,
		"people by a text":      `query($x: String!) { famousPeople(search: $x) { nodes { name } } }`,
		"people behind":         `query($x: Cursor!) { famousPeople(after: $x) { nodes { name } } }`,
		"charts behind":         `query($x: Cursor!) { charts(after: $x) { totalCount } }`,
		"charts before":         `query($x: Cursor!) { charts(before: $x) { totalCount } }`,
		"a hash":                `query($x: ChartHash!) { chart(hash: $x) { hash } }`,
		"places by a text":      `query($x: String!) { places(search: $x) { id } }`,
		"a node":                `query($x: ID!) { node(id: $x) { id } }`,
		"nodes":                 `query($x: ID!) { nodes(ids: [$x, $x]) { id } }`,
		"a saved chart's label": `mutation($x: String!, $hash: ChartHash!) { saveChart(input: {chartHash: $hash, label: $x}) { savedChart { label } } }`,
		"a saved chart's note":  `mutation($x: String!, $hash: ChartHash!) { saveChart(input: {chartHash: $hash, label: "x", note: $x}) { savedChart { note } } }`,
		"another label":         `mutation($x: String!, $saved: ID!) { updateSavedChart(input: {id: $saved, label: $x}) { savedChart { label } } }`,
		"another note":          `mutation($x: String!, $saved: ID!) { updateSavedChart(input: {id: $saved, note: $x}) { savedChart { note } } }`,
		"which saved chart":     `mutation($x: ID!) { updateSavedChart(input: {id: $x, label: "x"}) { savedChart { label } } }`,
		"which is to go":        `mutation($x: ID!) { deleteSavedChart(input: {id: $x}) { deletedId } }`,
		"saved charts behind":   `query($x: Cursor!) { savedCharts(after: $x) { nodes { id } } }`,
		"a place by its name":   `mutation($x: String!) { calculateChart(input: {date: "1990-01-15", place: {search: $x}}) { created } }`,
		"a place by its id":     `mutation($x: ID!) { calculateChart(input: {date: "1990-01-15", place: {id: $x}}) { created } }`,
		"a place's name": `mutation($x: String!) { calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 1, longitude: 1, name: $x}}}) {
			created } }`,
		"a zone": `mutation($x: String!) { calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 1, longitude: 1, timeZone: $x}}}) { created } }`,
		"a person's name": `mutation($x: String!) { calculateChart(input: {date: "1990-01-15", name: $x,
			place: {coordinates: {latitude: 2, longitude: 2}}}) { created } }`,
		"what to geocode": `query($x: String!) { geocode(search: $x) { name } }`,
	}

	forms(t, func(t *testing.T, environment []string) {
		w := prepare(t, start(t, environment))
		ada := w.join(t, "ada@example.org").Auth
		saver := authorized(ada.AccessToken)

		var saved struct {
			SaveChart struct{ SavedChart struct{ ID string } }
		}

		w.post(t, `mutation($hash: ChartHash!) { saveChart(input: {chartHash: $hash, label: "x"}) { savedChart { id } } }`,
			map[string]any{"hash": w.hash}, saver...).into(t, &saved)

		w.saved = saved.SaveChart.SavedChart.ID

		administrator := []string{"Authorization", signed(t, account.Viewer{Subject: ada.Viewer.ID, Role: account.Admin}, time.Hour)}
		ask := func(what, document, text string) {
			for _, header := range [][]string{saver, administrator} {
				variables := w.variables(document, w.owner)
				variables["x"] = text

				body := strings.ReplaceAll(bodyOf(t, document, variables), half, `\ud800`)
				w.wantNoMistakeOfOurs(t, what, w.send(t, http.MethodPost, "/graphql", body, append([]string{"Content-Type", "application/json"}, header...)...))
			}
		}

		for what, document := range takeText {
			for kind, text := range texts {
				ask(what+", "+kind, document, text)
			}

			for kind, key := range keys {
				for _, shape := range []string{"User:%", "ApiKey:%", "Chart:%", "SavedChart:%", "Place:%", "FamousPerson:%", "%"} {
					ask(what+", "+shape+", "+kind, document, base64.RawURLEncoding.EncodeToString([]byte(strings.ReplaceAll(shape, "%", key))))
				}
			}
		}

		for kind, key := range keys {
			w.wantNoMistakeOfOurs(t, "a token, "+kind, w.post(t, whoAmI, nil, "Authorization", "Bearer "+strings.ReplaceAll(key, "\x00", "%00")))

			for _, parameter := range []string{"query", "operationName", "documentId", "variables", "extensions"} {
				address := "/graphql?query=%7B__typename%7D&" + parameter + "=" + url.QueryEscape(key)
				w.wantNoMistakeOfOurs(t, parameter+", "+kind, w.send(t, http.MethodGet, address, ""))
			}
		}
	})
}

// wantNoMistakeOfOurs checks that an answer is data, or an error that says what is wrong with the request.
func (s *testServer) wantNoMistakeOfOurs(t *testing.T, what string, a answer) {
	t.Helper()

	for _, e := range a.Errors {
		switch code, _ := e.Extensions["code"].(string); code {
		case "VALIDATION_FAILED", "NOT_FOUND", "UNAUTHENTICATED", "FORBIDDEN", "RATE_LIMITED", "CONFLICT":
		case "UPSTREAM_UNAVAILABLE": // no geocoder is configured
			if !strings.HasPrefix(what, "what to geocode") {
				t.Errorf("%s: %+v", what, e)
			}
		default:
			t.Errorf("%s: %+v", what, e)
		}

		if !utf8.ValidString(e.Message) {
			t.Errorf("%s: the message is %q", what, e.Message)
		}
	}
}
