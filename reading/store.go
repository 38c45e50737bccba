package reading

import (
	"context"
	"time"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/job"
)

// ErrUnknown is the answer to an id that no reading has.
var ErrUnknown = fault.New(fault.NotFound, "there is no such reading")

// Reuse says which completed reading will do for who asks for the same again.
type Reuse uint8

// What will do.
const (
	ReuseAny   Reuse = iota // each
	ReuseWhole              // one that is not degraded
	ReuseNone               // none
)

// Store keeps readings. What belongs to one chart, or to nobody, is not hidden from others: who asks is checked by the service.
type Store interface {
	// Ask keeps a reading and the job that writes it, and notes that the account ("" is nobody signed in) follows it. Where one of that key is under way, or a
	// completed one will do, nothing is kept but the following, and that one returned: it has not ended otherwise when it begins to be followed. The reading and the job
	// have the same id, and the chart is kept. A fault INTERNAL where a job that is no reading of the key has the kind and key of this one.
	Ask(ctx context.Context, r Reading, spec job.Spec, account string, reuse Reuse) (stored Reading, created bool, err error)
	// ByIDs returns readings; unknown ones are left out.
	ByIDs(ctx context.Context, ids []string) (map[string]Reading, error)
	// Sections returns the sections that are written, in their order, of each reading.
	Sections(ctx context.Context, ids []string) (map[string][]Section, error)
	// Page returns a page of readings, newest first: by CreatedAt and then ID, the greater first.
	Page(ctx context.Context, q Query) (Page, error)
	// Count returns how many readings a query selects, whatever its page.
	Count(ctx context.Context, q Query) (int, error)
	// SaveSections keeps sections, the first of which is the one number from (0 is the first). It joins the transaction of the job's write that it is called in; a section that is
	// there already is an error.
	SaveSections(ctx context.Context, id string, from int, sections []Section) error
	// Spend adds to what an account has used on a day of UTC. It joins the transaction of the job's write that it is called in.
	Spend(ctx context.Context, account string, day time.Time, used Usage) error
	// Spent returns what an account has used on a day of UTC.
	Spent(ctx context.Context, account string, day time.Time) (Usage, error)
	// Withdraw notes that an account does not follow a reading any more, and returns how many do. ErrUnknown where it did not follow it. A reading under way that nobody
	// is left to follow is not answered to who asks for the same from then on, so that it can be ended without cutting anybody off.
	Withdraw(ctx context.Context, id, account string) (left int, err error)
}

// Mark is a reading's place in the order of lists.
type Mark struct {
	At time.Time
	ID string
}

// Mark returns the reading's place in the order of lists.
func (r *Reading) Mark() Mark { return Mark{r.CreatedAt, r.ID} }

// Query asks for a page of readings: those that an account follows, those of a chart, or all.
type Query struct {
	Follower *string    // the account; nil for whoever
	Chart    chart.Hash // empty for all charts
	Statuses []Status   // any of them; all when empty
	First    int        // at most so many
	Backward bool       // the last ones before Before, instead of the first ones behind After
	After    *Mark      // behind it, when not nil
	Before   *Mark      // before it, when not nil
}

// Page is a page of readings.
type Page struct {
	Readings []Reading // newest first, also when it was asked for backward
	More     bool      // whether the query has more in its direction
}
