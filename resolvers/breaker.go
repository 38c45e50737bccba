package resolvers

import (
	"context"

	"sidereal/account"
	"sidereal/graph/model"
	"sidereal/resilience"
)

// Breakers is how administrators decide over circuit breakers.
type Breakers interface {
	// Set is an order, by the account of an id, to all processes. This one has obeyed when it returns.
	Set(ctx context.Context, order resilience.Order, by string) (resilience.Status, error)
}

// SetBreaker resolves Mutation.setBreaker.
func (r mutations) SetBreaker(ctx context.Context, input model.SetBreakerInput) (*model.SetBreakerPayload, error) {
	by, _ := account.ViewerFrom(ctx)

	status, err := r.breakers.Set(ctx, resilience.Order{Dependency: input.Name, Mode: input.Mode, Reset: input.Reset}, by.Subject)
	if err != nil {
		return nil, within("input", err)
	}

	return &model.SetBreakerPayload{Breaker: model.NewBreaker(status)}, nil
}
