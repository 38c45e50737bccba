package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"sidereal/graph/document"
)

// request is the parameters of a GraphQL request as JSON carries them.
type request struct {
	Query         *string        `json:"query"`
	DocumentID    string         `json:"documentId"`
	OperationName string         `json:"operationName"` // empty is none
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// ask returns what the request says of its document.
func (r *request) ask() document.Ask {
	return document.Ask{Text: r.Query, ID: r.DocumentID, Extensions: r.Extensions}
}

// params returns the request in the executor's form, with the document that it means.
func (r *request) params(text string) *graphql.RawParams {
	return &graphql.RawParams{Query: text, OperationName: r.OperationName, Variables: r.Variables, Extensions: r.Extensions}
}

// requests is what came over HTTP: one request, or a list of them.
type requests struct {
	one    *request
	list   []entry
	isList bool
}

// entry is one of a list of requests, or why it is none.
type entry struct {
	sent    *request
	refused *refusal
}

// requests reads what came.
func (t HTTP) requests(w http.ResponseWriter, r *http.Request) (requests, *refusal) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		sent, refused := readQuery(r.URL.RawQuery)

		return requests{one: sent}, refused
	case http.MethodPost:
		body, refused := t.readBody(w, r)
		if refused != nil {
			return requests{}, refused
		}

		if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
			list, refused := t.readList(body)

			return requests{list: list, isList: true}, refused
		}

		sent, refused := readOne(body)

		return requests{one: sent}, refused
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")

		return requests{}, refuse(http.StatusMethodNotAllowed, "GraphQL comes by POST or GET")
	}
}

func readQuery(raw string) (*request, *refusal) {
	query, err := url.ParseQuery(raw)
	if err != nil || !utf8.ValidString(strings.Join(append(query["query"], append(query["variables"], query["extensions"]...)...), "")) {
		return nil, refuse(http.StatusBadRequest, "the query of the URL is not well-formed")
	}

	sent := &request{OperationName: query.Get("operationName"), DocumentID: query.Get("documentId")}

	if query.Has("query") {
		text := query.Get("query")
		sent.Query = &text
	}

	for name, into := range map[string]*map[string]any{"variables": &sent.Variables, "extensions": &sent.Extensions} {
		if text := query.Get(name); text != "" && decode([]byte(text), into) != nil {
			return nil, refuse(http.StatusBadRequest, "the parameter %s is no JSON object", name)
		}
	}

	return sent, nil
}

// readBody returns the JSON of a POST.
func (t HTTP) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := parameters["charset"]; err != nil || mediaType != plainJSON || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, refuse(http.StatusUnsupportedMediaType, "a request is %s in UTF-8", plainJSON)
	}

	var body bytes.Buffer
	if length := r.ContentLength; length > 0 && length <= t.MaxBodyBytes {
		body.Grow(int(length) + bytes.MinRead)
	}

	_, err = body.ReadFrom(http.MaxBytesReader(w, r.Body, t.MaxBodyBytes))

	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, refuse(http.StatusRequestEntityTooLarge, "a request is at most %d bytes", t.MaxBodyBytes)
	}

	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the request ended before its time")
	}

	if !utf8.Valid(body.Bytes()) {
		return nil, refuse(http.StatusBadRequest, "the request is not in UTF-8")
	}

	return body.Bytes(), nil
}

// readOne reads a request.
func readOne(body []byte) (*request, *refusal) {
	var sent *request

	err := decode(body, &sent)

	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return nil, refuse(http.StatusBadRequest, "the parameter %s of the request has the wrong type", wrong.Field)
	}

	if err != nil || sent == nil {
		return nil, refuse(http.StatusBadRequest, "the request is no JSON object")
	}

	return sent, nil
}

// errTrailing says that something follows a JSON value.
var errTrailing = errors.New("more than one JSON value")

// decode reads exactly one JSON value, with its numbers as they are written.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()

	if err := d.Decode(into); err != nil {
		return err
	}

	if _, err := d.Token(); err == nil {
		return errTrailing
	} else if !errors.Is(err, io.EOF) {
		return err
	}

	return nil
}
