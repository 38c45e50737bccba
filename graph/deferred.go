package graph

import (
	"context"
	"io"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// The generated executor calls the functions of this file (see internal/deferred).

// later stands in a set of fields for the value of one that is deferred.
type later struct{}

// MarshalGQL implements graphql.Marshaler; onTime leaves such fields out.
func (later) MarshalGQL(w io.Writer) { graphql.Null.MarshalGQL(w) }

// resolveConcurrently is FieldSet.ResolveConcurrently, which puts null in the place of a field that it defers, with the place marked.
func resolveConcurrently(out *graphql.FieldSet, operation *graphql.OperationContext, field *graphql.CollectedField, deferred *graphql.DeferredGroup, i int,
	recovers, nonNull bool, resolve func(ctx context.Context) graphql.Marshaler, //nolint:unparam // as gqlgen's
) {
	out.ResolveConcurrently(operation, deferred, i, recovers, nonNull, resolve)

	if field.IsDeferred() {
		out.Values[i] = later{}
	}
}

// fieldsOnTime is an object without its deferred fields.
type fieldsOnTime struct {
	fields []graphql.CollectedField
	values []graphql.Marshaler
}

// onTime returns an object without the fields that come later. Null in their place would be a value that they never have.
func onTime(fields []graphql.CollectedField, out *graphql.FieldSet) graphql.Marshaler {
	return fieldsOnTime{fields, out.Values}
}

// MarshalGQL implements graphql.Marshaler.
func (o fieldsOnTime) MarshalGQL(w io.Writer) {
	written := make(map[string]bool, len(o.fields))

	_, _ = io.WriteString(w, "{")

	for i := range o.fields {
		name := o.fields[i].Alias
		if _, deferred := o.values[i].(later); deferred || written[name] {
			continue
		}

		if len(written) > 0 {
			_, _ = io.WriteString(w, ",")
		}

		graphql.MarshalString(name).MarshalGQL(w)

		_, _ = io.WriteString(w, ":")

		o.values[i].MarshalGQL(w)

		written[name] = true
	}

	_, _ = io.WriteString(w, "}")
}

// receive returns the next result of a deferred fragment; false when none is to come before the context ends.
func (ec *executionContext) receive(ctx context.Context) (result graphql.DeferredResult, ok bool) {
	if atomic.LoadInt32(&ec.PendingDeferred) == 0 {
		return result, false
	}

	select {
	case result = <-ec.DeferredResults:
		atomic.AddInt32(&ec.PendingDeferred, -1)

		return result, true
	case <-ctx.Done(): // who would send gives up then, too
		return result, false
	}
}
