package edge

import (
	"net/http"
	"testing"
)

func origins(t testing.TB, list string) Origins {
	t.Helper()

	o, err := ParseOrigins(list)
	if err != nil {
		t.Fatal(err)
	}

	return o
}

func TestOriginsAreWhatTheOperatorNames(t *testing.T) {
	const list = "https://app.example.org, https://*.example.com, http://*.dev.example.net:8080, https://shop.example.org:443, capacitor://localhost"

	for origin, want := range map[string]bool{
		"https://app.example.org":           true,
		"HTTPS://APP.example.org":           true,
		"http://app.example.org":            false,
		"https://app.example.org:8443":      false,
		"https://app.example.org.evil.net":  false,
		"https://evil-app.example.org":      false,
		"https://shop.example.org":          true,
		"capacitor://localhost":             true,
		"https://a.example.com":             true,
		"https://a.b.example.com":           true,
		"https://example.com":               false,
		"https://.example.com":              false,
		"https://evilexample.com":           false,
		"https://a.example.com.evil.net":    false,
		"https://evil.net/a.example.com":    false,
		"https://evil.net:80@a.example.com": false,
		"https://evil.net#.example.com":     false,
		"https://a..example.com":            false,
		"http://x.dev.example.net:8080":     true,
		"http://x.dev.example.net":          false,
		"http://localhost:3000":             false,
		"null":                              false,
		"":                                  false,
	} {
		if got := origins(t, list).Allow(origin); got != want {
			t.Errorf("%q: want %t, got %t", origin, want, got)
		}
	}
}

func TestOriginsOfThisMachine(t *testing.T) {
	for origin, want := range map[string]bool{
		"http://localhost:5173": true, "https://localhost": true, "http://127.0.0.1:3000": true, "http://127.8.0.1": true, "http://[::1]:80": true,
		"http://app.localhost:3000": true, "http://localhost.evil.net": false, "http://127.0.0.1.evil.net": false, "http://evil.net": false, "null": false,
		"http://localhost:80@evil.net": false, "http://10.0.0.1": false,
	} {
		if got := LocalOrigins().Allow(origin); got != want {
			t.Errorf("%q: want %t, got %t", origin, want, got)
		}
	}
}

func TestListsOfOriginsAreChecked(t *testing.T) {
	for _, list := range []string{
		"app.example.org", "https://app.example.org/", "https://app.example.org/path", "https://*", "https://*.org", "https://a.*.example.org",
		"https://*.*.example.org", "https://*evil.org", "https://u:p@example.org", "https://", "null", "https://a.example.org https://b.example.org",
	} {
		if _, err := ParseOrigins(list); err == nil {
			t.Errorf("%q is taken", list)
		}
	}
}

func TestSocketsAreOpenedByPagesThatMay(t *testing.T) {
	for origin, want := range map[string]bool{
		"": true, "https://api.example.org": true, "http://API.example.org": true, "https://app.example.org": true, "https://evil.net": false, "null": false,
		"https://api.example.org.evil.net": false, "https://api.example.org:8443": false,
	} {
		r := &http.Request{Host: "api.example.org", Header: http.Header{}}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}

		if got := origins(t, "https://app.example.org").AllowRequest(r); got != want {
			t.Errorf("%q: want %t, got %t", origin, want, got)
		}
	}
}

// No text is an origin that a star stands for unless its host ends as the pattern's does.
func FuzzParseOrigins(f *testing.F) {
	f.Add("https://*.example.org", "https://a.example.org")
	f.Add("*", "null")
	f.Add("http://[::1]:3000", "http://[::1]:3000")

	f.Fuzz(func(t *testing.T, list, origin string) {
		o, err := ParseOrigins(list)
		if err != nil {
			return
		}

		if o.Allow("https://evil.invalid") && !o.all && !o.exact["https://evil.invalid"] {
			t.Errorf("%q allows any origin", list)
		}

		o.Allow(origin)
		LocalOrigins().Allow(origin)
	})
}
