package reading

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/fault"
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
	Log     *slog.Logger // of what went wrong that callers are not told
	// DailyTokens is how many tokens of the language model an account may use on a day of UTC; all that nobody signed in asks for counts as one account's. 0 is without bounds.
	DailyTokens int
}

// Service takes requests for readings, and knows the readings. It is safe for concurrent use.
type Service struct {
	config Config
	jobs   Canceller
}

// NewService returns a service; the jobs that it enqueues are of Kinds.
func NewService(config Config, jobs Canceller) *Service { return &Service{config, jobs} }

// Request asks for a reading, and returns at once: one that is new, or one that somebody asked for before; created says which. Errors: VALIDATION_FAILED
// of a field of Request, by the name that the schema has for it; NOT_FOUND of "chartHash" and "includeSynastryWith"; UPSTREAM_UNAVAILABLE of "engine" where only the
// language model will do and none is configured; RATE_LIMITED where only the model will do and the account's tokens of the day are used up; FORBIDDEN for an API key without
// the scope WRITE.
func (s *Service) Request(ctx context.Context, r Request) (asked Reading, created bool, err error) {
	who, err := asker(ctx, account.ScopeWrite)
	if err != nil {
		return Reading{}, false, err
	}

	if err = r.check(s.config.Model != nil); err != nil {
		return Reading{}, false, err
	}

	now := s.config.Now().UTC().Truncate(time.Microsecond)
	o := order{Request: r, Account: who}

	if r.IncludeTransits {
		o.TransitsOn = noonOf(now)
	}

	if err = s.config.plannable(ctx, &o); err != nil {
		return Reading{}, false, err
	}

	reuse, err := s.config.assign(ctx, &o)
	if err != nil {
		return Reading{}, false, err
	}

	key := s.config.key(&o)

	spec, err := job.NewSpec(now, o.jobKind(), key, who, o)
	if err != nil {
		return Reading{}, false, fmt.Errorf("reading: request: %w", err)
	}

	asked = Reading{ID: spec.ID, Key: key, Request: r, TransitsOn: o.TransitsOn, State: State{Engine: o.Engine}, CreatedAt: now}

	asked, created, err = s.config.Store.Ask(ctx, asked, spec, who, reuse)
	if err != nil {
		return Reading{}, false, fmt.Errorf("reading: request: %w", err)
	}

	s.config.complete(&asked)

	return asked, created, nil
}

// plannable returns a fault unless there is a reading to be written: the charts are there, the options make sense, and there is something to say.
func (c *Config) plannable(ctx context.Context, o *order) error {
	natal, with, err := c.charts(ctx, &o.Request)
	if err != nil {
		return err
	}

	plan, err := c.Planner.Plan(natal, o.options(with))
	if err != nil {
		return fmt.Errorf("reading: plan: %w", err)
	}

	if len(plan.Sections()) > 0 {
		return nil
	}

	reasons := make([]string, 0, SectionKindCount)
	for _, omitted := range plan.Omitted() {
		reasons = append(reasons, omitted.Reason)
	}

	return fault.Invalid("sections", "there is nothing to write: %s", strings.Join(reasons, " "))
}

// charts returns the charts that a request is about; with is nil where it is about one.
func (c *Config) charts(ctx context.Context, r *Request) (natal, with *chart.Chart, err error) {
	hashes := []chart.Hash{r.Chart}
	if r.SynastryWith != "" {
		hashes = append(hashes, r.SynastryWith)
	}

	found, err := c.Charts.ByHashes(ctx, hashes)
	if err != nil {
		return nil, nil, fmt.Errorf("reading: charts: %w", err)
	}

	for i, field := range []string{"chartHash", "includeSynastryWith"}[:len(hashes)] {
		if _, ok := found[hashes[i]]; !ok {
			missing := fault.New(fault.NotFound, "the chart was never calculated").WithResource("Chart", string(hashes[i]))

			return nil, nil, missing.Within(field)
		}
	}

	return found[r.Chart].Chart, found[r.SynastryWith].Chart, nil
}

// assign decides on the engine, and which completed reading will do instead of a new one.
func (c *Config) assign(ctx context.Context, o *order) (Reuse, error) {
	reuse := ReuseAny

	if o.Engine = c.engine(&o.Request); o.Engine == LanguageModel {
		over, err := c.overBudget(ctx, o.Account)

		switch {
		case err != nil:
			return 0, err
		case over != nil && o.Request.needsModel():
			return 0, over
		case over != nil:
			o.Instead = over.Message
		case c.Model.Ready():
			reuse = ReuseWhole
		}
	}

	if o.Request.Regenerate {
		reuse = ReuseNone
	}

	return reuse, nil
}

// engine returns the engine that a request is for.
func (c *Config) engine(r *Request) Engine {
	if r.Engine == OnlyComposed || r.Engine == AnyEngine && c.Model == nil {
		return Composed
	}

	return LanguageModel
}

// asker returns the account that a request comes from, "" where nobody signed in, who may do what belongs to no account. An API key needs the scope.
func asker(ctx context.Context, scope account.Scopes) (string, error) {
	v, ok := account.ViewerFrom(ctx)
	if !ok {
		return "", nil
	}

	return v.Subject, account.Require(ctx, account.Need{Scope: scope})
}

// ByIDs returns readings; unknown ones are left out. Who has the id of a reading may read it.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]Reading, error) {
	found, err := s.config.Store.ByIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("reading: by ids: %w", err)
	}

	for id, r := range found {
		s.config.complete(&r)
		found[id] = r
	}

	return found, nil
}

// complete sets what is known of a reading before its first checkpoint: the engine that it is for.
func (c *Config) complete(r *Reading) {
	if len(r.State.Planned) == 0 {
		r.State.Engine = c.engine(&r.Request)
	}
}

// Sections returns the sections of readings that are written, in their order.
func (s *Service) Sections(ctx context.Context, ids []string) (map[string][]Section, error) {
	found, err := s.config.Store.Sections(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("reading: sections: %w", err)
	}

	return found, nil
}

// Mine returns a page of the readings that the viewer follows; Query.Follower is set here. UNAUTHENTICATED where nobody signed in, FORBIDDEN for an API key without the
// scope READ.
func (s *Service) Mine(ctx context.Context, q Query) (Page, error) {
	if err := mine(ctx, &q); err != nil {
		return Page{}, err
	}

	return s.page(ctx, q)
}

// CountMine returns how many readings Mine selects.
func (s *Service) CountMine(ctx context.Context, q Query) (int, error) {
	if err := mine(ctx, &q); err != nil {
		return 0, err
	}

	return s.count(ctx, q)
}

// mine makes a query one of what the viewer follows.
func mine(ctx context.Context, q *Query) error {
	if err := account.Require(ctx, account.Need{Scope: account.ScopeRead}); err != nil {
		return err
	}

	v, _ := account.ViewerFrom(ctx)
	q.Follower = &v.Subject

	return nil
}

// OfChart returns a page of the readings of a chart, q.Chart, for whoever has its hash.
func (s *Service) OfChart(ctx context.Context, q Query) (Page, error) {
	q.Follower = nil

	return s.page(ctx, q)
}

// CountOfChart returns how many readings OfChart selects.
func (s *Service) CountOfChart(ctx context.Context, q Query) (int, error) {
	q.Follower = nil

	return s.count(ctx, q)
}

func (s *Service) page(ctx context.Context, q Query) (Page, error) {
	page, err := s.config.Store.Page(ctx, q)
	if err != nil {
		return Page{}, fmt.Errorf("reading: page: %w", err)
	}

	for i := range page.Readings {
		s.config.complete(&page.Readings[i])
	}

	return page, nil
}

func (s *Service) count(ctx context.Context, q Query) (int, error) {
	n, err := s.config.Store.Count(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("reading: count: %w", err)
	}

	return n, nil
}
