package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/graph/live"
)

// schema is one subscription, whose value is written as the viewer's subject and the value.
type schema struct {
	parsed   *ast.Schema
	open     live.Open
	executed atomic.Int64
	write    func(ctx context.Context, value any) (string, error)
}

func newSchema(open live.Open) *schema {
	parsed := gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query { none: Int }
		type Subscription { events(after: String, kind: String): Event }
		type Event { text: String }`})

	return &schema{parsed: parsed, open: open, write: func(_ context.Context, value any) (string, error) { return fmt.Sprint(value), nil }}
}

func (s *schema) Schema() *ast.Schema { return s.parsed }

func (s *schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *schema) Exec(ctx context.Context) graphql.ResponseHandler {
	stream, err := live.Stream(ctx, s.open, func(value any) any { return value })
	if err != nil {
		graphql.AddError(ctx, err)

		return nil
	}

	return func(ctx context.Context) *graphql.Response {
		value, ok := <-stream
		if !ok {
			return nil
		}

		s.executed.Add(1)

		text, err := s.write(ctx, value)
		if err != nil {
			return &graphql.Response{Errors: gqlerror.List{gqlerror.Wrap(err)}}
		}

		data, _ := json.Marshal(map[string]any{"events": map[string]string{"text": text}})

		return &graphql.Response{Data: data}
	}
}

// list is a source of items, which fails with the errors between them.
type list struct {
	mu     sync.Mutex
	items  []any // *live.Item or error
	closed int
}

func (l *list) Next(context.Context) (*live.Item, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if len(l.items) == 0 {
		return nil, nil //nolint:nilnil // nothing now
	}

	next := l.items[0]
	l.items = l.items[1:]

	if err, ok := next.(error); ok {
		return nil, err
	}

	return next.(*live.Item), nil
}

func (l *list) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.closed++
}

func item(i int) *live.Item {
	return &live.Item{Key: fmt.Sprint(i), Value: i, Cursor: fmt.Sprintf("c%d", i)}
}

// items opens a new list with so many items each time.
func items(n int) live.Open {
	return func(context.Context, func()) (live.Source, error) {
		l := new(list)
		for i := range n {
			l.items = append(l.items, item(i))
		}

		return l, nil
	}
}

// as is a context of a viewer; an empty subject is nobody.
func as(ctx context.Context, subject string) context.Context {
	ctx = graphql.StartOperationTrace(ctx)
	if subject == "" {
		return ctx
	}

	return account.WithViewer(ctx, account.Viewer{Subject: subject, Role: account.User})
}

func subscribe(ctx context.Context, t testing.TB, d *live.Driver, exec *executor.Executor, document string, variables map[string]any, notify func()) *live.Subscription {
	t.Helper()

	operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		t.Fatal(errs)
	}

	s, refused := d.Open(ctx, exec, operation, notify)
	if refused != nil {
		t.Fatal(refused.Errors)
	}

	t.Cleanup(s.Close)

	return s
}

func next(ctx context.Context, t testing.TB, s *live.Subscription) string {
	t.Helper()

	p, err := s.Next(ctx)
	if err != nil || p == nil {
		t.Fatalf("want a payload, got %v, %v", p, err)
	}

	return string(p.Result)
}

const (
	plain   = `subscription { events { text } }`
	literal = `subscription S { events(after: "x") { text } }`
	after   = `subscription($a: String) { events(after: $a) { text } }`
	spread  = `subscription { ...F } fragment F on Subscription { events(after: "y") { text } }`
	aliased = `subscription { e: events { text } }`
	kind    = `subscription($k: String) { events(kind: $k) { text } }`
)

func TestWhatIsShared(t *testing.T) {
	type asked struct {
		subject, document string
		variables         map[string]any
	}

	for name, test := range map[string]struct {
		plain bool
		of    []asked
		want  int64 // executions of one item
	}{
		"one viewer's equal subscriptions":          {false, []asked{{"u", plain, nil}, {"u", plain, nil}}, 1},
		"not with other viewers":                    {false, []asked{{"u", plain, nil}, {"v", plain, nil}, {"", plain, nil}}, 3},
		"with others where the item says all":       {true, []asked{{"u", plain, nil}, {"v", plain, nil}}, 1},
		"but not with those that @auth may refuse":  {true, []asked{{"u", plain, nil}, {"", plain, nil}}, 2},
		"wherever they begin":                       {true, []asked{{"u", plain, nil}, {"u", literal, nil}, {"u", after, map[string]any{"a": "1"}}, {"u", after, map[string]any{"a": "2"}}}, 1},
		"not what is written in another way":        {true, []asked{{"u", plain, nil}, {"u", aliased, nil}, {"u", spread, nil}}, 3},
		"not what is asked with another variable":   {true, []asked{{"u", kind, map[string]any{"k": "1"}}, {"u", kind, map[string]any{"k": "2"}}, {"u", kind, nil}}, 3},
		"what is asked with the same variable":      {true, []asked{{"u", kind, map[string]any{"k": "1"}}, {"v", kind, map[string]any{"k": "1"}}}, 1},
		"not a variable that is null with one more": {true, []asked{{"u", kind, map[string]any{"k": nil}}, {"u", kind, nil}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchema(items(1))
			exec := executor.New(s)
			d := live.NewDriver(live.Config{Plain: func(*graphql.OperationContext) bool { return test.plain }})

			var open []*live.Subscription
			for _, a := range test.of {
				open = append(open, subscribe(as(t.Context(), a.subject), t, d, exec, a.document, a.variables, func() {}))
			}

			for i, a := range test.of {
				if got, want := next(as(t.Context(), a.subject), t, open[i]), `{"data":{"events":{"text":"0"}}}`; got != want {
					t.Errorf("want %s, got %s", want, got)
				}
			}

			if got := s.executed.Load(); got != test.want {
				t.Errorf("want %d executions, got %d", test.want, got)
			}
		})
	}
}

// Who is late takes the answer that is kept, and after so many others it is made anew.
func TestAnswersAreKeptWithinBounds(t *testing.T) {
	s := newSchema(items(400))
	exec := executor.New(s)
	d := live.NewDriver(live.Config{})
	ctx := as(t.Context(), "u")
	first, second := subscribe(ctx, t, d, exec, plain, nil, func() {}), subscribe(ctx, t, d, exec, plain, nil, func() {})

	for range 400 {
		next(ctx, t, first)
	}

	for i := range 400 {
		if got, want := next(ctx, t, second), fmt.Sprintf(`{"data":{"events":{"text":"%d"}}}`, i); got != want {
			t.Fatalf("want %s, got %s", want, got)
		}
	}

	if got := s.executed.Load(); got < 400+144 || got > 800 { // the oldest 144 are gone; and making them pushes others out
		t.Errorf("want answers beyond 256 made anew, got %d executions", got)
	}
}

// An answer with errors goes to nobody who asks later, and a panic is an answer with errors.
func TestFailuresAreNotKept(t *testing.T) {
	s := newSchema(items(1))
	exec := executor.New(s)
	d := live.NewDriver(live.Config{})
	ctx := as(t.Context(), "u")
	exec.SetRecoverFunc(func(context.Context, any) error { return errors.New("recovered") })

	failures := []func() (string, error){
		func() (string, error) { return "", errors.New("broken") },
		func() (string, error) { panic("worse") },
		func() (string, error) { return "fine", nil },
	}
	s.write = func(context.Context, any) (string, error) { return failures[s.executed.Load()-1]() }

	var open [3]*live.Subscription
	for i := range open {
		open[i] = subscribe(ctx, t, d, exec, plain, nil, func() {})
	}

	for i, want := range []string{`{"errors":[{"message":"broken"}]}`, `{"errors":[{"message":"recovered"}]}`, `{"data":{"events":{"text":"fine"}}}`} {
		if got := next(ctx, t, open[i]); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

// The one who makes an answer leaves in the middle of it; the others get it all the same.
func TestWhoLeavesTakesNoAnswerAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchema(items(1))
		exec := executor.New(s)
		d := live.NewDriver(live.Config{MaxTime: time.Minute})
		ctx := as(t.Context(), "u")
		leader, others := subscribe(ctx, t, d, exec, plain, nil, func() {}), subscribe(ctx, t, d, exec, plain, nil, func() {})
		release := make(chan struct{})
		s.write = func(ctx context.Context, _ any) (string, error) {
			select {
			case <-release:
				return "whole", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}

		leaving, leave := context.WithCancel(ctx)

		go func() { _, _ = leader.Next(leaving) }()

		synctest.Wait()

		got := make(chan string, 1)

		go func() { got <- next(ctx, t, others) }()

		synctest.Wait()
		leave()
		leader.Close()
		synctest.Wait()
		close(release)

		if text, want := <-got, `{"data":{"events":{"text":"whole"}}}`; text != want || s.executed.Load() != 1 {
			t.Errorf("want %s of one execution, got %s of %d", want, text, s.executed.Load())
		}
	})
}

// A source that cannot be reached is asked again, less and less often; any other error is the subscriber's.
func TestASourceThatCannotBeReachedIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := fault.New(fault.UpstreamUnavailable, "away")
		source := &list{items: []any{away, away, item(7), fault.New(fault.CursorExpired, "gone"), io.EOF}}
		s := newSchema(func(context.Context, func()) (live.Source, error) { return source, nil })
		exec := executor.New(s)
		ctx := as(t.Context(), "")
		notified := make(chan struct{}, 1)
		sub := subscribe(ctx, t, live.NewDriver(live.Config{}), exec, plain, nil, func() { notified <- struct{}{} })

		for range 2 {
			if p, err := sub.Next(ctx); p != nil || err != nil {
				t.Fatalf("want nothing for now, got %v, %v", p, err)
			}

			start := time.Now()

			<-notified

			if waited := time.Since(start); waited < 50*time.Millisecond || waited > 200*time.Millisecond {
				t.Errorf("want a pause, got %v", waited)
			}
		}

		next(ctx, t, sub)

		if sub.Cursor() != "c7" {
			t.Errorf("want the cursor of the last payload, got %q", sub.Cursor())
		}

		if _, err := sub.Next(ctx); fault.CodeOf(err) != fault.CursorExpired {
			t.Errorf("want the source's error, got %v", err)
		}

		if _, err := sub.Next(ctx); !errors.Is(err, io.EOF) {
			t.Errorf("want the end, got %v", err)
		}

		sub.Close()
		sub.Close()

		if source.closed != 1 {
			t.Errorf("want the source closed once, got %d", source.closed)
		}
	})
}

// placed is a list that begins at a place.
type placed struct{ list }

func (*placed) Cursor() string { return "c6" }

func TestASubscriptionHasThePlaceWhereItsSourceBegan(t *testing.T) {
	source := &placed{list{items: []any{&live.Item{Key: "x", Value: "x"}, item(7)}}}
	s := newSchema(func(context.Context, func()) (live.Source, error) { return source, nil })
	sub := subscribe(as(t.Context(), "u"), t, live.NewDriver(live.Config{}), executor.New(s), plain, nil, func() {})

	for _, want := range []string{"c6", "c6", "c7"} { // an item that has no place changes nothing
		if got := sub.Cursor(); got != want {
			t.Errorf("want the cursor %s, got %q", want, got)
		}

		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASubscriptionThatIsRefusedIsAResponse(t *testing.T) {
	s := newSchema(func(context.Context, func()) (live.Source, error) {
		return (*list)(nil), fault.New(fault.CursorExpired, "gone")
	})
	exec := executor.New(s)
	ctx := as(t.Context(), "")

	operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: plain})
	if errs != nil {
		t.Fatal(errs)
	}

	sub, refused := live.NewDriver(live.Config{}).Open(ctx, exec, operation, func() {})
	if sub != nil || refused == nil || len(refused.Errors) != 1 {
		t.Errorf("want a response with an error, got %v, %v", sub, refused)
	}
}

// One event to a thousand subscribers, with one viewer who shares the answers and with a thousand who do not.
func BenchmarkOneEventToAThousand(b *testing.B) {
	for name, shared := range map[string]bool{"shared": true, "each": false} {
		b.Run(name, func(b *testing.B) {
			n := 0
			s := newSchema(func(context.Context, func()) (live.Source, error) { return &same{n: &n}, nil })
			exec := executor.New(s)
			d := live.NewDriver(live.Config{Plain: func(*graphql.OperationContext) bool { return shared }})

			var (
				open     []*live.Subscription
				contexts []context.Context
			)

			for i := range 1000 {
				ctx := as(b.Context(), fmt.Sprint("u", i))
				contexts = append(contexts, ctx)
				open = append(open, subscribe(ctx, b, d, exec, plain, nil, func() {}))
			}

			b.ReportAllocs()

			for b.Loop() {
				n++
				for i, s := range open {
					next(contexts[i], b, s)
				}
			}
		})
	}
}

// same is a source that always has the current item.
type same struct{ n *int }

func (s *same) Next(context.Context) (*live.Item, error) { return item(*s.n), nil }
func (s *same) Close()                                   {}
