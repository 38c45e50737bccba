package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const changePassword = `mutation($input: ChangePasswordInput!) { changePassword(input: $input) { viewer { id } } }`

// codeOf returns the code of an answer's first error; empty when there is none.
func codeOf(a answer) string {
	if len(a.Errors) == 0 {
		return ""
	}

	return fmt.Sprint(a.Errors[0].Extensions["code"])
}

// tellOfAccounts has an account from its sign-up to its last token, on ways that work and on ways that do not, and returns what was secret in it: passwords, and the
// tokens and keys that the server made.
func (s *testServer) tellOfAccounts(t *testing.T) []string {
	t.Helper()

	const first, second, wrong = "first-horse-31", "second-horse-32", "wrong-horse-33"

	secrets := []string{first, second, wrong, "argon2id"}

	// do wants a code of an operation, and keeps what the server made.
	do := func(code, document string, variables map[string]any, token string) (made struct{ AccessToken, RefreshToken, Secret string }) {
		t.Helper()

		var header []string
		if token != "" {
			header = authorized(token)
		}

		a := s.post(t, document, variables, header...)
		if got := codeOf(a); got != code {
			t.Fatalf("%s: want the error %q, got %q: %+v", document, code, got, a.Errors)
		}

		var data map[string]json.RawMessage

		_ = json.Unmarshal(a.Data, &data) // without data there is nothing to keep
		for _, field := range data {
			_ = json.Unmarshal(field, &made)
		}

		for _, secret := range []string{made.AccessToken, made.RefreshToken, made.Secret} {
			if parts := strings.Split(secret, "."); secret != "" {
				secrets = append(secrets, secret, parts[len(parts)-1])
			}
		}

		return made
	}

	const revoke = `mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }`

	joined := do("", signUp, input("email", "ada@example.org", "password", first), "")
	do("CONFLICT", signUp, input("email", "ada@example.org", "password", second), "")

	session := do("", signIn, input("email", "ada@example.org", "password", first), "")
	do("VALIDATION_FAILED", changePassword, input("currentPassword", wrong, "newPassword", second), session.AccessToken)
	do("", changePassword, input("currentPassword", first, "newPassword", second), session.AccessToken)
	do("UNAUTHENTICATED", whoAmI, nil, joined.AccessToken) // its session has ended
	do("UNAUTHENTICATED", signIn, input("email", "ada@example.org", "password", first), "")

	key := do("", createKey, input("name", "a server", "scopes", []string{"READ"}), session.AccessToken)
	if key.Secret == "" || session.RefreshToken == "" || session.AccessToken == "" {
		t.Fatalf("want tokens and a key, got %+v, %+v", session, key)
	}

	do("", whoAmI, nil, key.Secret)
	do("FORBIDDEN", createKey, input("name", "another", "scopes", []string{"READ"}), key.Secret)
	do("NOT_FOUND", revoke, input("id", key.Secret), session.AccessToken) // taken for the id

	var owned struct {
		Viewer struct {
			APIKeys struct{ Nodes []struct{ ID string } } `json:"apiKeys"`
		}
	}

	s.post(t, `{ viewer { apiKeys { nodes { id } } } }`, nil, authorized(session.AccessToken)...).into(t, &owned)
	do("", revoke, input("id", owned.Viewer.APIKeys.Nodes[0].ID), session.AccessToken)
	do("UNAUTHENTICATED", whoAmI, nil, key.Secret)

	next := do("", refresh, map[string]any{"token": session.RefreshToken}, "")
	do("UNAUTHENTICATED", refresh, map[string]any{"token": session.RefreshToken}, "") // sent again: the session ends
	do("UNAUTHENTICATED", refresh, map[string]any{"token": next.RefreshToken}, "")
	do("UNAUTHENTICATED", whoAmI, nil, next.AccessToken)

	last := do("", signIn, input("email", "ada@example.org", "password", second), "")
	do("", `mutation { signOut { endedSessions } }`, nil, last.AccessToken)
	do("UNAUTHENTICATED", whoAmI, nil, last.AccessToken)

	return secrets
}
