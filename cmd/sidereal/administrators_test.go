package main

import (
	"testing"

	"sidereal/graph/relay"
)

func TestAdministratorsAndRoles(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		ada, bob := s.join(t, "ada@example.org"), s.join(t, "bob@example.org")
		asAda, asBob := authorized(ada.Auth.AccessToken), authorized(bob.Auth.AccessToken)

		list := `query($first: Int, $after: Cursor, $search: String) { users(first: $first, after: $after, search: $search) {
			nodes { id email apiKeys { totalCount } sessions { id } } pageInfo { hasNextPage endCursor } } }`
		setRole := `mutation($input: SetUserRoleInput!) { setUserRole(input: $input) { user { id role } } }`

		s.post(t, list, nil).wantError(t, "UNAUTHENTICATED", "")
		s.post(t, list, nil, asAda...).wantError(t, "FORBIDDEN", "")
		s.post(t, setRole, input("userId", ada.Auth.Viewer.ID, "role", "ADMIN"), asAda...).wantError(t, "FORBIDDEN", "")

		if a := s.post(t, setRole, input("userId", ada.Auth.Viewer.ID, "role", "ADMIN"), administrator(t)...); len(a.Errors) > 0 {
			t.Fatalf("got %+v", a.Errors)
		}

		var users struct {
			Users struct {
				Nodes []struct {
					ID, Email string
					APIKeys   *struct{ TotalCount int } `json:"apiKeys"`
					Sessions  []struct{ ID string }
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}

		// The token that ada has says USER; what counts is what she is now.
		s.post(t, list, map[string]any{"first": 1}, asAda...).into(t, &users)

		if n := users.Users.Nodes; len(n) != 1 || n[0].Email != "bob@example.org" || n[0].APIKeys != nil || n[0].Sessions != nil || !users.Users.PageInfo.HasNextPage {
			t.Errorf("want bob without what is his, got %+v", users)
		}

		s.post(t, list, map[string]any{"first": 1, "after": users.Users.PageInfo.EndCursor}, asAda...).into(t, &users)

		if n := users.Users.Nodes; len(n) != 1 || n[0].Email != "ada@example.org" || n[0].APIKeys == nil || len(n[0].Sessions) != 1 || users.Users.PageInfo.HasNextPage {
			t.Errorf("want ada with what is hers, got %+v", users)
		}

		s.post(t, list, map[string]any{"search": "BOB@"}, asAda...).into(t, &users)

		if n := users.Users.Nodes; len(n) != 1 || n[0].ID != bob.Auth.Viewer.ID {
			t.Errorf("want bob, got %+v", users)
		}

		s.post(t, setRole, input("userId", ada.Auth.Viewer.ID, "role", "USER"), asAda...).wantError(t, "CONFLICT", "input.role")
		s.post(t, setRole, input("userId", "nonsense", "role", "USER"), asAda...).wantError(t, "NOT_FOUND", "input.userId")

		if a := s.post(t, setRole, input("userId", bob.Auth.Viewer.ID, "role", "ADMIN"), asAda...); len(a.Errors) > 0 {
			t.Fatalf("got %+v", a.Errors)
		}

		s.post(t, list, nil, asBob...).into(t, &users)

		if a := s.post(t, setRole, input("userId", ada.Auth.Viewer.ID, "role", "USER"), asBob...); len(a.Errors) > 0 {
			t.Fatalf("got %+v", a.Errors)
		}

		s.post(t, list, nil, asAda...).wantError(t, "FORBIDDEN", "")
	})
}

// An id says of what it is: the key of an account under another type's name is that of no account.
func TestAnIDOfAnotherTypeIsThatOfNothing(t *testing.T) {
	s := start(t, embedded(t))
	ada := s.join(t, "ada@example.org").Auth

	var made struct {
		CreateAPIKey struct{ APIKey struct{ ID string } }
	}

	s.post(t, `mutation { createApiKey(input: {name: "x", scopes: [READ]}) { apiKey { id } } }`, nil, authorized(ada.AccessToken)...).into(t, &made)

	// renamed returns an id with another type in it.
	renamed := func(id string) string {
		_, key, ok := relay.ParseGlobalID(id)
		if !ok {
			t.Fatalf("%q is no id", id)
		}

		return relay.GlobalID("Chart", key)
	}

	s.post(t, `mutation($id: ID!) { setUserRole(input: {userId: $id, role: ADMIN}) { user { role } } }`,
		map[string]any{"id": renamed(ada.Viewer.ID)}, administrator(t)...).wantError(t, "NOT_FOUND", "input.userId")
	s.post(t, `mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { id } } }`,
		map[string]any{"id": renamed(made.CreateAPIKey.APIKey.ID)}, authorized(ada.AccessToken)...).wantError(t, "NOT_FOUND", "input.id")
}
