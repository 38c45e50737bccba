// Package limit decides what an operation may ask for, before it runs, and says afterwards what it has cost.
//
// There are two kinds of limits. Those of a document's shape (tokens, depth, aliases, fields) are checked once, when it is parsed and before it is validated. Cost is counted for every operation anew, since it depends on the variables: every field and object has a weight, a list multiplies what
// is asked of its elements, and the schema says both (the directives cost, listSize and timeRange). The points are taken out of a bucket that belongs to whoever
// asks, and fills again with time; what the answer's real lists did not need is given back.
//
// Points count in hundredths inside, in whole numbers outside, always rounded up.
package limit

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/fault"
)

// Config is the limits. A limit of 0 is none.
type Config struct {
	MaxTokens     int // of a document
	MaxDepth      int // levels of fields; those of introspection are counted apart, see maxIntrospectionDepth
	MaxAliases    int // in an operation, with its fragments spread out
	MaxRootFields int // in an operation, with its fragments spread out
	MaxFields     int // of a document, with its fragments spread out once for each operation; without this limit a small document can be a large one
	MaxFragments  int // of a document
	MaxCost       int // points of an operation

	Anonymous Rate // of an address that nobody signed in from
	SignedIn  Rate // of a user, and of an API key
}

// Rate is the size of a bucket and how fast it fills.
type Rate struct {
	Points    int // that a full bucket holds; 0 for no bucket at all
	PerSecond int // that come back
}

// Buckets keeps who has how many points left. Implementations are safe for concurrent use, and never fail: one that cannot reach its store decides by itself.
type Buckets interface {
	// Take takes points out of the bucket of a key and returns how many are left. With fewer in it none are taken, and ok is false. A bucket that was not used
	// before is full.
	Take(ctx context.Context, key string, capacity, perSecond, points float64) (left float64, ok bool)
	// Settle takes points whether they are there or not, so that a bucket may owe some, at most as many as it holds; negative ones are put back.
	Settle(ctx context.Context, key string, capacity, perSecond, points float64) (left float64)
}

// maxIntrospectionDepth is how deep a selection of __schema or __type may go. The usual query of tools goes 15 levels deep.
const maxIntrospectionDepth = 20

const (
	rememberedPlans = 1000     // of operations
	maxRemembered   = 64 << 10 // bytes of the document that the operation is in; longer ones are compiled each time
)

// Guard is the extension of the executor that holds the limits.
type Guard struct {
	config  Config
	buckets Buckets
	prices  *prices
	plans   *lru.LRU[planned]
}

// planned is an operation that was compiled.
type planned struct {
	operation *ast.OperationDefinition
	plan      *plan
}

var (
	_ graphql.HandlerExtension                 = (*Guard)(nil)
	_ graphql.OperationContextMutator          = (*Guard)(nil)
	_ graphql.ResponseInterceptor              = (*Guard)(nil)
	_ interface{ AppendJSON(b []byte) []byte } = Report{}
)

// New returns a guard, which must be an extension of the executor, and parse its documents; buckets may be nil when no rate is limited.
func New(config Config, buckets Buckets) *Guard {
	return &Guard{config: config, buckets: buckets, plans: lru.New[planned](rememberedPlans)}
}

// ExtensionName implements graphql.HandlerExtension.
func (*Guard) ExtensionName() string { return "Limits" }

// Validate implements graphql.HandlerExtension: it reads the weights in the schema. Its error is a mistake in there.
func (g *Guard) Validate(schema graphql.ExecutableSchema) (err error) {
	g.prices, err = newPrices(schema.Schema())

	return err
}

// planOf returns the plan of an operation.
func (g *Guard) planOf(ctx context.Context, op *graphql.OperationContext) *plan {
	key := op.OperationName + "\x00" + op.RawQuery

	if known, ok := g.plans.Get(ctx, key); ok && known.operation == op.Operation {
		return known.plan
	}

	p := newPlan(g.prices, op.Operation)
	if len(op.RawQuery) <= maxRemembered {
		g.plans.Add(ctx, key, planned{op.Operation, p})
	}

	return p
}

// beyond returns the fault of a limit that was exceeded, with both figures; the format has the actual one first.
func beyond(code fault.Code, limit, actual int64, format string) *fault.Error {
	return fault.New(code, format, actual, limit).WithDetail("limit", limit).WithDetail("actual", actual)
}

// tooSoon returns the fault of a bucket that holds too little, which will hold enough after a while.
func tooSoon(rate Rate, left float64, points int64) *fault.Error {
	missing := float64(points) - left
	after := time.Duration(missing / float64(rate.PerSecond) * float64(time.Second))

	f := fault.New(fault.RateLimited, "the operation costs %d points and %d are left; %d come back every second", points, int64(max(left, 0)), rate.PerSecond)
	f.RetryAfter = after.Truncate(time.Millisecond) + time.Millisecond

	return f.WithDetail("limit", int64(max(left, 0))).WithDetail("actual", points)
}
