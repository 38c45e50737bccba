package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"sidereal/account"
)

// auth is the directive @auth: it resolves a field only for those who may, and has the other fields of the operation alone. On a field of Subscription it
// comes before the stream is made.
func auth(ctx context.Context, _ any, next graphql.Resolver, role account.Role, session bool) (any, error) {
	need := account.Need{Role: role, Scope: account.ScopeRead, Person: session}

	if graphql.GetFieldContext(ctx).Object == "Mutation" {
		need.Scope = account.ScopeWrite
	}

	if role == account.Admin {
		need.Scope |= account.ScopeAdmin
	}

	if err := account.Require(ctx, need); err != nil {
		return nil, err
	}

	return next(ctx)
}
