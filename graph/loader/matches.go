package loader

import (
	"context"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/people"
)

// matchWindow is how long the loader of matches waits for the other charts of a list. As a rule it does not wait so long: lists say how many they are.
const matchWindow = 50 * time.Millisecond

// maxMatched is on how many charts of an operation the people alike may be asked for: everybody is compared with each of them.
const maxMatched = 10

// matches loads the people who are alike to charts. The charts of a list are matched together.
type matches struct {
	ctx  context.Context //nolint:containedctx // the operation's, as NewSet says
	from People

	mu       sync.Mutex
	expected int // charts of lists
	asked    int // charts that were matched
	batch    *dataloader.Loader[people.Wanted, []people.Match]
}

// expect says that n charts come that can be asked for their matches.
func (m *matches) expect(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.expected += n
}

// loader returns the loader, which is made when it is first asked for: then it is known how many charts there are.
func (m *matches) loader() *dataloader.Loader[people.Wanted, []people.Match] {
	m.mu.Lock()
	defer m.mu.Unlock()

	if m.batch == nil {
		m.batch = dataloader.NewBatchedLoader(m.load, dataloader.WithWait[people.Wanted, []people.Match](matchWindow),
			dataloader.WithBatchCapacity[people.Wanted, []people.Match](max(m.expected, 1)))
	}

	return m.batch
}

// within counts charts and says whether the operation may ask for so many.
func (m *matches) within(n int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.asked += n

	return m.asked <= maxMatched
}

// load is the batch function.
func (m *matches) load(_ context.Context, wanted []people.Wanted) []*dataloader.Result[[]people.Match] {
	var found [][]people.Match

	err := error(fault.New(fault.ComplexityLimit, "famousMatches can be asked for on at most %d charts in an operation", maxMatched))
	if m.within(len(wanted)) {
		found, err = m.from.MatchAll(m.ctx, wanted) //nolint:contextcheck // as NewSet says
	}

	results := make([]*dataloader.Result[[]people.Match], len(wanted))

	for i := range wanted {
		results[i] = &dataloader.Result[[]people.Match]{Error: err}

		if err == nil {
			results[i].Data = found[i]
		}
	}

	return results
}

// ExpectCharts says that a list of n charts follows, so that what is asked of each of them is loaded together.
func (s *Set) ExpectCharts(n int) { s.matches.expect(n) }

// Matches returns the first people whose charts are most alike to c, in one batch with the other charts of a list.
func (s *Set) Matches(ctx context.Context, c *chart.Chart, first int) ([]people.Match, error) {
	return s.matches.loader().Load(ctx, people.Wanted{Chart: c, First: first})()
}
