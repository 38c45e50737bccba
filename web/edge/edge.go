// Package edge is what stands between the internet and the handlers: it knows nothing of GraphQL.
//
// From the outside in: the client's address, the request's id, its line in the log and its panics; headers that guard a browser; which pages of other origins
// may ask; compression. A WebSocket passes all of it but the compression.
package edge

import (
	"log/slog"
	"net/http"
	"time"

	"sidereal/fault"
)

// Config is how the edge treats requests. Its zero value believes no proxy, lets pages of its own origin ask only, and compresses nothing.
type Config struct {
	Log          *slog.Logger // nil discards
	Proxies      Proxies
	Origins      Origins
	CORSMaxAge   time.Duration // for which a browser keeps the answer to a preflight
	HSTSMaxAge   time.Duration // 0 sends no Strict-Transport-Security
	WriteTimeout time.Duration // for which a client may leave a write unread; 0 waits for ever
	Compression  *Compression  // nil for none

	// Refuse answers a request that no page may make; nil answers with 403 and a line of text.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
}

// Handler puts the edge before a handler.
func Handler(cfg Config, next http.Handler) http.Handler {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}

	if cfg.Refuse == nil {
		cfg.Refuse = func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusForbidden)
		}
	}

	if cfg.Compression != nil {
		next = cfg.Compression.Handler(next)
	}

	return cfg.record(cfg.guard(cfg.share(cfg.protect(next))))
}

// errForeign is why a page of another origin is refused.
var errForeign = fault.New(fault.Forbidden, "a page of this origin may not ask: the operator names those that may")
