package reading

import (
	"context"
	"time"

	"sidereal/chart"
	"sidereal/job"
)

// Charts says which charts were calculated. *chart.Service is one.
type Charts interface {
	ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error)
}

// Canceller ends jobs. *job.Engine is one.
type Canceller interface {
	Cancel(ctx context.Context, id string) (job.Job, error)
}

// Config is what readings need.
type Config struct {
	Store   Store
	Charts  Charts
	Planner Planner
	Model   Model // nil without a language model
	Now     func() time.Time
	// DailyTokens is how many tokens of the language model an account may use on a day of UTC; all that nobody signed in asks for counts as one account's. 0 is without bounds.
	DailyTokens int
}

// Service takes requests for readings, and knows the readings. It is safe for concurrent use.
type Service struct {
	config Config
	jobs   Canceller
}

// NewService returns a service; the jobs that it enqueues are those of NewWriter's kinds.
func NewService(config Config, jobs Canceller) *Service { return &Service{config, jobs} }

// Request asks for a reading, and returns at once: one that is new, or one that somebody asked for before; created says which. Errors: VALIDATION_FAILED
// of a field of Request, by the name that the schema has for it; NOT_FOUND of "chartHash" and "includeSynastryWith"; UPSTREAM_UNAVAILABLE of "engine" where only the
// language model will do and none is configured; RATE_LIMITED where only the model will do and the account's tokens of the day are used up.
func (s *Service) Request(ctx context.Context, r Request) (asked Reading, created bool, err error) {
	return Reading{}, false, ErrUnknown
}

// ByIDs returns readings; unknown ones are left out. Who has the id of a reading may read it.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]Reading, error) {
	return s.config.Store.ByIDs(ctx, ids)
}

// Sections returns the sections of readings that are written, in their order.
func (s *Service) Sections(ctx context.Context, ids []string) (map[string][]Section, error) {
	return s.config.Store.Sections(ctx, ids)
}

// Mine returns a page of the readings that the viewer follows; Query.Follower is set here. UNAUTHENTICATED where nobody signed in.
func (s *Service) Mine(ctx context.Context, q Query) (Page, error) { return Page{}, ErrUnknown }

// CountMine returns how many readings Mine selects.
func (s *Service) CountMine(ctx context.Context, q Query) (int, error) { return 0, ErrUnknown }

// OfChart returns a page of the readings of a chart, q.Chart, for whoever has its hash.
func (s *Service) OfChart(ctx context.Context, q Query) (Page, error) { return Page{}, ErrUnknown }

// CountOfChart returns how many readings OfChart selects.
func (s *Service) CountOfChart(ctx context.Context, q Query) (int, error) { return 0, ErrUnknown }

// Cancel has the viewer not follow a reading any more, and ends it when nobody does; an administrator ends it whoever does. A reading that has ended is returned as it
// is. cancelled says whether this ended it. NOT_FOUND for an id of no reading, FORBIDDEN for who does not follow it.
func (s *Service) Cancel(ctx context.Context, id string) (r Reading, cancelled bool, err error) {
	return Reading{}, false, ErrUnknown
}

// Kinds are the kinds of jobs that write readings, for the engine of jobs: one for the built-in engine, one for the language model, so that neither waits for the other.
// composed and model are how many are written at once in this process.
func Kinds(config Config, composed, model int) []job.Kind { return nil }
