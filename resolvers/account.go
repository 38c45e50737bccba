package resolvers

import (
	"context"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// authPayload is the answer of what signs in.
func authPayload(granted account.Grant, err error) (*model.AuthPayload, error) {
	if err != nil {
		return nil, within("input", err)
	}

	return &model.AuthPayload{Grant: granted}, nil
}

// SignUp resolves Mutation.signUp.
func (r mutations) SignUp(ctx context.Context, input model.SignUpInput) (*model.AuthPayload, error) {
	return authPayload(r.accounts.SignUp(ctx, account.SignUp{Email: input.Email, Password: input.Password, Name: deref(input.Name)}))
}

// SignIn resolves Mutation.signIn.
func (r mutations) SignIn(ctx context.Context, input model.SignInInput) (*model.AuthPayload, error) {
	return authPayload(r.accounts.SignIn(ctx, input.Email, input.Password))
}

// RefreshToken resolves Mutation.refreshToken.
func (r mutations) RefreshToken(ctx context.Context, input model.RefreshTokenInput) (*model.AuthPayload, error) {
	return authPayload(r.accounts.Refresh(ctx, input.RefreshToken))
}

// SignOut resolves Mutation.signOut.
func (r mutations) SignOut(ctx context.Context, input *model.SignOutInput) (*model.SignOutPayload, error) {
	ended, err := r.accounts.SignOut(ctx, input != nil && input.Everywhere)
	if err != nil {
		return nil, err
	}

	return &model.SignOutPayload{EndedSessions: ended}, nil
}

// ChangePassword resolves Mutation.changePassword.
func (r mutations) ChangePassword(ctx context.Context, input model.ChangePasswordInput) (*model.ChangePasswordPayload, error) {
	a, err := r.accounts.ChangePassword(ctx, input.CurrentPassword, input.NewPassword)
	if err != nil {
		return nil, within("input", err)
	}

	return &model.ChangePasswordPayload{Viewer: &model.User{Account: a}}, nil
}

// SetUserRole resolves Mutation.setUserRole.
func (r mutations) SetUserRole(ctx context.Context, input model.SetUserRoleInput) (*model.SetUserRolePayload, error) {
	key, _ := keyOf(model.UserType, input.UserID) // an id of something else is that of no account

	a, err := r.accounts.SetRole(ctx, key, input.Role)
	if err != nil {
		return nil, namedAs(input.UserID, err)
	}

	return &model.SetUserRolePayload{User: &model.User{Account: a}}, nil
}

// namedAs is within for a resource that was not found, which it names as the caller did.
func namedAs(id string, err error) error {
	if f, ok := fault.As(err); ok && f.Code == fault.NotFound {
		return f.WithResource(f.ResourceType, id).Within("input")
	}

	return within("input", err)
}

// Viewer resolves Query.viewer.
func (r queries) Viewer(ctx context.Context) (*model.User, error) {
	if _, ok := account.ViewerFrom(ctx); !ok {
		return nil, nil //nolint:nilnil // nobody signed in
	}

	if err := account.Require(ctx, account.Need{Scope: account.ScopeRead}); err != nil {
		return nil, err
	}

	a, ok, err := r.accounts.Me(ctx)
	if !ok {
		return nil, err
	}

	return &model.User{Account: a}, nil
}

// Users resolves Query.users.
func (r queries) Users(ctx context.Context, first *int, after, search *string) (*model.UserConnection, error) {
	size, behind, err := idPage(first, after, model.UserCursor)
	if err != nil {
		return nil, err
	}

	page, err := r.accounts.List(ctx, deref(search), behind, size)
	if err != nil {
		return nil, err
	}

	return model.NewUserConnection(page, after != nil), nil
}

// idPage reads the arguments of a list that is ordered by id.
func idPage(first *int, after *string, kind string) (limit int, behind string, err error) {
	size, err := relay.PageSize(first, nil)
	if err != nil || after == nil {
		return size.Limit, "", err
	}

	behind, err = relay.ParseIDCursor("after", kind, *after)

	return size.Limit, behind, err
}

// may tells whether the request comes from somebody who meets a need, where those who do not get nothing rather than a fault.
func may(ctx context.Context, need account.Need) bool { return account.Require(ctx, need) == nil }

// userNodes loads users by the keys of their global ids: all for an administrator, else the viewer's own.
func (r queries) userNodes(ctx context.Context, keys []string) ([]relay.Node, error) {
	nodes := make([]relay.Node, len(keys))

	v, ok := account.ViewerFrom(ctx)
	if !ok || !may(ctx, account.Need{Scope: account.ScopeRead}) {
		return nodes, nil
	}

	found, err := r.accounts.ByIDs(ctx, keys)
	if err != nil {
		return nil, err
	}

	all := may(ctx, account.Need{Role: account.Admin, Scope: account.ScopeRead | account.ScopeAdmin})

	for i, key := range keys {
		if a, ok := found[key]; ok && (all || a.ID == v.Subject) {
			nodes[i] = &model.User{Account: a}
		}
	}

	return nodes, nil
}
