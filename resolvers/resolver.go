// Package resolvers is GraphQL in, one call to a domain service, GraphQL out.
package resolvers

import (
	"context"
	"time"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph"
	"sidereal/telemetry"
)

// Charts is what the resolvers ask of the chart service.
type Charts interface {
	Calculate(ctx context.Context, in chart.Input) (stored chart.Stored, created bool, err error)
	Page(ctx context.Context, q chart.Query) (chart.Listed, error)
	Count(ctx context.Context, f chart.Filter) (int, error)
}

// Resolver is the root of the resolvers.
type Resolver struct {
	charts    Charts
	caster    *chart.Caster
	explainer Explainer
	process   *telemetry.Process
	now       func() time.Time
}

// New returns resolvers over the domain's services. Charts that are not stored are cast by caster; now says what the time is.
func New(charts Charts, caster *chart.Caster, explainer Explainer, process *telemetry.Process, now func() time.Time) *Resolver {
	return &Resolver{charts: charts, caster: caster, explainer: explainer, process: process, now: now}
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

type (
	charts        struct{ *Resolver }
	queries       struct{ *Resolver }
	mutations     struct{ *Resolver }
	subscriptions struct{ *Resolver }
)

// within puts the input field of a fault below the argument it came with.
func within(argument string, err error) error {
	if f, ok := fault.As(err); ok && f.Code == fault.ValidationFailed {
		return f.Within(argument)
	}

	return err
}
