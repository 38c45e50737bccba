package strict_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"sidereal/graph/strict"
	"sidereal/internal/nodetest"
)

// What clients learn by introspection is what schema.graphqls says: types, descriptions, defaults, deprecations, @oneOf and @specifiedBy.
func TestIntrospectionShowsTheSchemaAsWritten(t *testing.T) {
	nodetest.Install(t, "graphqljs")

	query := nodetest.Run(t, "graphqljs", nil, "schema.mjs", "--query")

	e := newExecutor(strict.Config{})
	e.Use(extension.Introspection{})

	ctx := graphql.StartOperationTrace(t.Context())

	operation, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: string(query)})
	if errs != nil {
		t.Fatal(errs)
	}

	handler, ctx := e.DispatchOperation(graphql.WithOperationContext(ctx, operation), operation)

	answer, err := json.Marshal(handler(ctx))
	if err != nil {
		t.Fatal(err)
	}

	if difference := nodetest.Run(t, "graphqljs", bytes.NewReader(answer), "schema.mjs", "../"+schemaFile); len(difference) > 0 {
		t.Errorf("clients see another schema:\n%s", difference)
	}

	// The comparison sees what it is there for.
	for was, is := range map[string]string{
		`"isOneOf":true`:                                `"isOneOf":false`,
		`"specifiedByURL":"https`:                       `"specifiedByURL":"http`,
		`"defaultValue":"PLACIDUS"`:                     `"defaultValue":"KOCH"`,
		`"isDeprecated":false,"deprecationReason":null`: `"isDeprecated":true,"deprecationReason":"old"`,
		`"description":"The chart."`:                    `"description":"A chart."`,
	} {
		changed := bytes.Replace(answer, []byte(was), []byte(is), 1)
		if bytes.Equal(changed, answer) {
			t.Errorf("the answer has no %s", was)
		} else if difference := nodetest.Run(t, "graphqljs", bytes.NewReader(changed), "schema.mjs", "../"+schemaFile); len(difference) == 0 {
			t.Errorf("%s in place of %s makes no difference", is, was)
		}
	}
}
