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
// data once more, and a large answer from being copied. False where there is more in the response than data.
func pieces(r *graphql.Response) (head, data, tail []byte, ok bool) {
	if len(r.Errors) > 0 || len(r.Extensions) > 0 || r.HasNext != nil || r.Data == nil {
		return nil, nil, nil, false
	}

	return []byte(`{"data":`), r.Data, []byte(`}`), true
}
