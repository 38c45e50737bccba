package edge

import (
	"strconv"
	"strings"
)

// negotiate returns which of the codings, the preferred one first, an Accept-Encoding header asks for (RFC 9110, section 12.5.3): the one of the highest
// quality. It is -1 when none is taken, or is wanted less than the plain form.
func negotiate(header string, codings []coding) int {
	if header == "" {
		return -1
	}

	best, bestQuality := -1, 0.0

	for i := range codings {
		if q := quality(header, codings[i].name); q > bestQuality {
			best, bestQuality = i, q
		}
	}

	if plain, named := named(header, "identity"); named && plain > bestQuality {
		return -1
	}

	return best
}

// quality returns how much a header wants a coding, 0 to 1.
func quality(header, name string) float64 {
	if q, found := named(header, name); found {
		return q
	}

	q, _ := named(header, "*")

	return q
}

// named returns the quality of a coding that a header names. A quality that is no number wants nothing.
func named(header, name string) (float64, bool) {
	for part := range strings.SplitSeq(header, ",") {
		coding, parameter, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); !strings.EqualFold(coding, name) && (name != "gzip" || !strings.EqualFold(coding, "x-gzip")) {
			continue
		}

		parameter = strings.TrimSpace(parameter)
		if parameter == "" {
			return 1, true
		}

		key, value, _ := strings.Cut(parameter, "=")

		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if !strings.EqualFold(strings.TrimSpace(key), "q") || err != nil || !(q >= 0 && q <= 1) {
			return 0, true
		}

		return q, true
	}

	return 0, false
}

// compressible tells whether a media type is text: what is not is compressed already, or small.
func compressible(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))

	switch mediaType {
	case "application/json", "application/javascript", "application/xml", "application/manifest+json", "image/svg+xml", "multipart/mixed":
		return true
	}

	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "+json") || strings.HasSuffix(mediaType, "+xml")
}
