package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// encode writes a value as JSON on one line, with <, > and & as they are.
func encode(v any) ([]byte, error) {
	if r, ok := v.(*graphql.Response); ok {
		if head, data, tail, ok := pieces(r); ok {
			return slices.Concat(head, data, tail), nil
		}
	}

	var b bytes.Buffer

	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}

	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// pieces returns a response as JSON in three: its data, which are JSON already, and what stands before and after them. That spares encoding/json from reading the
// data once more, and a large answer from being copied. False where there is more in the response than data and their cost.
func pieces(r *graphql.Response) (head, data, tail []byte, ok bool) {
	cost, alone := costAlone(r.Extensions)
	if !alone || len(r.Errors) > 0 || r.HasNext != nil || r.Data == nil {
		return nil, nil, nil, false
	}

	tail = []byte{'}'}
	if cost != nil {
		tail = append(cost.AppendJSON(append(make([]byte, 0, maxCostBytes), `,"extensions":{"cost":`...)), "}}"...)
	}

	return []byte(`{"data":`), r.Data, tail, true
}

// maxCostBytes has room for extensions.cost with figures of 16 digits, and for the names around it.
const maxCostBytes = 256

// appender is something that writes itself as JSON, as the cost of an operation does.
type appender interface{ AppendJSON(b []byte) []byte }

// costAlone returns the cost of an operation, nil for none; false when there are other extensions.
func costAlone(extensions map[string]any) (appender, bool) {
	if len(extensions) == 0 {
		return nil, true
	}

	cost, ok := extensions["cost"].(appender)

	return cost, ok && len(extensions) == 1
}
