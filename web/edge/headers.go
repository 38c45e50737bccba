package edge

import (
	"net/http"
	"strconv"
)

// guarded are the headers of every answer, unless its handler says otherwise: nothing of it is rendered, framed, embedded, sniffed or kept.
var guarded = [][2]string{
	{"Cache-Control", "no-store"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
}

// guard sets the headers that make browsers careful.
func (cfg Config) guard(next http.Handler) http.Handler {
	values := make([][]string, len(guarded)) // shared by all answers: who changes a header replaces its slice
	for i, header := range guarded {
		values[i] = []string{header[1]}
	}

	strict := []string{"max-age=" + strconv.Itoa(int(cfg.HSTSMaxAge.Seconds()))}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for i, header := range guarded {
			h[header[0]] = values[i][:1:1]
		}

		if cfg.HSTSMaxAge > 0 && cfg.Proxies.Secure(r) {
			h["Strict-Transport-Security"] = strict[:1:1]
		}

		next.ServeHTTP(w, r)
	})
}
