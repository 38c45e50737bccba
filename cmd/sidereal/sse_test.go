package main

import (
	"bufio"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sidereal/account"
)

// follow asks for the events of a subscription.
func (s *testServer) follow(t testing.TB, document string, header ...string) *http.Response {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(bodyOf(t, document, nil)))
	if err != nil {
		t.Fatal(err)
	}

	header = append(header, "Accept", "text/event-stream", "Content-Type", "application/json", "Accept-Encoding", "gzip, br, zstd")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = response.Body.Close() })

	return response
}

// until reads a stream up to a line that holds a text, and returns that; empty when the stream has ended before.
func until(t testing.TB, lines *bufio.Scanner, text string) string {
	t.Helper()

	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}

	return ""
}

// watching returns a stream that has brought its first event.
func (s *testServer) watching(t testing.TB, header ...string) *bufio.Scanner {
	t.Helper()

	response := s.follow(t, watch, header...)
	lines := bufio.NewScanner(response.Body)

	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Encoding") != "" || until(t, lines, `data: {"data":{"operationsSnapshots":`) == "" {
		t.Fatalf("want events as they are, got status %d, %v", response.StatusCode, response.Header)
	}

	return lines
}

func TestStreamsEndWithTheServerAndDoNotHoldItUp(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_SHUTDOWN_GRACE=20s"))
	lines := s.watching(t, "Authorization", bearer(t, account.Admin, time.Hour))

	s.quit()

	if line := until(t, lines, "event: complete"); line != "" || lines.Err() != nil {
		t.Errorf("want a stream that breaks off, so that its client comes again, got %q, %v", line, lines.Err())
	}

	if code := s.stop(t); code != 0 {
		t.Errorf("want no request cut off, got the exit code %d", code)
	}
}

func TestStreamsEndWithTheirTokens(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_STREAM_RECHECK=1h")) // what this process changes is seen at once
	setRole := `mutation($input: SetUserRoleInput!) { setUserRole(input: $input) { user { id } } }`

	for i, end := range []string{
		`mutation { signOut { endedSessions } }`,
		`mutation { signOut(input: {everywhere: true}) { endedSessions } }`,
		setRole,
	} {
		one := s.join(t, fmt.Sprintf("user%d@example.org", i))
		role := func(role string) {
			s.post(t, setRole, input("userId", one.Auth.Viewer.ID, "role", role), administrator(t)...).into(t, new(any))
		}
		role("ADMIN")

		lines := s.watching(t, authorized(one.Auth.AccessToken)...)

		if end == setRole {
			role("USER") // the others are administrators still
		} else {
			s.post(t, end, nil, authorized(one.Auth.AccessToken)...).into(t, new(any))
		}

		if line := until(t, lines, "errors"); !strings.Contains(line, "UNAUTHENTICATED") || !strings.Contains(line, `data: {"errors":[`) {
			t.Errorf("%s: want the reason without data, got %q", end, line)
		}

		if until(t, lines, "event: complete") == "" {
			t.Errorf("%s: want the end", end)
		}
	}

	lines := s.watching(t, "Authorization", bearer(t, account.Admin, 2*time.Second))
	if line := until(t, lines, "errors"); !strings.Contains(line, "the token has expired; connect again with a new one") {
		t.Errorf("want the end of the token, got %q", line)
	}
}

func TestNoMoreStreamsThanTheOperatorAllows(t *testing.T) {
	for name, test := range map[string]struct {
		setting, code string
		status        int
	}{
		"in all":      {"SIDEREAL_MAX_STREAMS=1", "UPSTREAM_UNAVAILABLE", http.StatusServiceUnavailable},
		"of one user": {"SIDEREAL_MAX_STREAMS_PER_USER=1", "RATE_LIMITED", http.StatusTooManyRequests},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, append(embedded(t), test.setting))
			admin := []string{"Authorization", bearer(t, account.Admin, time.Hour)}

			first := s.follow(t, watch, admin...)
			if first.StatusCode != http.StatusOK {
				t.Fatalf("got status %d", first.StatusCode)
			}

			refused := s.send(t, http.MethodPost, "/graphql", bodyOf(t, watch, nil), append(admin, "Accept", "text/event-stream", "Content-Type", "application/json")...)
			refused.wantError(t, test.code, "")

			if seconds, err := strconv.Atoi(refused.Header.Get("Retry-After")); refused.Status != test.status || err != nil || seconds < 5 || seconds > 15 {
				t.Errorf("want %d and to come again in 5 s to 15 s, got %d, %q", test.status, refused.Status, refused.Header.Get("Retry-After"))
			}

			if a := s.post(t, "{ __typename }", nil); a.Status != http.StatusOK {
				t.Errorf("want others answered, got status %d", a.Status)
			}

			_ = first.Body.Close()

			for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
				if again := s.follow(t, watch, admin...); again.StatusCode == http.StatusOK {
					break
				}

				if time.Now().After(deadline) {
					t.Fatal("the place is not free again")
				}
			}
		})
	}
}
