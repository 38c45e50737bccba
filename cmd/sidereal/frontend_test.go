package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/internal/nodetest"
)

// The guide for front ends shows the module that the next test runs.
func TestTheFrontEndGuideShowsItsModule(t *testing.T) {
	guide, err := os.ReadFile("../../docs/frontend.md")
	if err != nil {
		t.Fatal(err)
	}

	module, err := os.ReadFile("../../docs/frontend/sidereal.mjs")
	if err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(string(guide), "```js\n"+string(module)+"```\n") {
		t.Error("docs/frontend.md does not show docs/frontend/sidereal.mjs as it is")
	}
}

func TestTheFrontEndGuideWorks(t *testing.T) {
	const folder = "../../docs/frontend"

	nodetest.Install(t, folder)

	s := start(t, embedded(t))
	nodetest.Run(t, folder, nil, "try.mjs", accounts(t, s.url)+"/graphql")
}

// accounts stands before a server and answers for it what it does not have yet: accounts and persisted queries.
func accounts(t *testing.T, behind string) string {
	t.Helper()

	to, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}

	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	stub := &accountStub{t: t, fresh: make(map[string]string)}

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))

		if !stub.answer(w, r, body) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)

	return server.URL
}

type accountStub struct {
	t      *testing.T
	mu     sync.Mutex
	issued int
	fresh  map[string]string // the addresses of users, by refresh tokens that work
}

func (s *accountStub) answer(w http.ResponseWriter, r *http.Request, body []byte) bool {
	if r.Header.Get("Upgrade") != "" {
		return false
	}

	var request struct {
		Query         string
		OperationName string
		Variables     struct {
			Input struct{ Email, RefreshToken string }
		}
	}

	_ = json.Unmarshal(body, &request)

	if request.Query == "" && r.URL.Query().Get("query") == "" {
		writeJSON(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "PersistedQueryNotFound"}}})

		return true
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	email := request.Variables.Input.Email

	switch request.OperationName {
	case "SignUp", "SignIn":
	case "Refresh":
		used := request.Variables.Input.RefreshToken
		if email = s.fresh[used]; email == "" {
			writeJSON(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "used", "extensions": map[string]any{"code": "UNAUTHENTICATED"}}}})

			return true
		}

		delete(s.fresh, used)
	default:
		return false
	}

	s.issued++
	refresh := fmt.Sprint("refresh-", s.issued)
	s.fresh[refresh] = email

	writeJSON(w, http.StatusOK, map[string]any{"data": map[string]any{"auth": map[string]any{
		"accessToken": strings.TrimPrefix(bearer(s.t, account.User, time.Hour), "Bearer "), "accessTokenExpiresAt": time.Now().Add(time.Hour),
		"refreshToken": refresh, "refreshTokenExpiresAt": time.Now().Add(24 * time.Hour), "viewer": map[string]any{"id": "1", "email": email},
	}}})

	return true
}
