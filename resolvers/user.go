package resolvers

import (
	"context"

	"sidereal/account"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// owns tells whether the request comes from the owner of an account; a fault when it comes with an API key, which may not manage accounts.
func owns(ctx context.Context, accountID string) (account.Viewer, bool, error) {
	v, ok := account.ViewerFrom(ctx)

	return v, ok && v.Subject == accountID, account.Require(ctx, account.Need{Person: true})
}

// APIKeys resolves User.apiKeys.
func (r users) APIKeys(ctx context.Context, of *model.User, first *int, after *string) (*model.APIKeyConnection, error) {
	limit, behind, err := idPage(first, after, model.APIKeyCursor)
	if err != nil {
		return nil, err
	}

	if _, own, err := owns(ctx, of.Account.ID); !own || err != nil {
		return nil, err
	}

	keys, err := r.accounts.KeysOf(ctx, []string{of.Account.ID})
	if err != nil {
		return nil, err
	}

	return model.NewAPIKeyConnection(keys[of.Account.ID], behind, limit), nil
}

// Sessions resolves User.sessions.
func (r users) Sessions(ctx context.Context, of *model.User) ([]model.Session, error) {
	v, own, err := owns(ctx, of.Account.ID)
	if !own || err != nil {
		return nil, err
	}

	return r.ownSessions(ctx, v)
}

func (r *Resolver) ownSessions(ctx context.Context, v account.Viewer) ([]model.Session, error) {
	sessions, err := r.accounts.SessionsOf(ctx, []string{v.Subject})
	if err != nil {
		return nil, err
	}

	views := make([]model.Session, len(sessions[v.Subject]))
	for i, s := range sessions[v.Subject] {
		views[i] = model.Session{Session: s, Current: s.ID == v.Session}
	}

	return views, nil
}

// CreateAPIKey resolves Mutation.createApiKey.
func (r mutations) CreateAPIKey(ctx context.Context, input model.CreateAPIKeyInput) (*model.CreateAPIKeyPayload, error) {
	in := account.NewKey{Name: input.Name, ExpiresAt: deref(input.ExpiresAt)}
	for _, scope := range input.Scopes {
		in.Scopes |= scope
	}

	key, secret, err := r.accounts.CreateKey(ctx, in)
	if err != nil {
		return nil, within("input", err)
	}

	return &model.CreateAPIKeyPayload{APIKey: &model.APIKey{Key: key}, Secret: secret}, nil
}

// RevokeAPIKey resolves Mutation.revokeApiKey.
func (r mutations) RevokeAPIKey(ctx context.Context, input model.RevokeAPIKeyInput) (*model.RevokeAPIKeyPayload, error) {
	id, _ := keyOf(model.APIKeyType, input.ID) // an id of something else is that of no key

	key, err := r.accounts.RevokeKey(ctx, id)
	if err != nil {
		return nil, namedAs(input.ID, err)
	}

	return &model.RevokeAPIKeyPayload{APIKey: &model.APIKey{Key: key}}, nil
}

// keyNodes loads API keys by the keys of their global ids: the viewer's own.
func (r queries) keyNodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	return r.ownNodes(ctx, ids, func(v account.Viewer) (map[string]relay.Node, error) {
		keys, err := r.accounts.KeysOf(ctx, []string{v.Subject})
		found := make(map[string]relay.Node)

		for _, k := range keys[v.Subject] {
			found[k.ID] = &model.APIKey{Key: k}
		}

		return found, err
	})
}

// sessionNodes loads sessions by the keys of their global ids: the viewer's own.
func (r queries) sessionNodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	return r.ownNodes(ctx, ids, func(v account.Viewer) (map[string]relay.Node, error) {
		sessions, err := r.ownSessions(ctx, v)
		found := make(map[string]relay.Node)

		for _, s := range sessions {
			found[s.Session.ID] = &s
		}

		return found, err
	})
}

// ownNodes picks objects from those that the viewer owns. Nobody, and an API key, owns none.
func (r queries) ownNodes(ctx context.Context, ids []string, own func(account.Viewer) (map[string]relay.Node, error)) ([]relay.Node, error) {
	nodes := make([]relay.Node, len(ids))

	v, _ := account.ViewerFrom(ctx)
	if !may(ctx, account.Need{Person: true}) {
		return nodes, nil
	}

	found, err := own(v)
	if err != nil {
		return nil, err
	}

	for i, id := range ids {
		nodes[i] = found[id]
	}

	return nodes, nil
}
