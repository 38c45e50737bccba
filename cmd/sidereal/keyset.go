package main

import (
	"net/http"
	"strconv"
	"time"

	"sidereal/account/token"
)

const (
	keySetPath = "/.well-known/jwks.json"
	// keySetAge is how long others may keep the key set. A key is announced so long before it signs, as docs/accounts.md says.
	keySetAge = 5 * time.Minute
)

// keySet serves the public keys (RFC 7517, section 8.5, names the media type).
func keySet(keys *token.Keys) http.Handler {
	body := keys.JWKS()

	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(keySetAge.Seconds())))

		_, _ = w.Write(body) // the client may be gone
	})
}
