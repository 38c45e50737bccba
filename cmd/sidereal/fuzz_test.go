package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// odd are bodies that servers stumble over.
func odd() []string {
	deep := func(open, end string) string { return strings.Repeat(open, 100_000) + strings.Repeat(end, 100_000) }
	query := func(document string) string {
		text, _ := json.Marshal(map[string]string{"query": document})

		return string(text)
	}

	return []string{
		``, ` `, `{`, `}`, `null`, `true`, `7`, `""`, `[]`, `{}`, `[{}]`, `[[]]`, `[null]`, `{"query":{}}`, `{"query":[]}`, `{"query":null}`,
		query("{ __typename }"), query("{"), query("query"), query("#"), query("\x00"), query("{ a(b: \"\\u0000\") }"), query("query($x: Int = {}) { a }"),
		`{"query":"{ __typename }","query":"{ horoscope }"}`, `{"query":"{ __typename }","QUERY":7}`,
		`{"query":"{ __typename }","variables":{"x":1e400}}`, `{"query":"query($n: Int) { charts(first: $n) { totalCount } }","variables":{"n":1e999999999}}`,
		`{"query":"query($n: Int) { charts(first: $n) { totalCount } }","variables":{"n":` + strings.Repeat("9", 10_000) + `}}`,
		`{"query":"query($n: Int) { charts(first: $n) { totalCount } }","variables":{"n":-0}}`,
		`{"query":"query($s: String!) { places(search: $s) { name } }","variables":{"s":"\u0000\ud800"}}`,
		`{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1e0,"sha256Hash":"x"}}}`, `{"documentId":"sha256:"}`,
		"{\"query\":\"\xff\xfe\"}", "\xef\xbb\xbf{}", "{\"query\":\"{ __typename }\"}\x00", `{"query":"{ __typename }"} {}`,
		deep("[", "]"), deep(`{"a":`, "}"), `{"variables":` + deep("[", "]") + `,"query":"{ a }"}`,
		query(deep("{ a ", "}")), query("{ a(b: " + deep("[", "]") + ") }"), query("query($x: " + deep("[", "]") + ") { a }"),
		query("{ a " + strings.Repeat("...f ", 1000) + "} fragment f on Query { ...f }"), query("{ " + strings.Repeat("a ", 20_000) + "}"),
		"[" + strings.Repeat(`{"query":"{ __typename }"},`, 9) + "7]", "[" + strings.Repeat("1,", 300_000) + "1]", `[{"query":"{ __typename }"}`,
		query(strings.Repeat("x", 10<<20)), strings.Repeat(" ", 10<<20),
		query("mutation { a: __typename ... @defer { b: __typename } }"), query("{ ... @defer(if: 7, label: []) { __typename } }"),
		query("{ ...F @defer } fragment F on Query { ... @defer(label: \"x\") { ...G } } fragment G on Query { __typename }"),
	}
}

// FuzzHTTPBody sends bodies: whatever they hold, the answer is JSON, says what is wrong with a code, and is no fault of ours.
func FuzzHTTPBody(f *testing.F) {
	for _, body := range odd() {
		f.Add([]byte(body))
	}

	s := start(f, append(embedded(f), "SIDEREAL_SLOW_QUERY=1h"))

	f.Fuzz(func(t *testing.T, body []byte) {
		for _, accept := range []string{"application/json", "application/graphql-response+json", "multipart/mixed;deferSpec=20220824, application/json"} {
			s.wantSaneAnswer(t, body, accept)
		}
	})
}

// wantSaneAnswer sends a body and checks the answer, one or a list.
func (s *testServer) wantSaneAnswer(t testing.TB, body []byte, accept string) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		if len(body) > 1<<20 {
			return // beyond all size: the server may close the connection before all of it was sent
		}

		t.Fatalf("%.200q: %v", body, err)
	}

	defer response.Body.Close()

	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}

	if response.StatusCode >= http.StatusInternalServerError || strings.Contains(string(text), `"INTERNAL"`) {
		t.Fatalf("%.200q: %d %.300s", body, response.StatusCode, text)
	}

	if strings.HasPrefix(response.Header.Get("Content-Type"), "multipart/mixed") {
		return // TestPartsMakeTheWhole reads them
	}

	var answers []answer
	if !strings.HasPrefix(string(text), "[") {
		text = []byte("[" + string(text) + "]")
	}

	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatalf("%.200q: %d: no JSON: %v: %.300s", body, response.StatusCode, err, text)
	}

	for _, a := range answers {
		if len(a.Errors) == 0 && (a.Data == nil || response.StatusCode != http.StatusOK) {
			t.Errorf("%.200q: %d with neither data nor errors", body, response.StatusCode)
		}

		for _, e := range a.Errors {
			if code, _ := e.Extensions["code"].(string); code == "" || e.Message == "" {
				t.Errorf("%.200q: an error without a code or a message: %+v", body, e)
			}
		}
	}
}
