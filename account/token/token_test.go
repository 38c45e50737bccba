package token_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/account/token"
	"sidereal/fault"
)

const secret = "an example of a key, 32 bytes and more"

func at(hour int) func() time.Time {
	return func() time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
}

func parsed(t testing.TB, text string) token.Key {
	t.Helper()

	key, err := token.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}

	return key
}

// pair returns a fresh Ed25519 key: its private and its public half in PEM, and itself.
func pair(t testing.TB) (private, public string, key ed25519.PrivateKey) {
	t.Helper()

	private, err := token.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}

	block, _ := pem.Decode([]byte(private))

	read, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}

	key, _ = read.(ed25519.PrivateKey)

	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}

	return private, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), key
}

// signer returns a signer whose keys are written as texts, the one that signs first.
func signer(t testing.TB, now func() time.Time, texts ...string) *token.Signer {
	t.Helper()

	verifying := make([]token.Key, 0, len(texts))
	for _, text := range texts[1:] {
		verifying = append(verifying, parsed(t, text))
	}

	keys, err := token.NewKeys(parsed(t, texts[0]), verifying...)
	if err != nil {
		t.Fatal(err)
	}

	return token.NewSigner(keys, token.Config{Now: now})
}

func sampleUser(t *testing.T) account.Viewer {
	t.Helper()

	text, err := os.ReadFile("../../internal/fixtures/sample_user.json")
	if err != nil {
		t.Fatal(err)
	}

	var v account.Viewer
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}

	return v
}

func TestATokenNamesItsViewerUntilItExpires(t *testing.T) {
	private, _, _ := pair(t)

	for name, key := range map[string]string{"by a secret": secret, "by an Ed25519 key": private} {
		t.Run(name, func(t *testing.T) {
			want := sampleUser(t)
			want.Session = "a session"
			want.Expires = at(2)()

			text, err := signer(t, at(0), key).Sign(want, 2*time.Hour)
			if err != nil {
				t.Fatal(err)
			}

			var now time.Time

			s := signer(t, func() time.Time { return now }, key)

			for moment, good := range map[time.Time]bool{
				at(0)().Add(-token.Leeway - time.Second): false, at(0)().Add(-token.Leeway): true, at(1)(): true,
				at(2)().Add(token.Leeway - 1): true, at(2)().Add(token.Leeway): false, at(3)(): false,
			} {
				now = moment

				for range 2 { // the second time by what is remembered
					got, err := s.Verify(t.Context(), text)
					if good && (err != nil || got != want) {
						t.Errorf("%v: want %+v, got %+v, %v", moment, want, got, err)
					}

					if f, ok := fault.As(err); !good && (!ok || f.Code != fault.Unauthenticated || moment.After(at(1)()) != strings.Contains(f.Message, "expired")) {
						t.Errorf("%v: want UNAUTHENTICATED, and to be told of the expiry, got %+v, %v", moment, got, err)
					}
				}
			}
		})
	}
}

// forger writes tokens that are right but for what a test changes.
type forger struct {
	t      testing.TB
	kid    string
	key    any
	method jwt.SigningMethod
}

var good = jwt.MapClaims{
	"iss": "sidereal", "aud": "sidereal", "sub": "u", "role": "ADMIN", "iat": at(0)().Unix(), "nbf": at(0)().Unix(), "exp": at(2)().Unix(),
}

// with returns the claims with one changed; nil takes it out.
func with(name string, value any) jwt.MapClaims {
	c := maps.Clone(good)
	if c[name] = value; value == nil {
		delete(c, name)
	}

	return c
}

func (f forger) sign(method jwt.SigningMethod, key any, c jwt.Claims, header ...any) string {
	f.t.Helper()

	unsigned := jwt.NewWithClaims(method, c)
	unsigned.Header["kid"] = f.kid

	for i := 0; i < len(header); i += 2 {
		name, _ := header[i].(string)
		if unsigned.Header[name] = header[i+1]; header[i+1] == nil {
			delete(unsigned.Header, name)
		}
	}

	text, err := unsigned.SignedString(key)
	if err != nil {
		f.t.Fatal(err)
	}

	return text
}

func (f forger) claims(c jwt.Claims) string { return f.sign(f.method, f.key, c) }

func (f forger) header(name string, value any) string {
	return f.sign(f.method, f.key, good, name, value)
}

// raw signs a header and claims as they are written.
func (f forger) raw(header, claims string) string {
	f.t.Helper()

	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))

	signature, err := f.method.Sign(text, f.key)
	if err != nil {
		f.t.Fatal(err)
	}

	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// attacks are tokens that must be refused, made from one that is good.
func (f forger) attacks() map[string]string {
	f.t.Helper()

	_, stranger, _ := ed25519.GenerateKey(nil)
	text := f.claims(good)
	parts := strings.Split(text, ".")

	return map[string]string{
		"empty":                     "",
		"no token":                  "abc",
		"dots only":                 "..",
		"truncated":                 text[:60],
		"without its signature":     parts[0] + "." + parts[1] + ".",
		"with half its signature":   text[:len(text)-len(parts[2])/2],
		"with a part more":          text + "." + parts[2],
		"twice":                     text + "," + text,
		"not base64":                parts[0] + ".!!!." + parts[2],
		"padded base64":             text + "==",
		"base64 with stray bits":    strayBits(text),
		"no JSON":                   f.raw("{", "{}"),
		"another kind of JSON":      f.raw("[]", "[]"),
		"newline and null":          "a\n\x00.b.c",
		"changed claims":            tampered(f.t, text),
		"wrong key, HS256":          f.sign(jwt.SigningMethodHS256, []byte("another key that is long enough to be one"), good),
		"wrong key, EdDSA":          f.sign(jwt.SigningMethodEdDSA, stranger, good),
		"empty key":                 f.sign(jwt.SigningMethodHS256, []byte{}, good),
		"alg none":                  f.sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good),
		"alg none, unsigned":        f.header("alg", "none"),
		"alg NoNe":                  f.header("alg", "NoNe"),
		"alg missing":               f.header("alg", nil),
		"alg a number":              f.header("alg", 7),
		"alg of nobody":             f.header("alg", "XX999"),
		"alg RS256":                 f.header("alg", "RS256"),
		"alg HS512 under an HS256":  f.header("alg", "HS512"),
		"alg twice":                 f.raw(`{"alg":"`+f.method.Alg()+`","kid":"`+f.kid+`","alg":"none"}`, `{}`),
		"no kid":                    f.header("kid", nil),
		"empty kid":                 f.header("kid", ""),
		"unknown kid":               f.header("kid", "nobody's"),
		"kid a path":                f.header("kid", "../../../../dev/null"),
		"kid a statement":           f.header("kid", "' UNION SELECT 'key"),
		"kid a number":              f.header("kid", 1),
		"kid a list":                f.header("kid", []string{f.kid}),
		"its own key in the header": f.sign(jwt.SigningMethodEdDSA, stranger, good, "jwk", map[string]string{"kty": "OKP", "crv": "Ed25519"}, "jku", "https://example.org/keys"),
		"critical extensions":       f.header("crit", []string{"exp"}),
		"a huge header":             f.header("x", strings.Repeat("x", 100_000)),
		"huge claims":               f.claims(with("x", strings.Repeat("x", 10_000))),
		"deep claims":               f.raw(`{"alg":"`+f.method.Alg()+`","kid":"`+f.kid+`"}`, strings.Repeat("[", 1500)),
		"wrong audience":            f.claims(with("aud", "other")),
		"no audience":               f.claims(with("aud", nil)),
		"wrong issuer":              f.claims(with("iss", "other")),
		"no issuer":                 f.claims(with("iss", nil)),
		"expired":                   f.claims(with("exp", at(0)().Unix())),
		"without expiry":            f.claims(with("exp", nil)),
		"expiry a text":             f.claims(with("exp", "tomorrow")),
		"expiry beyond all numbers": f.claims(with("exp", json.Number("1e400"))),
		"not valid yet":             f.claims(with("nbf", at(2)().Unix())),
		"issued later":              f.claims(with("iat", at(2)().Unix())),
		"without subject":           f.claims(with("sub", nil)),
		"without a role":            f.claims(with("role", nil)),
		"unknown role":              f.claims(with("role", "ROOT")),
	}
}

func TestForgedAndBrokenTokensAreUnauthenticated(t *testing.T) {
	private, public, key := pair(t)
	raw, _ := key.Public().(ed25519.PublicKey)

	for name, kind := range map[string]struct {
		text   string
		forger forger
	}{
		"HS256": {secret, forger{t, parsed(t, secret).ID(), []byte(secret), jwt.SigningMethodHS256}},
		"EdDSA": {private, forger{t, parsed(t, private).ID(), key, jwt.SigningMethodEdDSA}},
	} {
		s := signer(t, at(1), kind.text)

		if _, err := s.Verify(t.Context(), kind.forger.claims(good)); err != nil {
			t.Fatalf("%s: the token that the others are made from is refused: %v", name, err)
		}

		attacks := kind.forger.attacks()
		if name == "EdDSA" { // what everybody knows, taken for a secret
			attacks["HS256 by the public key"] = kind.forger.sign(jwt.SigningMethodHS256, []byte(raw), good)
			attacks["HS256 by the public key in PEM"] = kind.forger.sign(jwt.SigningMethodHS256, []byte(public), good)
		}

		for attack, text := range attacks {
			t.Run(name+"/"+attack, func(t *testing.T) {
				for range 2 {
					if v, err := s.Verify(t.Context(), text); fault.CodeOf(err) != fault.Unauthenticated || v != (account.Viewer{}) {
						t.Errorf("want UNAUTHENTICATED, got %+v, %v", v, err)
					}
				}
			})
		}
	}
}

// With keys of both kinds a token is verified by the algorithm of the key that it names, not by one that another key has.
func TestAKeyIsUsedWithItsOwnAlgorithmOnly(t *testing.T) {
	private, _, key := pair(t)
	raw, _ := key.Public().(ed25519.PublicKey)
	s := signer(t, at(1), private, secret)
	forge := forger{t, parsed(t, private).ID(), []byte(raw), jwt.SigningMethodHS256}

	if v, err := s.Verify(t.Context(), forge.claims(good)); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("HS256 under the id of an Ed25519 key: got %+v, %v", v, err)
	}

	forge = forger{t, parsed(t, secret).ID(), key, jwt.SigningMethodEdDSA}

	if v, err := s.Verify(t.Context(), forge.claims(good)); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("EdDSA under the id of a secret: got %+v, %v", v, err)
	}
}

func TestTokensAreForTheirIssuerAndAudience(t *testing.T) {
	keys, err := token.NewKeys(parsed(t, secret))
	if err != nil {
		t.Fatal(err)
	}

	of := func(issuer, audience string) *token.Signer {
		return token.NewSigner(keys, token.Config{Issuer: issuer, Audience: audience, Now: at(1)})
	}

	text, err := of("https://one.example", "api").Sign(account.Viewer{Subject: "u", Role: account.User}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := of("https://one.example", "api").Verify(t.Context(), text); err != nil {
		t.Error(err)
	}

	for _, other := range []*token.Signer{of("", ""), of("https://one.example", ""), of("", "api"), of("https://one.example/", "api")} {
		if v, err := other.Verify(t.Context(), text); fault.CodeOf(err) != fault.Unauthenticated {
			t.Errorf("want UNAUTHENTICATED, got %+v, %v", v, err)
		}
	}
}

func TestATokenThatWouldBeRefusedIsNotSigned(t *testing.T) {
	if _, err := signer(t, at(0), secret).Sign(account.Viewer{Subject: strings.Repeat("s", 4000), Role: account.User}, time.Hour); err == nil {
		t.Error("want an error")
	}
}

// tampered returns the token with another subject and the old signature.
func tampered(t testing.TB, text string) string {
	t.Helper()

	parts := strings.Split(text, ".")

	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}

	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), `"sub":"u"`, `"sub":"v"`, 1)))

	return strings.Join(parts, ".")
}

// strayBits returns the token with a last character that stands for the same bytes: a second spelling of one token.
func strayBits(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

	last := strings.IndexByte(alphabet, text[len(text)-1])

	return text[:len(text)-1] + string(alphabet[last^1])
}
