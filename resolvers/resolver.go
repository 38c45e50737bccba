// Package resolvers is GraphQL in, one call to a domain service, GraphQL out.
package resolvers

import (
	"context"
	"log/slog"
	"time"

	"sidereal/account"
	"sidereal/account/collection"
	"sidereal/atlas/gazetteer"
	"sidereal/atlas/geocoder"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph"
	"sidereal/graph/live"
	"sidereal/people"
	"sidereal/telemetry"
)

// Charts is what the resolvers ask of the chart service.
type Charts interface {
	Calculate(ctx context.Context, in chart.Input) (stored chart.Stored, created bool, err error)
	Page(ctx context.Context, q chart.Query) (chart.Listed, error)
	Count(ctx context.Context, f chart.Filter) (int, error)
}

// Places is what the resolvers ask of the finder of places.
type Places interface {
	Search(text string, first int) ([]gazetteer.Match, error)
	ByID(id int) (place gazetteer.Place, found bool, err error)
	Nearest(latitude, longitude float64) (place gazetteer.Place, distanceKm float64, err error)
	Zone(latitude, longitude float64) (gazetteer.ZoneGuess, error)
	Geocode(ctx context.Context, text string, first int) ([]geocoder.Result, error)
}

// People is what the resolvers ask of the service of famous people.
type People interface {
	Search(ctx context.Context, text string, after *people.Mark, first int) (people.Page, error)
	Hash(p people.Person) (chart.Hash, bool)
}

// Collections is what the resolvers ask of the service of collections.
type Collections interface {
	Save(ctx context.Context, hash chart.Hash, label string, note *string) (saved collection.Saved, created bool, err error)
	Update(ctx context.Context, id collection.ID, change collection.Change) (saved collection.Saved, found bool, err error)
	Delete(ctx context.Context, id collection.ID) (found bool, err error)
	Page(ctx context.Context, q collection.Query) (collection.Page, error)
	Count(ctx context.Context) (int, error)
}

// Services is what the resolvers resolve from.
type Services struct {
	Charts    Charts
	Caster    *chart.Caster // of charts that are not stored
	Explainer Explainer
	Places    Places
	People    People
	Saved     Collections
	Readings  Readings
	Accounts  *account.Service
	Events    Events
	Outbox    Outbox
	Breakers  Breakers
	Process   *telemetry.Process
	Now       func() time.Time // what the time is
	Log       *slog.Logger
}

// Resolver is the root of the resolvers.
type Resolver struct {
	charts    Charts
	caster    *chart.Caster
	explainer Explainer
	places    Places
	people    People
	saved     Collections
	readings  Readings
	accounts  *account.Service
	events    Events
	views     *views
	outbox    Outbox
	breakers  Breakers
	process   *telemetry.Process
	now       func() time.Time
	recent    recent
	snapshots *live.Ticker // of telemetry.Snapshot
}

// New returns resolvers over the domain's services.
func New(s Services) *Resolver {
	return &Resolver{
		charts: s.Charts, caster: s.Caster, explainer: s.Explainer, places: s.Places, people: s.People, saved: s.Saved, readings: s.Readings,
		accounts: s.Accounts, events: s.Events, views: &views{log: s.Log}, outbox: s.Outbox, breakers: s.Breakers, recent: newRecent(), process: s.Process, now: s.Now,
		snapshots: live.NewTicker(func() any { return s.Process.Snapshot() }),
	}
}

var _ graph.ResolverRoot = (*Resolver)(nil)

// Query implements graph.ResolverRoot.
func (r *Resolver) Query() graph.QueryResolver { return queries{r} }

// Mutation implements graph.ResolverRoot.
func (r *Resolver) Mutation() graph.MutationResolver { return mutations{r} }

// Subscription implements graph.ResolverRoot.
func (r *Resolver) Subscription() graph.SubscriptionResolver { return subscriptions{r} }

// Chart implements graph.ResolverRoot.
func (r *Resolver) Chart() graph.ChartResolver { return charts{r} }

// User implements graph.ResolverRoot.
func (r *Resolver) User() graph.UserResolver { return users{r} }

type (
	users         struct{ *Resolver }
	charts        struct{ *Resolver }
	queries       struct{ *Resolver }
	mutations     struct{ *Resolver }
	subscriptions struct{ *Resolver }
)

// within puts the input field of a fault below the argument it came with.
func within(argument string, err error) error {
	if f, ok := fault.As(err); ok && (f.Code == fault.ValidationFailed || f.Field != "") {
		return f.Within(argument)
	}

	return err
}
