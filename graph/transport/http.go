// Package transport carries GraphQL over HTTP, by the GraphQL-over-HTTP specification, over Server-Sent Events and over WebSockets.
package transport

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/graph/document"
)

// HTTP answers operations that come by POST, alone or as a list, and queries that come by GET. It implements graphql.Transport.
//
// A request that is no GraphQL request, or whose document does not fit the schema, is answered without a data key: with status 400 where the client
// takes application/graphql-response+json, and for a well-formed request with 200 where it takes application/json only.
type HTTP struct {
	MaxBodyBytes int64             // of a POST; larger ones are answered with 413
	MaxBatch     int               // operations of a list; 0 and 1 take no lists
	Documents    *document.Library // where documents are found that requests do not carry
}

// Supports implements graphql.Transport.
func (HTTP) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }

// exchange is a request over HTTP that is being answered.
type exchange struct {
	HTTP

	w      http.ResponseWriter
	r      *http.Request
	exec   graphql.GraphExecutor
	accept acceptable
	events bool // the answer is written as events, so a subscription can be answered
	read   graphql.TraceTiming
}

// refusal is an operation that is not executed, and why.
type refusal struct {
	status    int // of HTTP; 0 where it depends on the media type of the answer
	errs      gqlerror.List
	operation *graphql.OperationContext
}

func refuse(status int, format string, args ...any) *refusal {
	return refuseFor(status, fault.New(fault.ValidationFailed, format, args...))
}

func refuseFor(status int, err error) *refusal {
	return &refusal{status: status, errs: gqlerror.List{gqlerror.Wrap(err)}, operation: &graphql.OperationContext{}}
}

// givenUp refuses an operation whose time ran out before it began. It was priced, so the refusal has its cost.
func givenUp(operation *graphql.OperationContext) *refusal {
	refused := refuseFor(0, fault.New(fault.Timeout, "the operation was given up before it began"))
	refused.operation = operation

	return refused
}

// Do implements graphql.Transport.
func (t HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	x := exchange{HTTP: t, w: w, r: r, exec: exec, accept: negotiate(r.Header.Values("Accept"))}
	x.read.Start = graphql.Now()

	if x.accept.mediaType == "" {
		w.Header().Set("Accept", responseJSON+", "+plainJSON)

		x.accept.mediaType = responseJSON
		x.refuse(refuse(http.StatusNotAcceptable, "answers are %s or %s", responseJSON, plainJSON))

		return
	}

	sent, refused := t.requests(w, r)
	x.read.End = graphql.Now()

	switch {
	case refused != nil:
		x.refuse(refused)
	case sent.isList:
		x.answerList(sent.list)
	default:
		x.answer(sent.one)
	}
}

// answer executes the operation of a request and writes what comes of it.
func (x exchange) answer(sent *request) {
	ctx, end := context.WithCancel(x.r.Context())
	defer end() // of what is still deferred when the client has gone

	if x.accept.parts {
		ctx = withParts(ctx)
	}

	operation, found, refused := x.prepare(ctx, sent)
	if refused != nil {
		x.refuse(refused)

		return
	}

	next, ctx := x.exec.DispatchOperation(ctx, operation)
	response := next(ctx)

	switch {
	case response == nil:
		x.refuse(givenUp(operation))
	case response.HasNext != nil && *response.HasNext:
		x.writeParts(ctx, response, next)
	default:
		x.write(response, found.Persisted)
	}
}

// prepare finds the document of a request and makes it an operation, or says why it cannot be executed.
func (x exchange) prepare(ctx context.Context, sent *request) (*graphql.OperationContext, document.Found, *refusal) {
	found, err := x.Documents.Find(ctx, sent.ask())
	if err != nil {
		status := 0
		if fault.CodeOf(err) == fault.ValidationFailed { // it is not well-formed
			status = http.StatusBadRequest
		}

		return nil, found, refuseFor(status, err)
	}

	params := sent.params(found.Text)
	params.Headers = x.r.Header
	params.ReadTime = x.read

	operation, errs := operationOf(ctx, x.exec, params)
	if errs != nil {
		return nil, found, &refusal{errs: errs, operation: operation}
	}

	x.Documents.Learn(ctx, found)

	switch kind := operation.Operation.Operation; {
	case kind == ast.Subscription && !x.events:
		return nil, found, refuse(http.StatusBadRequest,
			"subscriptions need a WebSocket with the subprotocol graphql-transport-ws, or the header Accept: %s", eventStream)
	case kind == ast.Mutation && x.r.Method != http.MethodPost:
		x.w.Header().Set("Allow", http.MethodPost)

		return nil, found, refuse(http.StatusMethodNotAllowed, "mutations must come by POST")
	}

	return operation, found, nil
}

// operationOf makes an operation of a request, or says all that is wrong with it: what checks requests returns one error, which may wrap a list.
func operationOf(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	operation, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) == 1 {
		if all, ok := errors.AsType[gqlerror.List](errs[0]); ok {
			return operation, all
		}
	}

	return operation, errs
}
