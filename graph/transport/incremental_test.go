package transport

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Where an error has made null of an object, what comes later for it would bring it back to life at the client.
func TestNothingIsAddedToWhatIsNull(t *testing.T) {
	yes, no := true, false
	at := func(path ...ast.PathElement) ast.Path { return path }

	responses := []*graphql.Response{
		{Data: []byte(`{"x":1}`), Path: at(ast.PathName("gone")), HasNext: &yes},
		{Data: []byte(`{"x":2}`), Path: at(ast.PathName("list"), ast.PathIndex(1)), HasNext: &yes},
		{Data: []byte(`{"x":3}`), Path: at(ast.PathName("list"), ast.PathIndex(0)), HasNext: &yes},
		{Data: []byte(`{"x":4}`), Path: at(ast.PathName("list"), ast.PathIndex(7)), HasNext: &no},
	}

	next := func(context.Context) *graphql.Response {
		response := responses[0]
		responses = responses[1:]

		return response
	}

	var got string

	parts(t.Context(), nil, &graphql.Response{Data: []byte(`{"gone":null,"list":[{},null]}`), HasNext: &yes}, next, func(p any, _ bool) bool {
		text, err := encode(p)
		if err != nil {
			t.Fatal(err)
		}

		got += string(text) + "\n"

		return true
	})

	if want := `{"data":{"gone":null,"list":[{},null]},"hasNext":true}
{"incremental":[{"data":{"x":3},"path":["list",0]}],"hasNext":true}
{"hasNext":false}
`; got != want {
		t.Errorf("want %s\n got %s", want, got)
	}
}

func TestNegotiation(t *testing.T) {
	const newest, plain = responseJSON, plainJSON

	for accept, want := range map[string]acceptable{
		"":                               {},
		"*/*":                            {plain, true, false},
		"text/html":                      {},
		newest:                           {newest, false, false},
		newest + ", " + plain + ";q=0.9": {newest, true, false},
		plain + ";charset=latin1":        {},
		newest + ";q=0, application/*":   {plain, true, false},
		"multipart/mixed;deferSpec=" + deferSpec + "," + plain:           {plain, true, true}, // Apollo Client 3
		"multipart/mixed;deferSpec=" + deferSpec + "," + newest + ",*/*": {newest, true, true},
		newest + ", " + plain + ", text/event-stream, multipart/mixed":   {newest, true, true}, // urql
		"multipart/mixed": {plain, false, true},
		"multipart/mixed;incrementalSpec=v0.2, " + plain: {plain, true, false},
		"multipart/mixed;deferSpec=20991231, " + plain:   {plain, true, false},
		"multipart/mixed;subscriptionSpec=1.0, " + plain: {plain, true, false},
	} {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%s: want %+v, got %+v", accept, want, got)
		}
	}

	if got, want := negotiate(nil), (acceptable{plain, true, false}); got != want {
		t.Errorf("want %+v without the header, got %+v", want, got)
	}
}
