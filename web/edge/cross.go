package edge

import (
	"net/http"

	"github.com/rs/cors"
)

// Headers that pages of allowed origins may send and read, beyond those that any page may.
var (
	sentHeaders = []string{
		"Accept", "Apollo-Require-Preflight", "Apollographql-Client-Name", "Apollographql-Client-Version", "Authorization", "Content-Type",
		"GraphQL-Require-Preflight", "Idempotency-Key", "If-None-Match", "Last-Event-ID", "Traceparent", "Tracestate", "X-Apollo-Operation-Name", "X-Request-ID",
	}
	readHeaders = []string{"ETag", "Retry-After", "WWW-Authenticate", "X-Request-ID"}
)

// share answers preflights and tells browsers which pages may read answers (CORS). Credentials of the browser's own are never allowed: there are no cookies,
// and a page sends its token itself.
func (cfg Config) share(next http.Handler) http.Handler {
	options := cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: sentHeaders,
		ExposedHeaders: readHeaders,
		MaxAge:         int(cfg.CORSMaxAge.Seconds()),
	}

	if cfg.Origins.all {
		options.AllowedOrigins = []string{"*"} // and the answer does not depend on who asks
	} else {
		options.AllowOriginFunc = cfg.Origins.Allow
	}

	return cors.New(options).Handler(next)
}

// protect refuses what a page of another origin makes a browser send without asking it first (CSRF): requests with an effect, by what the browser says of their
// origin, and loads of our answers as if they were pictures or scripts. What a browser says nothing about comes from no browser.
func (cfg Config) protect(next http.Handler) http.Handler {
	var protection http.CrossOriginProtection

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		allowed := origin != "" && cfg.Origins.Allow(origin)
		embedded := r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") == "no-cors"

		if !allowed && (embedded || protection.Check(r) != nil) {
			cfg.Refuse(w, r, errForeign)

			return
		}

		next.ServeHTTP(w, r)
	})
}
