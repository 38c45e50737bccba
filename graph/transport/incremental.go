package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/graph/document"
)

type partsKey struct{}

// withParts marks the context of an operation whose client takes the answer in parts.
func withParts(ctx context.Context) context.Context {
	return context.WithValue(ctx, partsKey{}, true)
}

// Deferral is the executor's extension that decides on every @defer (document.Settle), by what the client of the operation takes.
type Deferral struct{}

// ExtensionName implements graphql.HandlerExtension.
func (Deferral) ExtensionName() string { return "Deferral" }

// Validate implements graphql.HandlerExtension.
func (Deferral) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator.
func (Deferral) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if strings.Contains(operation.RawQuery, "defer") {
		inParts, _ := ctx.Value(partsKey{}).(bool)
		document.Settle(operation, inParts)
	}

	return nil
}

// part is what follows the first part of an answer.
type part struct {
	Incremental []increment    `json:"incremental,omitempty"`
	HasNext     bool           `json:"hasNext"`
	Extensions  map[string]any `json:"extensions,omitempty"` // of the whole answer, in its last part
}

// increment is what a deferred fragment adds to the data.
type increment struct {
	Errors gqlerror.List   `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data"`
	Path   ast.Path        `json:"path"`
	Label  string          `json:"label,omitempty"`
}

// parts yields an answer part by part: the first response, and what comes of the deferred fragments. It ends when all have come, when the context ends, or when
// yield returns false. The last part says that none follows, and so does the second argument of yield; also where the time of the operation ran out.
func parts(ctx context.Context, exec graphql.GraphExecutor, first *graphql.Response, next graphql.ResponseHandler, yield func(p any, more bool) bool) {
	if !yield(first, true) {
		return
	}

	var shown any // the data of the first part, which all others add to

	_ = json.Unmarshal(first.Data, &shown)

	for {
		response := next(ctx)
		if response == nil {
			late := exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(fault.Wrap(context.DeadlineExceeded, fault.Timeout, "the operation took longer than it may"))})
			yield(part{Incremental: []increment{{Errors: late.Errors, Data: json.RawMessage("{}"), Path: ast.Path{}}}, Extensions: late.Extensions}, false)

			return
		}

		more := response.HasNext != nil && *response.HasNext

		p := part{HasNext: more, Extensions: response.Extensions}
		if has(shown, response.Path) { // else an error has made null of the object that this would add to
			p.Incremental = []increment{{response.Errors, response.Data, append(ast.Path{}, response.Path...), response.Label}}
		}

		if (p.Incremental != nil || !more) && !yield(p, more) || !more {
			return
		}
	}
}

// has tells whether data have an object at a path.
func has(data any, path ast.Path) bool {
	for _, element := range path {
		switch e := element.(type) {
		case ast.PathName:
			object, _ := data.(map[string]any)
			data = object[string(e)]
		case ast.PathIndex:
			list, _ := data.([]any)
			if int(e) >= len(list) {
				return false
			}

			data = list[e]
		}
	}

	return data != nil
}

// boundary separates the parts of an answer.
const boundary = "-"

// writeParts sends an answer in parts as multipart/mixed. Every part is followed by its delimiter at once, by which clients know that it is whole.
func (x exchange) writeParts(ctx context.Context, first *graphql.Response, next graphql.ResponseHandler) {
	header := x.w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", fmt.Sprintf(`%s; boundary="%s"; deferSpec=%s`, multipart, boundary, deferSpec))
	header.Set("X-Accel-Buffering", "no") // for nginx on the way
	x.vary()
	x.w.WriteHeader(http.StatusOK)

	controller := http.NewResponseController(x.w)
	_, err := io.WriteString(x.w, "\r\n--"+boundary+"\r\n")

	parts(ctx, x.exec, first, next, func(p any, more bool) bool {
		body, failed := encode(p)
		if err != nil || failed != nil { // the client has gone; or a resolver's raw data are broken
			return false
		}

		delimiter := "--" + boundary
		if !more {
			delimiter += "--"
		}

		if _, err = fmt.Fprintf(x.w, "Content-Type: %s; charset=utf-8\r\n\r\n%s\r\n%s\r\n", plainJSON, body, delimiter); err == nil {
			err = controller.Flush()
		}

		return err == nil
	})
}
