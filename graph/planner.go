package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
)

// planner keeps the plans of documents, by their texts, and the room that is written in.
type planner struct {
	documents *lru.LRU[*planSet]
	rooms     sync.Pool // of *[]byte
}

const (
	plannedDocs = 200      // whose plans are kept
	plannedText = 64 << 10 // bytes of a document; plans of longer ones are not kept
	keptRoom    = 1 << 20  // bytes; more was lent for an unusual answer, and is left to the garbage collector
)

func newPlanner() *planner {
	return &planner{documents: lru.New[*planSet](plannedDocs), rooms: sync.Pool{New: func() any { return new([]byte) }}}
}

type plansKey struct{}

// with returns a context whose operation is written by plans, and the plans.
func (p *planner) with(ctx context.Context, operation *graphql.OperationContext) (context.Context, *plans) {
	key := operation.OperationName + "\x00" + operation.RawQuery // operations of one text have documents of their own

	shared, ok := p.documents.Get(ctx, key)
	if !ok || shared.document != operation.Doc {
		shared = newPlanSet(operation.Doc)
		if len(key) <= plannedText {
			p.documents.Add(ctx, key, shared)
		}
	}

	s := &plans{shared: shared, own: newPlanSet(operation.Doc), rooms: &p.rooms}

	return context.WithValue(ctx, plansKey{}, s), s
}

// plansFrom returns the plans of the operation under way, nil when it is to be executed field by field.
func plansFrom(ctx context.Context) *plans {
	if ctx.Value(byFieldKey{}) != nil {
		return nil
	}

	p, _ := ctx.Value(plansKey{}).(*plans)

	return p
}

type byFieldKey struct{}

// ByField returns a context whose operations the executor executes field by field, and writes nothing directly. The answers are the same, only later: tests compare.
func ByField(ctx context.Context) context.Context { return context.WithValue(ctx, byFieldKey{}, true) }

// lend returns room to write in, until it is given back with all others.
func (s *plans) lend() *[]byte {
	room := s.rooms.Get().(*[]byte) //nolint:forcetypeassert // its only type

	s.mu.Lock()
	defer s.mu.Unlock()

	s.lent = append(s.lent, room)

	return room
}

// giveBack ends the loans: what was written has been taken over into the response, and nothing is being written.
func (s *plans) giveBack() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, room := range s.lent {
		if cap(*room) <= keptRoom {
			*room = (*room)[:0]
			s.rooms.Put(room)
		}
	}

	s.lent = nil
}
