package transport

import (
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// report is a cost that writes itself.
type report string

// AppendJSON implements appender.
func (r report) AppendJSON(b []byte) []byte { return append(b, r...) }

// MarshalJSON implements json.Marshaler.
func (r report) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// Responses are the same JSON whichever way they are written.
func TestResponsesAsJSON(t *testing.T) {
	data := json.RawMessage(`{"a":"<b>"}`)

	for name, test := range map[string]struct {
		response graphql.Response
		want     string
	}{
		"data":                     {graphql.Response{Data: data}, `{"data":{"a":"<b>"}}`},
		"no extensions":            {graphql.Response{Data: data, Extensions: map[string]any{}}, `{"data":{"a":"<b>"}}`},
		"a cost":                   {graphql.Response{Data: data, Extensions: map[string]any{"cost": report(`{"c":1}`)}}, `{"data":{"a":"<b>"},"extensions":{"cost":{"c":1}}}`},
		"a cost that cannot write": {graphql.Response{Data: data, Extensions: map[string]any{"cost": 1}}, `{"data":{"a":"<b>"},"extensions":{"cost":1}}`},
		"a cost and another": {
			graphql.Response{Data: data, Extensions: map[string]any{"cost": report(`2`), "x": 1}}, `{"data":{"a":"<b>"},"extensions":{"cost":2,"x":1}}`,
		},
		"a cost and errors": {
			graphql.Response{Data: data, Errors: gqlerror.List{{Message: "m"}}, Extensions: map[string]any{"cost": report(`2`)}},
			`{"errors":[{"message":"m"}],"data":{"a":"<b>"},"extensions":{"cost":2}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := encode(&test.response); err != nil || string(got) != test.want {
				t.Errorf("want %s, got %s, %v", test.want, got, err)
			}
		})
	}
}
