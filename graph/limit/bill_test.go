package limit

import (
	"context"
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/account"
	"sidereal/fault"
)

// guardOf returns a guard of the library's schema.
func guardOf(t testing.TB, config Config, buckets Buckets) (*Guard, *ast.Schema) {
	t.Helper()

	schema := schemaOf(t, library)
	g := New(config, buckets)

	var err error
	if g.prices, err = newPrices(schema); err != nil {
		t.Fatal(err)
	}

	return g, schema
}

// operation is the context of a document's first operation, as the executor makes it.
func operation(t testing.TB, schema *ast.Schema, document string) *graphql.OperationContext {
	t.Helper()

	parsed, errs := gqlparser.LoadQueryWithRules(schema, document, nil)
	if errs != nil {
		t.Fatal(errs)
	}

	return &graphql.OperationContext{RawQuery: document, Doc: parsed, Operation: parsed.Operations[0]}
}

// run charges an operation and lets it write lists: of each field with that response name, at the root, that many elements.
func run(ctx context.Context, g *Guard, op *graphql.OperationContext, lists map[string][]int) (Report, *fault.Error) {
	if err := g.MutateOperationContext(ctx, op); err != nil {
		f, _ := fault.As(err)

		return Report{}, f
	}

	response := g.InterceptResponse(graphql.WithOperationContext(ctx, op), func(ctx context.Context) *graphql.Response {
		write(ctx, op.Operation.SelectionSet, lists)

		return &graphql.Response{Data: json.RawMessage(`{}`)}
	})

	report, _ := response.Extensions["cost"].(Report)

	return report, nil
}

func write(ctx context.Context, set ast.SelectionSet, lists map[string][]int) {
	for _, selection := range set {
		if f, ok := selection.(*ast.Field); ok {
			for _, length := range lists[f.Alias] {
				Count(graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: graphql.CollectedField{Field: f}}), length)
			}

			write(ctx, f.SelectionSet, lists)
		}
	}
}

var bucketOf100 = Config{MaxCost: 1000, Anonymous: Rate{Points: 100, PerSecond: 10}, SignedIn: Rate{Points: 200, PerSecond: 20}}

func TestWhatWasNotNeededComesBack(t *testing.T) {
	const document = `{ books(first: 20) { authors { name } } }` // 3 + 20 * (1 + 3 * 0.25)

	for name, test := range map[string]struct {
		lists             map[string][]int
		actual, available int64
	}{
		"nothing found":        {nil, 3, 97},
		"fewer than asked for": {map[string][]int{"books": {2}, "authors": {3, 1}}, 6, 94},
		"all of them":          {map[string][]int{"books": {20}, "authors": {60}}, 38, 62},
		"more than assumed":    {map[string][]int{"books": {20}, "authors": {240}}, 83, 17},
		"far more":             {map[string][]int{"books": {20}, "authors": {1000}}, 273, 0},
	} {
		t.Run(name, func(t *testing.T) {
			g, schema := guardOf(t, bucketOf100, NewLocal(newClock().now))

			got, err := run(t.Context(), g, operation(t, schema, document), test.lists)
			want := Report{38, test.actual, &Throttle{100, test.available, 10}}

			if err != nil || got.Requested != want.Requested || got.Actual != want.Actual || *got.Throttle != *want.Throttle {
				t.Errorf("want %+v with %+v, got %+v with %+v, %v", want, want.Throttle, got, got.Throttle, err)
			}
		})
	}
}

func TestTooLittleLeftIsSaidInMilliseconds(t *testing.T) {
	c := newClock()
	g, schema := guardOf(t, bucketOf100, NewLocal(c.now))
	all := map[string][]int{"books": {50}}

	const document = `{ books(first: 50) { title } }` // 53

	if _, err := run(t.Context(), g, operation(t, schema, document), all); err != nil {
		t.Fatal(err)
	}

	_, err := run(t.Context(), g, operation(t, schema, document), all)
	if err == nil || err.Code != fault.RateLimited || err.RetryAfter != 601*time.Millisecond {
		t.Fatalf("want RATE_LIMITED for 601 ms, got %+v", err)
	}

	c.sleep(err.RetryAfter)

	if _, err := run(t.Context(), g, operation(t, schema, document), all); err != nil {
		t.Errorf("want it run after the wait, got %v", err)
	}
}

func TestWhatCostsTooMuchIsRefusedAtOnce(t *testing.T) {
	local := NewLocal(newClock().now)
	g, schema := guardOf(t, bucketOf100, local)

	for document, limit := range map[string]int64{grow(1): 100, grow(2): 1000} {
		_, err := run(t.Context(), g, operation(t, schema, document), nil)
		if err == nil || err.Code != fault.ComplexityLimit || err.Details["limit"] != limit || err.RetryAfter != 0 {
			t.Errorf("want COMPLEXITY_LIMIT of %d, got %+v", limit, err)
		}
	}

	if left, _ := local.Take(t.Context(), "address:unknown", 100, 10, 0); left != 100 {
		t.Errorf("want nothing taken, got %v left", left)
	}
}

func TestWithoutARateTheCostIsReported(t *testing.T) {
	g, schema := guardOf(t, Config{}, nil)

	got, err := run(t.Context(), g, operation(t, schema, `{ books(first: 50) { title } }`), map[string][]int{"books": {1}})
	if err != nil || got != (Report{Requested: 53, Actual: 4}) {
		t.Errorf("want 53 and 4 points, got %+v, %v", got, err)
	}
}

func TestWhoPays(t *testing.T) {
	g := New(bucketOf100, nil)

	from := func(address string) context.Context {
		return account.WithAddress(t.Context(), netip.MustParseAddr(address))
	}

	for name, test := range map[string]struct {
		ctx  context.Context //nolint:containedctx // of a row
		want string
		rate Rate
	}{
		"nobody from nowhere":     {t.Context(), "address:unknown", g.config.Anonymous},
		"an IPv4 address":         {from("192.0.2.7"), "address:192.0.2.7/32", g.config.Anonymous},
		"the same within IPv6":    {from("::ffff:192.0.2.7"), "address:192.0.2.7/32", g.config.Anonymous},
		"an IPv6 network":         {from("2001:db8:1:2:3:4:5:6"), "address:2001:db8:1:2::/64", g.config.Anonymous},
		"the same, another host":  {from("2001:db8:1:2::1"), "address:2001:db8:1:2::/64", g.config.Anonymous},
		"one of a link":           {from("fe80::1%eth0"), "address:fe80::/64", g.config.Anonymous},
		"a user":                  {account.WithViewer(from("192.0.2.7"), account.Viewer{Subject: "u1"}), "user:u1", g.config.SignedIn},
		"an API key of that user": {account.WithViewer(from("192.0.2.7"), account.Viewer{Subject: "u1", Key: "k1"}), "key:k1", g.config.SignedIn},
	} {
		t.Run(name, func(t *testing.T) {
			if got, rate := g.payer(test.ctx); got != test.want || rate != test.rate {
				t.Errorf("want %q with %+v, got %q with %+v", test.want, test.rate, got, rate)
			}
		})
	}
}

func TestReportsAsJSON(t *testing.T) {
	for want, report := range map[string]Report{
		`{"requestedQueryCost":53,"actualQueryCost":4}`: {Requested: 53, Actual: 4},
		`{"requestedQueryCost":1,"actualQueryCost":1,"throttleStatus":{"maximumAvailable":100,"currentlyAvailable":99,"restoreRate":10}}`: {
			1, 1, &Throttle{100, 99, 10},
		},
	} {
		if got, err := json.Marshal(report); err != nil || string(got) != want {
			t.Errorf("want %s, got %s, %v", want, got, err)
		}
	}
}

// All that the limits do for an operation whose document is known, in the process.
func BenchmarkOperation(b *testing.B) {
	config := Config{MaxCost: 1e6, Anonymous: Rate{Points: 1e9, PerSecond: 1e9}}
	g, schema := guardOf(b, config, NewLocal(time.Now))
	op := operation(b, schema, `{ book { title } }`)
	data := json.RawMessage(`{}`)

	b.ReportAllocs()

	for b.Loop() {
		op := &graphql.OperationContext{RawQuery: op.RawQuery, Doc: op.Doc, Operation: op.Operation}
		ctx := graphql.WithOperationContext(b.Context(), op)

		_ = g.MutateOperationContext(ctx, op)
		g.InterceptResponse(ctx, func(context.Context) *graphql.Response { return &graphql.Response{Data: data} })
	}
}
