package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
)

// output runs a command and returns what it prints.
func output(t testing.TB, environment []string, args ...string) string {
	t.Helper()

	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), append([]string{"sidereal"}, args...), environment, &stdout, &stderr); code != exitOK {
		t.Fatalf("%v: exit code %d: %s", args, code, &stderr)
	}

	return strings.TrimSpace(stdout.String())
}

// keyFile writes a fresh Ed25519 key into a file and returns the setting's value that names it.
func keyFile(t testing.TB) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "signing key.pem")
	if err := os.WriteFile(path, []byte(output(t, nil, "key")), 0o600); err != nil {
		t.Fatal(err)
	}

	return "file:" + path
}

// published is the key set that a server publishes.
func published(t testing.TB, s *testServer) (keys []map[string]string) {
	t.Helper()

	response, err := http.Get(s.url + keySetPath)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}

	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		t.Fatal(err)
	}

	if h := response.Header; response.StatusCode != http.StatusOK || h.Get("Content-Type") != "application/jwk-set+json" || h.Get("Cache-Control") != "public, max-age=300" {
		t.Errorf("the key set comes as %d %v", response.StatusCode, h)
	}

	if strings.Contains(string(body), `"d"`) || set.Keys == nil {
		t.Errorf("want the public keys, got %s", body)
	}

	return set.Keys
}

// The rotation of docs/accounts.md, from the command line to the answer.
func TestSigningKeysAreChangedWithoutSigningAnybodyOut(t *testing.T) {
	former, next := "SIDEREAL_JWT_KEY="+keyFile(t), "SIDEREAL_JWT_KEY="+keyFile(t)
	previous := "SIDEREAL_JWT_PREVIOUS_KEYS=" + strings.TrimPrefix(former, "SIDEREAL_JWT_KEY=") + ", " + testKey
	old, ancient, fresh := output(t, []string{former}, "token"), output(t, []string{"SIDEREAL_JWT_KEY=" + testKey}, "token"), output(t, []string{next}, "token")

	status := func(s *testServer, text string) int {
		return s.post(t, `{ __typename }`, nil, "Authorization", "Bearer "+text).Status
	}

	rotating := start(t, append(embedded(t), next, previous))
	for name, text := range map[string]string{"the former key": old, "the secret before it": ancient, "the next key": fresh} {
		if got := status(rotating, text); got != http.StatusOK {
			t.Errorf("a token of %s: want 200, got %d", name, got)
		}
	}

	if keys := published(t, rotating); len(keys) != 2 {
		t.Errorf("want the two public keys, got %v", keys)
	}

	rotated := start(t, append(embedded(t), next))
	if got := [3]int{status(rotated, old), status(rotated, ancient), status(rotated, fresh)}; got != [3]int{401, 401, 200} {
		t.Errorf("after the former keys are dropped: want 401, 401, 200, got %v", got)
	}

	if keys := published(t, start(t, embedded(t))); len(keys) != 0 {
		t.Errorf("want no public key of a secret, got %v", keys)
	}
}

// Every attack of the table is UNAUTHENTICATED over HTTP and closes a WebSocket; nothing runs, and nothing is a failure of the server.
func TestForgedTokensAreRefusedOverHTTP(t *testing.T) {
	setting := keyFile(t)
	s := start(t, append(embedded(t), "SIDEREAL_JWT_KEY="+setting))
	ours := privateKey(t, setting)
	public, _ := ours.Public().(ed25519.PublicKey)
	kid := published(t, s)[0]["kid"]
	_, stranger, _ := ed25519.GenerateKey(nil)
	now := time.Now()

	// forge signs good claims, and then header and claims as given: name and value in turn; claims begin with a dot.
	forge := func(method jwt.SigningMethod, key any, changes ...any) string {
		c := jwt.MapClaims{
			"iss": "sidereal", "aud": "sidereal", "sub": "u", "role": "ADMIN", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}
		unsigned := jwt.NewWithClaims(method, c)
		unsigned.Header["kid"] = kid

		for i := 0; i < len(changes); i += 2 {
			name, _ := changes[i].(string)
			if claim, ok := strings.CutPrefix(name, "."); ok {
				c[claim] = changes[i+1]
			} else {
				unsigned.Header[name] = changes[i+1]
			}
		}

		text, err := unsigned.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}

		return text
	}
	changed := func(changes ...any) string { return forge(jwt.SigningMethodEdDSA, ours, changes...) }
	good := changed()

	if a := s.post(t, `{ __typename }`, nil, "Authorization", "Bearer "+good); a.Status != http.StatusOK || len(a.Errors) > 0 {
		t.Fatalf("the token that the others are made from is refused: %+v", a)
	}

	for name, text := range map[string]string{
		"expired":                 changed(".exp", now.Add(-10*time.Second).Unix()),
		"not valid yet":           changed(".nbf", now.Add(time.Minute).Unix()),
		"wrong audience":          changed(".aud", "other"),
		"wrong issuer":            changed(".iss", "other"),
		"unknown role":            changed(".role", "ROOT"),
		"unknown kid":             changed("kid", "nobody's"),
		"kid a path":              forge(jwt.SigningMethodHS256, []byte{}, "kid", "../../../../dev/null"),
		"wrong key":               forge(jwt.SigningMethodEdDSA, stranger),
		"alg none":                forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"alg RS256":               changed("alg", "RS256"),
		"HS256 by the public key": forge(jwt.SigningMethodHS256, []byte(public)),
		"HS256 by the JWK":        forge(jwt.SigningMethodHS256, []byte(published(t, s)[0]["x"])),
		"a header of 100 kB":      changed("x", strings.Repeat("x", 100_000)),
		"truncated":               good[:len(good)-20],
		"half of it":              good[:len(good)/2],
		"not base64":              strings.Replace(good, ".", ".!", 1),
		"twice in one header":     good + ", Bearer " + good,
		"a byte too many":         good + "A",
	} {
		t.Run(name, func(t *testing.T) {
			a := s.post(t, calculate, birth("1990-01-15", "10:30"), "Authorization", "Bearer "+text)
			if a.wantError(t, "UNAUTHENTICATED", ""); a.Status != http.StatusUnauthorized || a.Data != nil || a.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("want 401, got %d %v %s", a.Status, a.Header, a.Data)
			}

			if _, _, err := s.dial(t, "Bearer "+text).Read(t.Context()); websocket.CloseStatus(err) != 4403 && name != "a header of 100 kB" {
				t.Errorf("want the WebSocket to be closed with 4403, got %v", err)
			}
		})
	}

	if failed := s.log.lines("level=ERROR"); len(failed) > 0 {
		t.Errorf("the server failed: %v", failed)
	}

	for _, text := range []string{"PRIVATE KEY", good, strings.Split(good, ".")[2]} {
		if leaked := s.log.lines(text); len(leaked) > 0 {
			t.Errorf("the log holds %q", text)
		}
	}
}

func TestTwoAuthorizationHeadersAreRefused(t *testing.T) {
	s := start(t, embedded(t))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(`{"query":"{ __typename }"}`))
	if err != nil {
		t.Fatal(err)
	}

	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {bearer(t, account.User, time.Hour), bearer(t, account.Admin, time.Hour)}}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("want 401, got %d", response.StatusCode)
	}
}

// privateKey reads the key that a setting's value names.
func privateKey(t testing.TB, setting string) ed25519.PrivateKey {
	t.Helper()

	text, err := os.ReadFile(strings.TrimPrefix(setting, "file:"))
	if err != nil {
		t.Fatal(err)
	}

	block, _ := pem.Decode(text)

	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}

	private, _ := key.(ed25519.PrivateKey)

	return private
}
