package relay

import (
	"encoding/base64"
	"strings"
)

// opaque returns the form in which ids and cursors go out.
func opaque(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// readOpaque is its inverse; false for what opaque never wrote, and for what is longer than maxChars.
func readOpaque(written string, maxChars int) (text string, ok bool) {
	// Go's decoder passes over line ends, also when it is strict, so that one object would have several ids.
	if len(written) > maxChars || strings.ContainsAny(written, "\r\n") {
		return "", false
	}

	raw, err := base64.RawURLEncoding.Strict().DecodeString(written)

	return string(raw), err == nil
}
