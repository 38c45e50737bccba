package relay

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// opaque returns the form in which ids and cursors go out.
func opaque(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// readOpaque is its inverse; false for what opaque never wrote, and for what is longer than maxChars. The text can be looked for in a database: it is UTF-8 without
// null characters.
func readOpaque(written string, maxChars int) (text string, ok bool) {
	// Go's decoder passes over line ends, also when it is strict, so that one object would have several ids.
	if len(written) > maxChars || strings.ContainsAny(written, "\r\n") {
		return "", false
	}

	raw, err := base64.RawURLEncoding.Strict().DecodeString(written)
	text = string(raw)

	return text, err == nil && utf8.ValidString(text) && !strings.Contains(text, "\x00")
}
