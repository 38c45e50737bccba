package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// batchWorkers is how many operations of a list run at once: enough that some compute while others wait, and few enough that a list is no way around others.
const batchWorkers = 4

// readList reads a list of requests. One that is none spoils only its own place.
func (t HTTP) readList(body []byte) ([]entry, *refusal) {
	if t.MaxBatch <= 1 {
		return nil, refuse(http.StatusBadRequest, "this server takes one operation a request, and no lists")
	}

	d := json.NewDecoder(bytes.NewReader(body))
	_, _ = d.Token() // [

	var list []entry

	for d.More() {
		if len(list) == t.MaxBatch {
			return nil, refuse(http.StatusBadRequest, "a list has at most %d operations", t.MaxBatch)
		}

		var text json.RawMessage
		if d.Decode(&text) != nil {
			return nil, refuse(http.StatusBadRequest, "the request is no JSON")
		}

		sent, refused := readOne(text)
		list = append(list, entry{sent, refused})
	}

	if _, err := d.Token(); err != nil || len(bytes.TrimSpace(body[d.InputOffset():])) > 0 {
		return nil, refuse(http.StatusBadRequest, "the request is no JSON")
	}

	if len(list) == 0 {
		return nil, refuse(http.StatusBadRequest, "the list has no operations")
	}

	return list, nil
}

// answerList executes a list of operations, some at once, and writes a list of what came of each, in the order of the requests.
func (x exchange) answerList(list []entry) {
	if !x.accept.plain { // a list is no application/graphql-response+json
		x.refuse(refuse(http.StatusNotAcceptable, "the answer to a list is %s", plainJSON))

		return
	}

	var (
		answers = make([]json.RawMessage, len(list))
		places  = make(chan int)
		active  sync.WaitGroup
	)

	for range min(batchWorkers, len(list)) {
		active.Go(func() {
			for i := range places {
				answers[i] = x.answerEntry(list[i])
			}
		})
	}

	for i := range list {
		places <- i
	}

	close(places)
	active.Wait()

	body, err := encode(answers)
	if err != nil { // each is JSON
		panic(err)
	}

	x.send(http.StatusOK, plainJSON, body)
}

// answerEntry returns the answer to one of a list. A panic outside the resolvers, which would end the process here, is an error of that operation.
func (x exchange) answerEntry(e entry) (answer json.RawMessage) {
	ctx := x.r.Context()

	defer func() {
		if panicked := recover(); panicked != nil {
			answer = refusalBody(&graphql.Response{Errors: gqlerror.List{recovered(ctx, x.exec, panicked)}})
		}
	}()

	if e.refused != nil {
		return x.refusalOf(ctx, e.refused)
	}

	operation, _, refused := x.prepare(ctx, e.sent)
	if refused != nil {
		return x.refusalOf(ctx, refused)
	}

	return x.result(ctx, operation)
}

// result executes a query or a mutation and returns what comes of it.
func (x exchange) result(ctx context.Context, operation *graphql.OperationContext) json.RawMessage {
	next, ctx := x.exec.DispatchOperation(ctx, operation)

	response := next(ctx)
	if response == nil {
		return x.refusalOf(ctx, givenUp(operation))
	}

	body, err := encode(response)
	if err != nil { // only a broken resolver's raw data
		panic(err)
	}

	return body
}

func (x exchange) refusalOf(ctx context.Context, refused *refusal) json.RawMessage {
	return refusalBody(x.exec.DispatchError(graphql.WithOperationContext(ctx, refused.operation), refused.errs))
}

// recovered turns a panic outside a resolver into an error as the client sees it.
func recovered(ctx context.Context, exec graphql.GraphExecutor, panicked any) *gqlerror.Error {
	presenter, ok := exec.(interface {
		PresentRecoveredError(ctx context.Context, panicked any) error
	})
	if !ok {
		return gqlerror.Errorf("internal error")
	}

	return gqlerror.Wrap(presenter.PresentRecoveredError(graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover), panicked))
}
