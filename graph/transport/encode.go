package transport

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
)

// encode writes a value as JSON on one line, with <, > and & as they are. The data of a response are JSON already; where there is nothing else in it, they are
// taken over as they are, which spares encoding/json from reading them once more.
func encode(v any) ([]byte, error) {
	if r, ok := v.(*graphql.Response); ok && len(r.Errors) == 0 && len(r.Extensions) == 0 && r.HasNext == nil && r.Data != nil {
		return append(append(append(make([]byte, 0, len(r.Data)+16), `{"data":`...), r.Data...), '}'), nil
	}

	var b bytes.Buffer

	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}

	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
