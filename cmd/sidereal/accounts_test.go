package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	granted = `{ accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt viewer { id email name role createdAt } }`
	signUp  = `mutation($input: SignUpInput!) { auth: signUp(input: $input) ` + granted + ` }`
	signIn  = `mutation($input: SignInInput!) { auth: signIn(input: $input) ` + granted + ` }`
	refresh = `mutation($token: String!) { auth: refreshToken(input: {refreshToken: $token}) ` + granted + ` }`
	whoAmI  = `{ viewer { id email role } }`

	goodPassword = "correct horse battery"
)

// auth is what who signed in gets.
type auth struct {
	Auth struct {
		AccessToken, RefreshToken                   string
		AccessTokenExpiresAt, RefreshTokenExpiresAt time.Time

		Viewer struct {
			ID, Email, Role string
			Name            *string
			CreatedAt       time.Time
		}
	}
}

func input(pairs ...any) map[string]any {
	in := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		in[pairs[i].(string)] = pairs[i+1]
	}

	return map[string]any{"input": in}
}

// authorized is the header of a token.
func authorized(token string) []string { return []string{"Authorization", "Bearer " + token} }

// join makes an account.
func (s *testServer) join(t testing.TB, email string) auth {
	t.Helper()

	var a auth

	s.post(t, signUp, input("email", email, "password", goodPassword)).into(t, &a)

	return a
}

// wantUnauthenticated checks that a bearer token is refused.
func (s *testServer) wantUnauthenticated(t testing.TB, token string) {
	t.Helper()

	a := s.post(t, whoAmI, nil, authorized(token)...)
	a.wantError(t, "UNAUTHENTICATED", "")

	if a.Status != http.StatusUnauthorized {
		t.Errorf("want 401, got %d", a.Status)
	}
}

func TestFromSignUpToTheEndOfTheFamily(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		begun := time.Now().Add(-time.Second)

		var first auth

		s.post(t, signUp, input("email", " Ada@Example.org", "password", goodPassword, "name", "Ada")).into(t, &first)

		if v := first.Auth.Viewer; v.Email != "ada@example.org" || v.Role != "USER" || *v.Name != "Ada" || v.CreatedAt.Before(begun) {
			t.Errorf("got %+v", v)
		}

		if left := time.Until(first.Auth.AccessTokenExpiresAt); left > 15*time.Minute || left < 14*time.Minute {
			t.Errorf("want an access token of 15 minutes, got %s", left)
		}

		if left := time.Until(first.Auth.RefreshTokenExpiresAt); left > 720*time.Hour || left < 719*time.Hour {
			t.Errorf("want a refresh token of 30 days, got %s", left)
		}

		var me struct {
			Viewer *struct{ ID, Email, Role string }
		}

		s.post(t, whoAmI, nil, authorized(first.Auth.AccessToken)...).into(t, &me)

		if me.Viewer == nil || me.Viewer.ID != first.Auth.Viewer.ID {
			t.Errorf("got %+v", me.Viewer)
		}

		me.Viewer = nil
		s.post(t, whoAmI, nil).into(t, &me)

		if me.Viewer != nil {
			t.Errorf("nobody: got %+v", me.Viewer)
		}

		var second auth

		s.post(t, refresh, map[string]any{"token": first.Auth.RefreshToken}).into(t, &second)

		if second.Auth.RefreshToken == first.Auth.RefreshToken || second.Auth.Viewer.ID != first.Auth.Viewer.ID {
			t.Errorf("got %+v", second.Auth)
		}

		s.post(t, whoAmI, nil, authorized(second.Auth.AccessToken)...).into(t, &me)
		s.post(t, refresh, map[string]any{"token": first.Auth.RefreshToken}).wantError(t, "UNAUTHENTICATED", "")
		s.post(t, refresh, map[string]any{"token": second.Auth.RefreshToken}).wantError(t, "UNAUTHENTICATED", "")
		s.wantUnauthenticated(t, first.Auth.AccessToken)
		s.wantUnauthenticated(t, second.Auth.AccessToken)

		var again auth

		s.post(t, signIn, input("email", "ADA@example.org", "password", goodPassword)).into(t, &again)
		s.post(t, whoAmI, nil, authorized(again.Auth.AccessToken)...).into(t, &me)

		s.post(t, `mutation { signOut { endedSessions } }`, nil).wantError(t, "UNAUTHENTICATED", "")

		if a := s.post(t, `mutation { signOut { endedSessions } }`, nil, authorized(again.Auth.AccessToken)...); string(a.Data) != `{"signOut":{"endedSessions":1}}` {
			t.Errorf("got %s, %+v", a.Data, a.Errors)
		}

		s.wantUnauthenticated(t, again.Auth.AccessToken)

		// Nothing secret is in the log, which holds every statement.
		for _, secret := range []string{goodPassword, "argon2id", first.Auth.RefreshToken, second.Auth.RefreshToken, again.Auth.AccessToken} {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

func TestTwentyRefreshesAtOnceWithOneToken(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		for grace, want := range map[string]string{"0s": "1 of 20, 1 token, ended", "1m": "20 of 20, 1 token, alive"} {
			s := start(t, append(environment, "SIDEREAL_REFRESH_GRACE="+grace))
			first := s.join(t, "p"+grace+"@example.org")

			var (
				wg     sync.WaitGroup
				mu     sync.Mutex
				good   int
				tokens = make(map[string]bool)
			)

			for range 20 {
				wg.Go(func() {
					var next auth

					a := s.post(t, refresh, map[string]any{"token": first.Auth.RefreshToken})
					if len(a.Errors) > 0 {
						a.wantError(t, "UNAUTHENTICATED", "")

						return
					}

					if err := json.Unmarshal(a.Data, &next); err != nil {
						t.Error(err)
					}

					mu.Lock()
					defer mu.Unlock()

					good++
					tokens[next.Auth.RefreshToken] = true
				})
			}

			wg.Wait()

			state := "alive"

			for last := range tokens {
				if a := s.post(t, refresh, map[string]any{"token": last}); len(a.Errors) > 0 {
					a.wantError(t, "UNAUTHENTICATED", "")

					state = "ended"
				}
			}

			if got := fmt.Sprintf("%d of 20, %d token, %s", good, len(tokens), state); got != want {
				t.Errorf("grace %s: want %s, got %s", grace, want, got)
			}

			s.stop(t)
		}
	})
}

func TestTheLockOutOverTheAPI(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		s.join(t, "ada@example.org")

		var answers [2]string

		for i, email := range []string{"ada@example.org", "nobody@example.org"} {
			for range 5 {
				a := s.post(t, signIn, input("email", email, "password", "wrong horse battery"))
				a.wantError(t, "UNAUTHENTICATED", "")

				answers[i] += a.Errors[0].Message + "\n"
			}

			e := s.post(t, signIn, input("email", email, "password", goodPassword)).wantError(t, "RATE_LIMITED", "")
			if ms, _ := e.Extensions["retryAfterMs"].(float64); ms <= 0 || ms > 1000 {
				t.Errorf("want up to 1000 ms, got %v", e.Extensions)
			}

			answers[i] += e.Message
		}

		if answers[0] != answers[1] {
			t.Errorf("a known and an unknown address are answered differently:\n%s\n%s", answers[0], answers[1])
		}
	})
}

func TestSignUpNamesWhatIsWrong(t *testing.T) {
	s := start(t, embedded(t))
	s.join(t, "ada@example.org")

	for _, tt := range []struct{ email, password, name, code, field string }{
		{"ada", goodPassword, "", "VALIDATION_FAILED", "input.email"},
		{"b@example.org", "short", "", "VALIDATION_FAILED", "input.password"},
		{"b@example.org", goodPassword, strings.Repeat("x", 201), "VALIDATION_FAILED", "input.name"},
		{"Ada@example.org", goodPassword, "", "CONFLICT", "input.email"},
	} {
		s.post(t, signUp, input("email", tt.email, "password", tt.password, "name", tt.name)).wantError(t, tt.code, tt.field)
	}

	s.post(t, refresh, map[string]any{"token": "nonsense"}).wantError(t, "UNAUTHENTICATED", "")
}

const createKey = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name prefix scopes createdAt expiresAt lastUsedAt } } }`

type apiKey struct {
	ID, Name, Prefix      string
	Scopes                []string
	ExpiresAt, LastUsedAt *time.Time
}

func TestAKeyOverTheAPI(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		ada, bob := s.join(t, "ada@example.org"), s.join(t, "bob@example.org")
		asAda, asBob := authorized(ada.Auth.AccessToken), authorized(bob.Auth.AccessToken)

		var made struct {
			CreateAPIKey struct {
				Secret string
				APIKey apiKey
			} `json:"createApiKey"`
		}

		s.post(t, createKey, input("name", "x", "scopes", []string{"ADMIN"}), asAda...).wantError(t, "FORBIDDEN", "input.scopes")
		s.post(t, createKey, input("name", "x", "scopes", []string{}), asAda...).wantError(t, "VALIDATION_FAILED", "input.scopes")
		s.post(t, createKey, input("name", "x", "scopes", []string{"READ"})).wantError(t, "UNAUTHENTICATED", "")
		s.post(t, createKey, input("name", "Server", "scopes", []string{"WRITE", "READ"}), asAda...).into(t, &made)

		key, secret := made.CreateAPIKey.APIKey, made.CreateAPIKey.Secret
		if key.Name != "Server" || fmt.Sprint(key.Scopes) != "[READ WRITE]" || !strings.HasPrefix(secret, key.Prefix) || key.ExpiresAt != nil || key.LastUsedAt != nil {
			t.Errorf("got %+v", made)
		}

		var me struct {
			Viewer struct {
				ID      string
				APIKeys *struct {
					TotalCount int
					Nodes      []apiKey
				} `json:"apiKeys"`
			}
		}

		asKey := authorized(secret)
		s.post(t, `{ viewer { id } }`, nil, asKey...).into(t, &me)

		if me.Viewer.ID != ada.Auth.Viewer.ID {
			t.Errorf("want the owner, got %+v", me)
		}

		s.post(t, createKey, input("name", "x", "scopes", []string{"READ"}), asKey...).wantError(t, "FORBIDDEN", "")
		s.post(t, `{ viewer { sessions { id } } }`, nil, asKey...).wantError(t, "FORBIDDEN", "")

		for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			s.post(t, `{ viewer { id apiKeys { totalCount nodes { id name prefix lastUsedAt } } } }`, nil, asAda...).into(t, &me)

			if keys := me.Viewer.APIKeys; keys != nil && keys.TotalCount == 1 && keys.Nodes[0].ID == key.ID && keys.Nodes[0].LastUsedAt != nil {
				break
			}

			if time.Now().After(deadline) {
				t.Fatalf("want one key that was used, got %+v", me.Viewer.APIKeys)
			}
		}

		var node struct{ Node *struct{ Name string } }

		byID := `query($id: ID!) { node(id: $id) { ... on ApiKey { name } ... on User { email } } }`
		s.post(t, byID, map[string]any{"id": key.ID}, asAda...).into(t, &node)

		if node.Node == nil || node.Node.Name != "Server" {
			t.Errorf("got %+v", node.Node)
		}

		for _, id := range []string{key.ID, ada.Auth.Viewer.ID} {
			for who, header := range map[string][]string{"another": asBob, "nobody": nil} {
				if a := s.post(t, byID, map[string]any{"id": id}, header...); string(a.Data) != `{"node":null}` {
					t.Errorf("%s: got %s, %+v", who, a.Data, a.Errors)
				}
			}
		}

		revoke := `mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }`
		s.post(t, revoke, input("id", key.ID), asBob...).wantError(t, "NOT_FOUND", "input.id")
		s.post(t, revoke, input("id", ada.Auth.Viewer.ID), asAda...).wantError(t, "NOT_FOUND", "input.id")

		if a := s.post(t, revoke, input("id", key.ID), asAda...); len(a.Errors) > 0 {
			t.Errorf("got %+v", a.Errors)
		}

		s.wantUnauthenticated(t, secret)

		if strings.Contains(s.log.String(), secret) {
			t.Error("the log holds the key")
		}
	})
}

func TestKeysAreListedInPages(t *testing.T) {
	s := start(t, embedded(t))
	as := authorized(s.join(t, "ada@example.org").Auth.AccessToken)

	for i := range 5 {
		s.post(t, createKey, input("name", fmt.Sprint(i), "scopes", []string{"READ"}), as...)
	}

	var (
		names []string
		after any
	)

	for {
		var got struct {
			Viewer struct {
				APIKeys struct {
					Edges    []struct{ Node struct{ Name string } }
					PageInfo struct {
						HasNextPage, HasPreviousPage bool
						EndCursor                    string
					}
				} `json:"apiKeys"`
			}
		}

		s.post(t, `query($after: Cursor) { viewer { apiKeys(first: 2, after: $after) { edges { node { name } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
			map[string]any{"after": after}, as...).into(t, &got)

		for _, edge := range got.Viewer.APIKeys.Edges {
			names = append(names, edge.Node.Name)
		}

		info := got.Viewer.APIKeys.PageInfo
		if info.HasPreviousPage != (after != nil) {
			t.Errorf("after %v: got %+v", after, info)
		}

		if after = info.EndCursor; !info.HasNextPage {
			break
		}
	}

	if got := strings.Join(names, ""); got != "43210" {
		t.Errorf("want the newest first, each once, got %s", got)
	}

	s.post(t, `{ viewer { apiKeys(after: "nonsense") { totalCount } } }`, nil, as...).wantError(t, "VALIDATION_FAILED", "after")
	s.post(t, `{ viewer { apiKeys(first: 101) { totalCount } } }`, nil, as...).wantError(t, "VALIDATION_FAILED", "first")
}

func TestThePasswordOverTheAPI(t *testing.T) {
	s := start(t, embedded(t))
	ada := s.join(t, "ada@example.org")
	as := authorized(ada.Auth.AccessToken)

	var other auth

	s.post(t, signIn, input("email", "ada@example.org", "password", goodPassword)).into(t, &other)

	change := `mutation($input: ChangePasswordInput!) { changePassword(input: $input) { viewer { email sessions { current } } } }`
	s.post(t, change, input("currentPassword", "wrong horse", "newPassword", "another horse"), as...).wantError(t, "VALIDATION_FAILED", "input.currentPassword")
	s.post(t, change, input("currentPassword", goodPassword, "newPassword", "12345678"), as...).wantError(t, "VALIDATION_FAILED", "input.newPassword")

	a := s.post(t, change, input("currentPassword", goodPassword, "newPassword", "another horse"), as...)
	if want := `{"changePassword":{"viewer":{"email":"ada@example.org","sessions":[{"current":true}]}}}`; string(a.Data) != want {
		t.Errorf("want %s, got %s, %+v", want, a.Data, a.Errors)
	}

	s.wantUnauthenticated(t, other.Auth.AccessToken)
	s.post(t, signIn, input("email", "ada@example.org", "password", goodPassword)).wantError(t, "UNAUTHENTICATED", "")
	s.post(t, signIn, input("email", "ada@example.org", "password", "another horse")).into(t, &other)
}
