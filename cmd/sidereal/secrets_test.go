package main

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun/driver/sqliteshim"

	"sidereal/account"
	"sidereal/internal/certtest"
	"sidereal/internal/pgtest"
	"sidereal/internal/redistest"
)

// strangersToken has the form of a refresh token, and its checksum.
const strangersToken = "rt_00000000000000000000000000000000000000000010wyMI8"

// secretive are operations whose variables hold secrets.
var secretive = []struct {
	name, document string
	variables      map[string]any
	secrets        []string
	code           string // of its error for nobody; empty when there is none
}{
	{
		"a person's name",
		`mutation($birth: BirthInput!) { calculateChart(input: $birth) { created } }`,
		map[string]any{"birth": map[string]any{
			"date": "1990-01-15", "name": "Zaphod Hushhush",
			"place": map[string]any{"coordinates": map[string]any{"latitude": 40.7128, "longitude": -74.006, "timeZone": "America/New_York", "name": "Quietville"}},
		}},
		[]string{"Hushhush", "Quietville"},
		"",
	},
	{
		"a short password", signUp, input("email", "short@example.org", "password", "short-1"), []string{"short-1"}, "VALIDATION_FAILED",
	},
	{
		"a wrong password", signIn, input("email", "ada@example.org", "password", "correct-horse-2"), []string{"correct-horse-2"}, "UNAUTHENTICATED",
	},
	{
		"a stranger's password", signIn, input("email", "stranger@example.org", "password", "correct-horse-3"), []string{"correct-horse-3"}, "UNAUTHENTICATED",
	},
	{"a refresh token that is none", refresh, map[string]any{"token": "refresh-me-3"}, []string{"refresh-me-3"}, "UNAUTHENTICATED"},
	{
		"a refresh token that is nobody's", refresh, map[string]any{"token": strangersToken}, []string{strangersToken}, "UNAUTHENTICATED",
	},
	{
		"a password in the document", `mutation { signIn(input: {email: "ada@example.org", password: "correct-horse-4"}) { accessToken } }`, nil,
		[]string{"correct-horse-4"},
		"UNAUTHENTICATED",
	},
	{
		"passwords of nobody", changePassword, input("currentPassword", "correct-horse-5", "newPassword", "correct-horse-6"),
		[]string{"correct-horse-5", "correct-horse-6"},
		"UNAUTHENTICATED",
	},
	{
		"an input of the wrong form", signIn, input("email", "ada@example.org", "password", []string{"correct-horse-7"}), []string{"correct-horse-7"}, "VALIDATION_FAILED",
	},
	{"a variable of the wrong type", `query($n: Int) { charts(first: $n) { totalCount } }`, map[string]any{"n": "not-a-number-5"}, []string{"not-a-number-5"}, "VALIDATION_FAILED"},
	{"a scalar that is none", `mutation($birth: BirthInput!) { calculateChart(input: $birth) { created } }`, map[string]any{"birth": map[string]any{"date": "secret-date-6", "place": map[string]any{"id": "secret-place-7"}}}, []string{"secret-date-6", "secret-place-7"}, "VALIDATION_FAILED"},
	{"a search", `query { famousPeople(search: "secret-search-8") { nodes { name } } }`, nil, []string{"secret-search-8"}, ""},
}

// Everything that the server knows to be secret, and everything that clients tell it, on ways that work and on ways that fail, at the most talkative level: none
// of it is in the log.
func TestTheLogHoldsNoSecrets(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		data := t.TempDir()
		tellSecrets(t, sqliteshim.ShimName, filepath.Join(data, "sidereal.db"), "SIDEREAL_DATA_DIR="+data)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		address, err := url.Parse(pgtest.Start(t).NewDatabase(t))
		if err != nil {
			t.Fatal(err)
		}

		address.User = url.UserPassword(address.User.Username(), postgresPassword) // the server trusts whoever comes
		tellSecrets(t, "pg", address.String(), "SIDEREAL_DATABASE_URL="+address.String())
	})
}

const (
	redisUser, redisPassword = "redis-user", "redis-password-9"
	postgresPassword         = "postgres-password-26"
)

// tellSecrets starts a server with settings, on a database that it can reach as well, tells it secrets and looks for them in its log.
func tellSecrets(t *testing.T, driver, source string, settings ...string) {
	t.Helper()

	redis, err := url.Parse(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}

	redis.User = url.UserPassword(redisUser, redisPassword) // which this server does not know: every command fails

	s := start(t, append(append(embedded(t), settings...), "SIDEREAL_LOG_LEVEL=debug", "SIDEREAL_REDIS_URL="+redis.String(),
		"SIDEREAL_LOCKOUT_ACCOUNT=0", "SIDEREAL_LOCKOUT_ADDRESS=0", "SIDEREAL_SIGN_UPS=0"))

	good := bearer(t, account.User, time.Hour)
	secrets := []string{testKey, redisPassword, postgresPassword, strings.TrimPrefix(good, "Bearer "), strings.Split(good, ".")[2]}

	// Operations, each by POST as nobody and as somebody, and by GET in the address.
	ask := func(works bool) {
		for _, o := range secretive {
			got := s.post(t, o.document, o.variables)
			if code := codeOf(got); works && code != o.code {
				t.Errorf("%s: want the error %q, got %q: %+v", o.name, o.code, code, got.Errors)
			}

			s.post(t, o.document, o.variables, "Authorization", good)

			variables, _ := json.Marshal(o.variables)
			s.send(t, http.MethodGet, "/graphql?"+url.Values{"query": {o.document}, "variables": {string(variables)}}.Encode(), "")

			secrets = append(secrets, o.secrets...)
		}
	}

	secrets = append(secrets, s.tellOfAccounts(t)...)

	ask(true)

	// Tokens that are refused, over HTTP and over a WebSocket.
	expired := bearer(t, account.Admin, -time.Minute)
	for _, authorization := range []string{
		expired, good + "forged10", "Bearer sk_live_apikey11", "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:basic-password-12")), "Bearer " + strings.Repeat("long13", 5000),
	} {
		s.post(t, "{ __typename }", nil, "Authorization", authorization)

		socket := s.dial(t, authorization)
		_, _ = receive(t, socket)
	}

	secrets = append(secrets, strings.TrimPrefix(expired, "Bearer "), strings.Split(expired, ".")[2], "forged10", "apikey11", "basic-password-12",
		base64.StdEncoding.EncodeToString([]byte("ada:basic-password-12")), "long13")

	// Requests that are none.
	for _, body := range []string{`{"query":"{ x }","password":"stray-14"`, `{"query":7,"variables":{"password":"stray-15"}}`, `stray-16`} {
		s.send(t, http.MethodPost, "/graphql", body, "Content-Type", "application/json")
	}

	s.raw(t, http.DefaultClient, http.MethodGet, "/nothing?token=stray-17;x=1", "", "Cookie", "session=stray-18", "X-Request-ID", "stray 19 is no id")

	secrets = append(secrets, "stray-14", "stray-15", "stray-16", "stray-17", "stray-18", "stray 19")

	// Statements that fail with what they were given.
	database, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}

	defer database.Close()

	if _, err := database.ExecContext(t.Context(), "ALTER TABLE chart RENAME TO elsewhere; ALTER TABLE person RENAME TO nowhere; "+
		"ALTER TABLE account_refresh RENAME TO gone; ALTER TABLE account_attempt RENAME TO lost"); err != nil {
		t.Fatal(err)
	}

	ask(false)

	if len(s.log.lines("failed query")) == 0 {
		t.Error("no statement failed: this test sees less than it should")
	}

	if len(s.log.lines("edis")) == 0 {
		t.Error("Redis was not asked: this test sees less than it should")
	}

	s.stop(t)
	hasNone(t, s.log.String(), secrets)
}

// Servers that do not come up, and one that comes up encrypted.
func TestTheLogOfAStartHoldsNoSecrets(t *testing.T) {
	cert, key := certtest.New(t).Issue(t, t.TempDir(), 1)

	private, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}

	inside := strings.Split(string(private), "\n")[1]

	for _, settings := range [][]string{
		{"SIDEREAL_DATABASE_URL=postgres://nobody:postgres-password-20@127.0.0.1:1/none?sslmode=disable"},
		{"SIDEREAL_DATABASE_URL=postgres://nobody:postgres-password-20@127.0.0.1:port/none"},
		{"SIDEREAL_REDIS_URL=redis://:redis-password-21@127.0.0.1:port/0"},
		{"SIDEREAL_REDIS_URL=mysql://:redis-password-21@127.0.0.1/0"},
		{"SIDEREAL_NATS_URL=nats://user:nats-password-22@127.0.0.1:port"},
		{"SIDEREAL_NATS_URL=nats://127.0.0.1:1", "SIDEREAL_NATS_CERT=" + cert},
		{"SIDEREAL_NATS_URL=nats://127.0.0.1:1", "SIDEREAL_NATS_CERT=" + key, "SIDEREAL_NATS_KEY=" + cert},
		{"SIDEREAL_NATS_URL=nats://127.0.0.1:1", "SIDEREAL_NATS_CA=" + key},
		{"SIDEREAL_JWT_KEY=short-23"},
		{"SIDEREAL_TLS_CERT=" + key, "SIDEREAL_TLS_KEY=" + cert},
		{"SIDEREAL_CORS_ORIGINS=https://user:password-24@example.org"},
	} {
		var log lockedBuffer

		if code := run(t.Context(), []string{"sidereal"}, append(append(embedded(t), "SIDEREAL_LOG_LEVEL=debug"), settings...), io.Discard, &log); code == exitOK {
			t.Errorf("%s: it came up", settings)
		}

		hasNone(t, log.String(), []string{testKey, "postgres-password-20", "redis-password-21", "nats-password-22", "short-23", "password-24", inside})
	}

	down := start(t, append(embedded(t), "SIDEREAL_LOG_LEVEL=debug", "SIDEREAL_NATS_URL=nats://user:nats-password-25@127.0.0.1:1", "SIDEREAL_TLS_CERT="+cert, "SIDEREAL_TLS_KEY="+key))
	down.stop(t)
	hasNone(t, down.log.String(), []string{testKey, "nats-password-25", inside})
}

// hasNone checks that a log holds none of the secrets, neither as they are nor as JSON, a Go string or an address would write them.
func hasNone(t *testing.T, log string, secrets []string) {
	t.Helper()

	for _, secret := range secrets {
		if len(secret) < 6 {
			t.Fatalf("%q is too short to be sought", secret)
		}

		for _, form := range []string{secret, quoted(secret), url.QueryEscape(secret), url.PathEscape(secret)} {
			if at := strings.Index(log, strings.Trim(form, `"`)); at >= 0 {
				t.Errorf("%q is in the log: …%s…", secret, log[max(0, at-200):min(len(log), at+len(form)+50)])

				break
			}
		}
	}
}
