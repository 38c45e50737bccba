package limit

import (
	"context"
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/account"
	"sidereal/fault"
)

// bill is what an operation has to pay.
type bill struct {
	plan      *plan
	cost      cost
	requested int64 // points
	payer     string
	rate      Rate
	paid      bool         // the requested points were taken, or there is no bucket to take them out of
	asked     bool         // the payer's bucket was asked, so that left is known
	left      float64      // in the payer's bucket
	elements  atomic.Int64 // hundredths, of the elements of lists that were written
	shown     atomic.Bool
}

// statsName is where an operation keeps its bill.
const statsName = "sidereal.limit"

// MutateOperationContext implements graphql.OperationContextMutator: it counts what the operation may cost at most and takes it out of the bucket of whoever asks.
func (g *Guard) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	b := &bill{plan: g.planOf(ctx, op)}
	b.cost = b.plan.costOf(op.Variables)
	b.requested = points(b.cost.total)
	b.payer, b.rate = g.payer(ctx)

	op.Stats.SetExtension(statsName, b)

	if f := b.take(ctx, g); f != nil {
		return gqlerror.Wrap(f)
	}

	return nil
}

// take takes the requested points out of the bucket.
func (b *bill) take(ctx context.Context, g *Guard) *fault.Error {
	if largest := int64(g.config.MaxCost); largest > 0 && b.requested > largest {
		return beyond(fault.ComplexityLimit, largest, b.requested, "the operation costs %d points, at most %d are allowed")
	}

	if b.rate.Points == 0 {
		b.paid = true

		return nil
	}

	if largest := int64(b.rate.Points); b.requested > largest {
		return beyond(fault.ComplexityLimit, largest, b.requested, "the operation costs %d points, more than the %d that you can have")
	}

	b.asked = true

	// A client that hangs up pays, too.
	b.left, b.paid = g.buckets.Take(context.WithoutCancel(ctx), b.payer, float64(b.rate.Points), float64(b.rate.PerSecond), float64(b.requested))
	if !b.paid {
		return tooSoon(b.rate, b.left, b.requested)
	}

	return nil
}

// payer returns whose bucket pays: that of the API key, of the user, or of the network address. All whose address is unknown share one.
func (g *Guard) payer(ctx context.Context) (string, Rate) {
	viewer, ok := account.ViewerFrom(ctx)

	switch {
	case ok && viewer.Key != "":
		return "key:" + viewer.Key, g.config.SignedIn
	case ok:
		return "user:" + viewer.Subject, g.config.SignedIn
	}

	network, ok := account.NetworkFrom(ctx)
	if !ok {
		return "address:unknown", g.config.Anonymous
	}

	return "address:" + network.String(), g.config.Anonymous
}

type billKey struct{}

// InterceptResponse implements graphql.ResponseInterceptor: it gives back what the operation did not need and adds the cost to the extensions of its answer; of a
// subscription, to those of the first event, and of an answer in parts, to those of the last: only then all lists are counted.
func (g *Guard) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if !graphql.HasOperationContext(ctx) {
		return next(ctx)
	}

	op := graphql.GetOperationContext(ctx)

	b, ok := op.Stats.GetExtension(statsName).(*bill)
	if !ok || b.shown.Load() {
		return next(ctx)
	}

	response := next(context.WithValue(ctx, billKey{}, b))
	if response == nil || response.HasNext != nil && *response.HasNext || b.shown.Swap(true) {
		return response
	}

	if response.Extensions == nil {
		response.Extensions = make(map[string]any, 1)
	}

	actual := b.actual(op)
	if b.paid && b.asked && actual != b.requested {
		// The client may be gone; what it did not use comes back all the same.
		b.left = g.buckets.Settle(context.WithoutCancel(ctx), b.payer, float64(b.rate.Points), float64(b.rate.PerSecond), float64(actual-b.requested))
	}

	response.Extensions["cost"] = b.report(actual)

	return response
}

// actual returns what the operation has cost, points. Of a subscription that is what was requested: its events are not counted.
func (b *bill) actual(op *graphql.OperationContext) int64 {
	switch {
	case !b.paid:
		return 0
	case op.Operation.Operation == ast.Subscription:
		return b.requested
	default:
		return points(plus(b.cost.fixed, b.elements.Load()))
	}
}

// Subscribed returns what a subscription has cost, for whoever answers its events without the operation that was priced; false where it was shown already.
func Subscribed(op *graphql.OperationContext) (Report, bool) {
	b, ok := op.Stats.GetExtension(statsName).(*bill)
	if !ok || b.shown.Swap(true) {
		return Report{}, false
	}

	return b.report(b.actual(op)), true
}

func (b *bill) report(actual int64) Report {
	r := Report{Requested: b.requested, Actual: actual}
	if b.asked {
		r.Throttle = &Throttle{Maximum: int64(b.rate.Points), Available: int64(max(b.left, 0)), RestoreRate: int64(b.rate.PerSecond)}
	}

	return r
}

// Count notes that a list of objects is written. The executor calls it with the context of the list's field; without a bill it does nothing.
func Count(ctx context.Context, length int) {
	CountOf(ctx, graphql.GetFieldContext(ctx).Field.Field, length)
}

// CountOf notes that a list of objects of a field is written.
func CountOf(ctx context.Context, field *ast.Field, length int) {
	b, ok := ctx.Value(billKey{}).(*bill)
	if !ok || length == 0 {
		return
	}

	if list, ok := b.plan.lists[field]; ok {
		b.elements.Add(times(int64(length), b.cost.each[list]))
	}
}

// Report is what an operation has cost, as extensions.cost shows it.
type Report struct {
	Requested int64     // points that it might have cost at most
	Actual    int64     // points that it did cost; 0 when it was refused
	Throttle  *Throttle // nil when the rate is not limited
}

// Throttle is the bucket that pays.
type Throttle struct {
	Maximum, Available int64 // points
	RestoreRate        int64 // points a second
}

// AppendJSON appends the report as JSON.
func (r Report) AppendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"requestedQueryCost":`...), r.Requested, 10)
	b = strconv.AppendInt(append(b, `,"actualQueryCost":`...), r.Actual, 10)

	if t := r.Throttle; t != nil {
		b = strconv.AppendInt(append(b, `,"throttleStatus":{"maximumAvailable":`...), t.Maximum, 10)
		b = strconv.AppendInt(append(b, `,"currentlyAvailable":`...), t.Available, 10)
		b = append(strconv.AppendInt(append(b, `,"restoreRate":`...), t.RestoreRate, 10), '}')
	}

	return append(b, '}')
}

// MarshalJSON implements json.Marshaler.
func (r Report) MarshalJSON() ([]byte, error) { return r.AppendJSON(nil), nil }
