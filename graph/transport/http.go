// Package transport carries GraphQL over HTTP, by the GraphQL-over-HTTP specification.
package transport

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
)

const (
	responseJSON = "application/graphql-response+json"
	plainJSON    = "application/json"
)

// HTTP answers operations that come by POST, and queries that come by GET. It implements graphql.Transport.
//
// A request that is no GraphQL request, or whose document does not fit the schema, is answered without a data key: with status 400 where the client
// takes application/graphql-response+json, and for a well-formed request with 200 where it takes application/json only.
type HTTP struct {
	MaxBodyBytes int64 // of a POST; larger ones are answered with 413
}

// Supports implements graphql.Transport.
func (HTTP) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }

// request is the parameters of a GraphQL request as JSON carries them.
type request struct {
	Query         *string        `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// params returns the request in the executor's form; it must have a query.
func (r *request) params() *graphql.RawParams {
	params := &graphql.RawParams{Query: *r.Query, Variables: r.Variables, Extensions: r.Extensions}
	if r.OperationName != nil {
		params.OperationName = *r.OperationName
	}

	return params
}

// refusal is a request that cannot be executed, with the HTTP status that says so.
type refusal struct {
	status int
	reason *fault.Error
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status, fault.New(fault.ValidationFailed, format, args...)}
}

// Do implements graphql.Transport.
func (t HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx, start := r.Context(), graphql.Now()
	contentType := negotiate(r.Header.Values("Accept"))

	if contentType == "" {
		w.Header().Set("Accept", responseJSON+", "+plainJSON)
		writeRefusal(w, r, exec, responseJSON, refuse(http.StatusNotAcceptable, "answers are %s or %s", responseJSON, plainJSON))

		return
	}

	params, refused := t.read(w, r)
	if refused != nil {
		writeRefusal(w, r, exec, contentType, refused)

		return
	}

	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}

	operation, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		status := http.StatusOK
		if contentType == responseJSON {
			status = http.StatusBadRequest
		}

		write(w, status, contentType, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs), false)

		return
	}

	if kind := operation.Operation.Operation; kind == ast.Subscription {
		writeRefusal(w, r, exec, contentType, refuse(http.StatusBadRequest, "subscriptions need a WebSocket with the subprotocol graphql-transport-ws"))

		return
	} else if r.Method == http.MethodGet && kind != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		writeRefusal(w, r, exec, contentType, refuse(http.StatusMethodNotAllowed, "only queries may come by GET"))

		return
	}

	handler, ctx := exec.DispatchOperation(ctx, operation)
	write(w, http.StatusOK, contentType, handler(ctx), true)
}

// negotiate returns the media type of the answer, empty when the client takes none of ours. Who names none gets application/json.
func negotiate(accept []string) string {
	if len(accept) == 0 {
		return plainJSON
	}

	chosen := ""

	for header := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(strings.TrimSpace(header))
		if charset := parameters["charset"]; err != nil || parameters["q"] == "0" || charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}

		switch mediaType {
		case responseJSON:
			return responseJSON
		case plainJSON, "application/*", "*/*":
			chosen = plainJSON
		}
	}

	return chosen
}

func (t HTTP) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	switch r.Method {
	case http.MethodGet:
		return readQuery(r.URL.Query())
	case http.MethodPost:
		return t.readBody(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")

		return nil, refuse(http.StatusMethodNotAllowed, "GraphQL comes by POST or GET")
	}
}

func readQuery(query url.Values) (*graphql.RawParams, *refusal) {
	if !query.Has("query") {
		return nil, refuse(http.StatusBadRequest, "the parameter query is missing")
	}

	params := &graphql.RawParams{Query: query.Get("query"), OperationName: query.Get("operationName")}

	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := query.Get(name); text != "" && decode(strings.NewReader(text), into) != nil {
			return nil, refuse(http.StatusBadRequest, "the parameter %s is no JSON object", name)
		}
	}

	return params, nil
}

func (t HTTP) readBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := parameters["charset"]; err != nil || mediaType != plainJSON || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, refuse(http.StatusUnsupportedMediaType, "a request is %s in UTF-8", plainJSON)
	}

	var body request

	err = decode(http.MaxBytesReader(w, r.Body, t.MaxBodyBytes), &body)

	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, refuse(http.StatusRequestEntityTooLarge, "a request is at most %d bytes", t.MaxBodyBytes)
	}

	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return nil, refuse(http.StatusBadRequest, "the parameter %s of the request has the wrong type", wrong.Field)
	}

	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the request is no JSON object")
	}

	if body.Query == nil {
		return nil, refuse(http.StatusBadRequest, "the parameter query is missing")
	}

	return body.params(), nil
}

// errTrailing says that something follows a JSON value.
var errTrailing = errors.New("more than one JSON value")

// decode reads exactly one JSON value, with its numbers as they are written.
func decode(r io.Reader, into any) error {
	d := json.NewDecoder(r)
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

func writeRefusal(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, contentType string, refused *refusal) {
	ctx := graphql.WithOperationContext(r.Context(), &graphql.OperationContext{})
	response := exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(refused.reason)})
	write(w, refused.status, contentType, response, false)
}

// write sends a response; one of a request that was not executed has no data.
func write(w http.ResponseWriter, status int, contentType string, response *graphql.Response, executed bool) {
	if executed {
		if head, data, tail, ok := pieces(response); ok {
			send(w, status, contentType, head, data, tail)

			return
		}
	}

	var (
		body []byte
		err  error
	)

	if executed {
		body, err = encode(response)
	} else {
		body, err = encode(struct {
			Errors gqlerror.List `json:"errors"`
		}{response.Errors})
	}

	if err != nil { // only a broken resolver's raw data
		http.Error(w, "", http.StatusInternalServerError)

		return
	}

	send(w, status, contentType, body)
}

func send(w http.ResponseWriter, status int, contentType string, pieces ...[]byte) {
	length := 0
	for _, piece := range pieces {
		length += len(piece)
	}

	w.Header().Set("Content-Type", contentType+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)

	for _, piece := range pieces {
		_, _ = w.Write(piece) //nolint:gosec // JSON, and the content type says so
	}
}
