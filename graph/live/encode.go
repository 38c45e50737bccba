package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/graph/limit"
)

// result is an ExecutionResult. What else a response has belongs to its operation, and is no part of what is shared.
type result struct {
	Errors gqlerror.List   `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
}

// encode writes a response as JSON on one line.
func encode(r *graphql.Response) []byte {
	if len(r.Errors) == 0 {
		return slices.Concat([]byte(`{"data":`), r.Data, []byte(`}`))
	}

	return encodeResult(result{r.Errors, r.Data})
}

// refused writes a response to an operation that was not executed: it has no data.
func refused(r *graphql.Response) []byte { return encodeResult(result{Errors: r.Errors}) }

func encodeResult(r result) []byte {
	var b bytes.Buffer

	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(r); err != nil { // only a broken marshaler's data, which has nobody's secret to tell
		panic(fmt.Errorf("live: %w", err))
	}

	return bytes.TrimRight(b.Bytes(), "\n")
}

// withCost returns a copy of an encoded result with its cost.
func withCost(encoded []byte, cost limit.Report) []byte {
	open := encoded[:len(encoded)-1]

	return append(cost.AppendJSON(append(slices.Clone(open), `,"extensions":{"cost":`...)), "}}"...)
}
