package web

import (
	"net/http"
	"strconv"
	"strings"
)

// serve answers a GET or HEAD with the file.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache") // ask each time; the tag makes the answer short

	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}

	// Workers are held to the policy that comes with their own script.
	h.Set("Content-Security-Policy", contentSecurityPolicy)

	if f.page {
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}

	zipped := acceptsGzip(r.Header.Get("Accept-Encoding"))

	tag := `"` + f.etag + `-plain"`
	if zipped {
		tag = `"` + f.etag + `"`
	}

	h.Set("ETag", tag)

	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)

		return
	}

	body := f.gzipped
	if zipped {
		h.Set("Content-Encoding", "gzip")
	} else {
		body = inflate(f.gzipped)
	}

	h.Set("Content-Length", strconv.Itoa(len(body)))

	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	accepted := false

	for part := range strings.SplitSeq(header, ",") {
		coding, parameter, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		quality, hasQuality := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
		q, err := strconv.ParseFloat(quality, 64)
		wanted := !hasQuality || err == nil && q > 0

		if coding == "gzip" {
			return wanted
		}

		accepted = accepted || coding == "*" && wanted
	}

	return accepted
}

// matches reads an If-None-Match header, which compares weakly (RFC 9110, section 13.1.2).
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}

	return false
}
