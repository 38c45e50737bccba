package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"sidereal/graph/limit"
)

// marshalList marshals the elements of a list of plain objects one after the other; the generated executor calls it (see internal/plainlists). A panic of an
// element is an error of that element, as in graphql.MarshalSliceConcurrently.
func marshalList(ctx context.Context, length int, element func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	limit.Count(ctx, length)

	list := make(graphql.Array, length)
	places := make([]graphql.FieldContext, length)
	indices := make([]int, length)

	for i := range list {
		indices[i] = i
		places[i].Index = &indices[i]
		list[i] = marshalElement(graphql.WithFieldContext(ctx, &places[i]), i, element)
	}

	return list
}

// marshalWaitingList marshals the elements of a list whose objects wait for something, each in a goroutine; the generated executor calls it, too.
func marshalWaitingList(ctx context.Context, length int, element func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	limit.Count(ctx, length)

	return graphql.MarshalSliceConcurrently(ctx, length, 0, false, element)
}

func marshalElement(ctx context.Context, i int, element func(ctx context.Context, i int) graphql.Marshaler) (m graphql.Marshaler) {
	defer func() {
		if panicked := recover(); panicked != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, panicked))

			m = graphql.Null
		}
	}()

	return element(ctx, i)
}
