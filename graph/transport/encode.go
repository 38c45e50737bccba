package transport

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// encode writes a value as JSON on one line, with <, > and & as they are. The data of a response are JSON already; where there is nothing else in it but its cost,
// they are taken over as they are, which spares encoding/json from reading them once more.
func encode(v any) ([]byte, error) {
	if r, ok := v.(*graphql.Response); ok && len(r.Errors) == 0 && r.HasNext == nil && r.Data != nil {
		if cost, ok := costAlone(r.Extensions); ok {
			return appendResponse(make([]byte, 0, len(r.Data)+maxCostBytes), r.Data, cost), nil
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

// maxCostBytes has room for extensions.cost with figures of 16 digits, and for the names around it and the data.
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

func appendResponse(b, data []byte, cost appender) []byte {
	b = append(append(b, `{"data":`...), data...)

	if cost != nil {
		b = append(cost.AppendJSON(append(b, `,"extensions":{"cost":`...)), '}')
	}

	return append(b, '}')
}
