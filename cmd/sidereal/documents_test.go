package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func sha(document string) string {
	sum := sha256.Sum256([]byte(document))

	return hex.EncodeToString(sum[:])
}

// body is a request of those parameters, name and value in turn.
func body(t testing.TB, parameters ...any) string {
	t.Helper()

	m := make(map[string]any)
	for i := 0; i < len(parameters); i += 2 {
		m[parameters[i].(string)] = parameters[i+1]
	}

	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

func persisted(hash string) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}
}

// sendBody sends a request of parameters by POST.
func (s *testServer) sendBody(t testing.TB, parameters ...any) answer {
	t.Helper()

	return s.send(t, http.MethodPost, "/graphql", body(t, parameters...), "Content-Type", "application/json", "Accept", "application/graphql-response+json")
}

// getPersisted asks by GET for a document that is named by its hash.
func (s *testServer) getPersisted(t testing.TB, hash string) answer {
	t.Helper()

	extensions, _ := json.Marshal(persisted(hash))

	return s.send(t, http.MethodGet, "/graphql?extensions="+url.QueryEscape(string(extensions)), "")
}

// wantTypename checks that an answer is that of { __typename }.
func wantTypename(t testing.TB, a answer) {
	t.Helper()

	if string(a.Data) != `{"__typename":"Query"}` || len(a.Errors) > 0 || a.Status != http.StatusOK {
		t.Errorf("unexpected: %d %s %+v", a.Status, a.Data, a.Errors)
	}
}

func TestDocumentsAreSentOnce(t *testing.T) {
	const document = "{ __typename }"

	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		// The hash alone is not known; Apollo's clients go by the message and by the code.
		e := s.sendBody(t, "extensions", persisted(sha(document)))
		if shown := e.wantError(t, "PERSISTED_QUERY_NOT_FOUND", ""); shown.Message != "PersistedQueryNotFound" || e.Status != http.StatusBadRequest || e.Data != nil {
			t.Errorf("unexpected: %d %+v", e.Status, e)
		}

		if e := s.getPersisted(t, sha(document)); e.Status != http.StatusOK || e.Errors[0].Message != "PersistedQueryNotFound" { // takes plain JSON
			t.Errorf("unexpected: %+v", e)
		}

		// With another document it is refused, whatever the client takes.
		e = s.send(t, http.MethodPost, "/graphql", body(t, "query", "{ horoscope }", "extensions", persisted(sha(document))), "Content-Type", "application/json")
		if e.wantError(t, "VALIDATION_FAILED", ""); e.Status != http.StatusBadRequest {
			t.Errorf("a false hash: %+v", e)
		}

		// What is no document of the schema is not kept.
		_ = s.sendBody(t, "query", "{ horoscope }", "extensions", persisted(sha("{ horoscope }")))
		s.sendBody(t, "extensions", persisted(sha("{ horoscope }"))).wantError(t, "PERSISTED_QUERY_NOT_FOUND", "")

		// With its document it is kept, for POST, GET and WebSockets.
		wantTypename(t, s.sendBody(t, "query", document, "extensions", persisted(sha(document))))
		wantTypename(t, s.sendBody(t, "extensions", persisted(sha(document))))
		wantTypename(t, s.getPersisted(t, sha(document)))

		socket := s.open(t)
		frame(t, socket, `{"type":"subscribe","id":"1","payload":`+body(t, "extensions", persisted(sha(document)))+`}`)
		wantNext(t, socket, "next", `"__typename":"Query"`)

		frame(t, socket, `{"type":"subscribe","id":"2","payload":`+body(t, "extensions", persisted(sha("{ a }")))+`}`)
		wantNext(t, socket, "error", `PersistedQueryNotFound`)

		frame(t, socket, `{"type":"subscribe","id":"3","payload":`+body(t, "query", "{ b: __typename }", "extensions", persisted(sha("{ b: __typename }")))+`}`)
		wantNext(t, socket, "next", `"b":"Query"`)

		if a := s.getPersisted(t, sha("{ b: __typename }")); string(a.Data) != `{"b":"Query"}` {
			t.Errorf("what came over a WebSocket is not kept: %+v", a)
		}

		if shared := strings.Contains(strings.Join(environment, " "), "REDIS"); shared { // another process knows it
			wantTypename(t, start(t, append(environment, "SIDEREAL_DATA_DIR="+t.TempDir())).getPersisted(t, sha(document)))
		}
	})
}

// wantNext reads on to a message of the type and checks that its payload holds the words.
func wantNext(t testing.TB, socket *websocket.Conn, kind, words string) {
	t.Helper()

	for {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.Type == "complete" {
			continue
		}

		if m.Type != kind || !strings.Contains(string(m.Payload), words) {
			t.Errorf("want %s with %s, got %s %s", kind, words, m.Type, m.Payload)
		}

		return
	}
}

func TestDocumentsAreNotKeptWhereThatIsOff(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_APQ=off"))

	e := s.sendBody(t, "extensions", persisted(sha("{ __typename }")))
	if shown := e.wantError(t, "PERSISTED_QUERY_NOT_SUPPORTED", ""); shown.Message != "PersistedQueryNotSupported" {
		t.Errorf("unexpected: %+v", e)
	}

	wantTypename(t, s.sendBody(t, "query", "{ __typename }", "extensions", persisted(sha("{ __typename }"))))
}

// manifest writes a list of trusted documents and returns the setting that names it.
func manifest(t testing.TB, text string) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	return "SIDEREAL_TRUSTED_DOCUMENTS=" + path
}

func TestTrustedDocuments(t *testing.T) {
	const trusted, other = "{ __typename }", "{ other: __typename }"

	list := manifest(t, `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [`+
		`{"id": "start", "name": "", "type": "query", "body": "{ __typename }"}, {"id": "watch", "name": "W", "type": "subscription", "body": "subscription W { operationsSnapshots(everyMs: 20) { at } }"}]}`)

	for _, mode := range []string{"false", "true"} {
		t.Run("only them: "+mode, func(t *testing.T) {
			s := start(t, append(embedded(t), list, "SIDEREAL_TRUSTED_ONLY="+mode))

			wantTypename(t, s.sendBody(t, "documentId", "start"))
			wantTypename(t, s.sendBody(t, "documentId", "sha256:"+sha(trusted)))
			wantTypename(t, s.sendBody(t, "extensions", persisted("start")))
			wantTypename(t, s.sendBody(t, "query", trusted))
			wantTypename(t, s.send(t, http.MethodGet, "/graphql?documentId=start", ""))

			socket := s.open(t)
			frame(t, socket, `{"type":"subscribe","id":"1","payload":{"documentId":"watch"}}`)
			wantNext(t, socket, "next", `"at":`)
			frame(t, socket, `{"type":"complete","id":"1"}`)

			// The administrator of the socket is no exception.
			begin(t, socket, "2", other)

			unknown, status := "NOT_FOUND", http.StatusOK

			if mode == "true" {
				unknown, status = "FORBIDDEN", http.StatusBadRequest

				s.sendBody(t, "query", other).wantError(t, "FORBIDDEN", "")
				s.sendBody(t, "query", other, "extensions", persisted(sha(other))).wantError(t, "FORBIDDEN", "")
				s.sendBody(t, "extensions", persisted(sha(other))).wantError(t, "FORBIDDEN", "")
				wantEventually(t, socket, `"FORBIDDEN"`)
			} else {
				wantEventually(t, socket, `"other":"Query"`)
			}

			if a := s.sendBody(t, "query", other); a.Status != status {
				t.Errorf("want %d, got %+v", status, a)
			}

			s.sendBody(t, "documentId", "nonsense").wantError(t, unknown, "")
			s.sendBody(t, "documentId", "start", "query", trusted).wantError(t, "VALIDATION_FAILED", "")
		})
	}
}

// wantEventually reads on to a message about the operation 2 and checks that its payload holds the words.
func wantEventually(t testing.TB, socket *websocket.Conn, words string) {
	t.Helper()

	for {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.ID == "2" {
			if !strings.Contains(string(m.Payload), words) {
				t.Errorf("want %s, got %s %s", words, m.Type, m.Payload)
			}

			return
		}
	}
}

func TestServersWithBadListsDoNotStart(t *testing.T) {
	for name, test := range map[string]struct {
		environment []string
		code        int
		words       []string
	}{
		"a document that does not fit the schema": {
			[]string{manifest(t, `{"good": "{ __typename }", "bad": "{ horoscope }", "worse": "{"}`)},
			exitFailure,
			[]string{"trusted documents", "bad", "horoscope", "worse"},
		},
		"a document beyond the limits": {
			[]string{manifest(t, `{"deep": "{ nodes(ids: []) { ... on Chart { birth { date } } } }"}`), "SIDEREAL_MAX_DEPTH=2"}, exitFailure, []string{"deep", "DEPTH_LIMIT"},
		},
		"no operation":                  {[]string{manifest(t, `{"part": "fragment F on Chart { id }"}`)}, exitFailure, []string{"part", "never used"}},
		"what graphql-js refuses":       {[]string{manifest(t, `{"lax": "{ places(search: 7) { name } }"}`)}, exitFailure, []string{"lax", "String"}},
		"introspection where it is off": {[]string{manifest(t, `{"all": "{ __schema { types { name } } }"}`), "SIDEREAL_INTROSPECTION=off"}, exitFailure, []string{"all", "__schema"}},
		"no file":                       {[]string{"SIDEREAL_TRUSTED_DOCUMENTS=/nowhere/documents.json"}, exitFailure, []string{"/nowhere/documents.json"}},
		"nothing to trust":              {[]string{"SIDEREAL_TRUSTED_ONLY=true"}, exitUsage, []string{"SIDEREAL_TRUSTED_ONLY needs TRUSTED_DOCUMENTS"}},
		"other bad settings": {
			[]string{"SIDEREAL_APQ=maybe", "SIDEREAL_APQ_BYTES=1", "SIDEREAL_APQ_DOCUMENTS=0", "SIDEREAL_MAX_BATCH=0", "SIDEREAL_INTROSPECTION=x", "SIDEREAL_PLAYGROUND=x"},
			exitUsage,
			[]string{"SIDEREAL_APQ must", "SIDEREAL_APQ_BYTES must", "SIDEREAL_APQ_DOCUMENTS must", "SIDEREAL_MAX_BATCH must", "SIDEREAL_INTROSPECTION must", "SIDEREAL_PLAYGROUND must"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(lockedBuffer)
			if code := run(t.Context(), []string{"sidereal"}, append(embedded(t), test.environment...), log, log); code != test.code {
				t.Errorf("want exit code %d, got %d", test.code, code)
			}

			for _, word := range test.words {
				if !strings.Contains(log.String(), word) {
					t.Errorf("want %q in %s", word, log)
				}
			}
		})
	}
}

func TestProductionTellsNothingOfTheSchema(t *testing.T) {
	production := append(embedded(t), "SIDEREAL_ENV=production")

	for name, test := range map[string]struct {
		environment []string
		on          bool
	}{
		"production":              {production, false},
		"production, asked for":   {append(production, "SIDEREAL_INTROSPECTION=on", "SIDEREAL_PLAYGROUND=on"), true},
		"development":             {embedded(t), true},
		"development, not wanted": {append(embedded(t), "SIDEREAL_INTROSPECTION=off", "SIDEREAL_PLAYGROUND=off"), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, test.environment)

			for _, document := range []string{`{ __schema { types { name } } }`, `{ ...F } fragment F on Query { t: __type(name: "Chart") { name } }`} {
				a := s.sendBody(t, "query", document)
				if test.on {
					a.into(t, &struct{}{})
				} else if e := a.wantError(t, "VALIDATION_FAILED", ""); a.Status != http.StatusBadRequest || a.Data != nil || !strings.Contains(e.Message, "introspection is off") {
					t.Errorf("%s: unexpected: %d %+v", document, a.Status, a)
				}
			}

			wantTypename(t, s.sendBody(t, "query", "{ __typename }"))

			for _, document := range []string{
				`{ chartz { totalCount } }`, `{ charts }`, `{ charts(frist: 1) { totalCount } }`, `{ charts { totalCount } ... on Querry { __typename } }`,
				`{ charts(orderBy: {field: CREATED_ATT}) { totalCount } }`, `{ charts(filter: {bornn: 1}) { totalCount } }`, `query($x: Chrt) { charts { totalCount } }`,
				`{ chart(hash: "x") { positions(zodiac: TROPICALL) { body } } }`, `{ charts @skp { totalCount } }`,
			} {
				a := s.sendBody(t, "query", document)
				if len(a.Errors) == 0 {
					t.Errorf("%s has no error", document)
				}

				for _, e := range a.Errors {
					if strings.Contains(strings.ToLower(e.Message), "did you mean") && !test.on {
						t.Errorf("%s: the message suggests something: %s", document, e.Message)
					}
				}
			}

			if e := s.sendBody(t, "query", `{ chartz { totalCount } }`).Errors[0]; strings.Contains(e.Message, "Did you mean") != test.on {
				t.Errorf("unexpected: %s", e.Message)
			}

			response, err := http.Get(s.url + "/playground")
			if err != nil {
				t.Fatal(err)
			}

			defer response.Body.Close()

			if status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[test.on]; response.StatusCode != status {
				t.Errorf("the playground: want %d, got %d", status, response.StatusCode)
			}

			if told := len(s.log.lines("listening", "/playground")) > 0; told != test.on {
				t.Errorf("the log tells of a playground: %t", told)
			}
		})
	}
}

// list sends a list of operations and returns the status with the answers; one of an error that concerns all is alone.
func (s *testServer) list(t testing.TB, text string, header ...string) (status int, answers []answer) {
	t.Helper()

	response, all := s.raw(t, http.DefaultClient, http.MethodPost, "/graphql", text, append([]string{"Content-Type", "application/json"}, header...)...)

	if json.Unmarshal([]byte(all), &answers) != nil {
		var one answer
		if err := json.Unmarshal([]byte(all), &one); err != nil {
			t.Fatal(err)
		}

		answers = []answer{one}
	}

	return response.StatusCode, answers
}

func TestListsOfOperations(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_MAX_BATCH=20"))

	var texts []string
	for i := range 20 {
		texts = append(texts, fmt.Sprintf(`{"query":"{ n%d: __typename }"}`, i))
	}

	texts[3], texts[5], texts[7], texts[9] = "7", `{"query":"{ horoscope }"}`, `{"query":"subscription { operationsSnapshots { at } }"}`, `{"query":1}`
	texts[11] = `{"query":"{ charts(first: -1) { totalCount } }"}`

	status, answers := s.list(t, "["+strings.Join(texts, ",")+"]", administrator(t)...)
	if status != http.StatusOK || len(answers) != 20 {
		t.Fatalf("want 20 answers, got %d %+v", status, answers)
	}

	for i, a := range answers {
		switch i {
		case 3, 5, 7, 9, 11:
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "VALIDATION_FAILED" || (a.Data != nil) != (i == 11) {
				t.Errorf("%d: want an error of its own, got %s %+v", i, a.Data, a)
			}
		default:
			if want := fmt.Sprintf(`{"n%d":"Query"}`, i); string(a.Data) != want || len(a.Errors) > 0 {
				t.Errorf("%d: want %s, got %s %+v", i, want, a.Data, a.Errors)
			}
		}
	}

	for name, test := range map[string]struct {
		text, accept string
		status       int
		words        string
	}{
		"too many":           {"[" + strings.Repeat("{},", 20) + "{}]", "*/*", 400, "at most 20"},
		"none":               {"[]", "*/*", 400, "no operations"},
		"not closed":         {`[{"query":"{ __typename }"}`, "*/*", 400, "no JSON"},
		"more than a list":   {`[{"query":"{ __typename }"}] []`, "*/*", 400, "no JSON"},
		"no JSON in it":      {`[{"query":"{ __typename }"}, x]`, "*/*", 400, "no JSON"},
		"too large together": {`[{"query":"{ __typename }"},{"query":"` + strings.Repeat(" ", 1<<20) + `"}]`, "*/*", 413, "at most"},
		"for no list's type": {`[{"query":"{ __typename }"}]`, "application/graphql-response+json", 406, "application/json"},
	} {
		status, answers := s.list(t, test.text, "Accept", test.accept)
		if status != test.status || len(answers) != 1 || len(answers[0].Errors) != 1 || !strings.Contains(answers[0].Errors[0].Message, test.words) {
			t.Errorf("%s: want %d with %q, got %d %+v", name, test.status, test.words, status, answers)
		}
	}

	if status, answers := start(t, append(embedded(t), "SIDEREAL_MAX_BATCH=1")).list(t, `[{"query":"{ __typename }"}]`); status != 400 || answers[0].Errors == nil {
		t.Errorf("where lists are off: %d %+v", status, answers)
	}
}
