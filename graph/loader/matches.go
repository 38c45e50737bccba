package loader

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/people"
)

// matchWindow is how long the loader of matches waits for the other charts of a list.
const matchWindow = time.Millisecond

// maxMatched is on how many charts of an operation the people alike may be asked for: everybody is compared with each of them.
const maxMatched = 10

// newMatches returns the loader of matches: the charts of a list are matched together.
func newMatches(ctx context.Context, from People) *dataloader.Loader[people.Wanted, []people.Match] {
	var asked atomic.Int64

	batch := func(_ context.Context, wanted []people.Wanted) []*dataloader.Result[[]people.Match] {
		var matches [][]people.Match

		err := error(fault.New(fault.ComplexityLimit, "famousMatches can be asked for on at most %d charts in an operation", maxMatched))
		if asked.Add(int64(len(wanted))) <= maxMatched {
			matches, err = from.MatchAll(ctx, wanted)
		}

		results := make([]*dataloader.Result[[]people.Match], len(wanted))

		for i := range wanted {
			results[i] = &dataloader.Result[[]people.Match]{Error: err}

			if err == nil {
				results[i].Data = matches[i]
			}
		}

		return results
	}

	return dataloader.NewBatchedLoader(batch, dataloader.WithWait[people.Wanted, []people.Match](matchWindow),
		dataloader.WithBatchCapacity[people.Wanted, []people.Match](maxBatch))
}

// Matches returns the first people whose charts are most alike to c, in one batch with the other charts of a list.
func (s *Set) Matches(ctx context.Context, c *chart.Chart, first int) ([]people.Match, error) {
	return s.matches.Load(ctx, people.Wanted{Chart: c, First: first})()
}
