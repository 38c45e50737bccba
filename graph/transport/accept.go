package transport

import (
	"mime"
	"strconv"
	"strings"
)

const (
	responseJSON = "application/graphql-response+json"
	plainJSON    = "application/json"
	multipart    = "multipart/mixed"
	eventStream  = "text/event-stream"

	// deferSpec is the version of incremental delivery that is spoken: that of 24 August 2022, which Apollo Client and urql understand.
	deferSpec = "20220824"
)

// acceptable is what a client takes for an answer.
type acceptable struct {
	mediaType string // responseJSON or plainJSON; empty for neither
	plain     bool   // plainJSON is among what it takes
	parts     bool   // it takes the answer in parts, as multipart/mixed
}

// negotiate reads the Accept headers. Who names nothing gets application/json.
func negotiate(accept []string) acceptable {
	if len(accept) == 0 {
		return acceptable{mediaType: plainJSON, plain: true}
	}

	var a acceptable

	for header := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(strings.TrimSpace(header))
		if charset := parameters["charset"]; err != nil || parameters["q"] == "0" || charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}

		switch mediaType {
		case responseJSON:
			a.mediaType = responseJSON
		case plainJSON, "application/*", "*/*":
			a.plain = true
		case multipart:
			a.parts = a.parts || speaksOurs(parameters)
		}
	}

	if a.mediaType == "" && (a.plain || a.parts) { // who takes parts takes JSON in them
		a.mediaType = plainJSON
	}

	return a
}

// speaksOurs tells whether multipart/mixed with those parameters is what we write: of our version, or of none that is named.
func speaksOurs(parameters map[string]string) bool {
	version, named := parameters["deferspec"]

	for name := range parameters {
		if name != "deferspec" && strings.HasSuffix(name, "spec") { // incrementalSpec, subscriptionSpec
			return false
		}
	}

	return !named || version == deferSpec
}

// wantsEvents tells whether Accept headers ask for text/event-stream: by its name, and no less than any form of JSON or parts. What is wanted as much as another is
// wanted more when it comes first.
func wantsEvents(accept []string) bool {
	wanted, most := "", 0.0

	for header := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(strings.TrimSpace(header))
		if err != nil {
			continue
		}

		quality := 1.0
		if text, given := parameters["q"]; given {
			if quality, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}

		if quality > most {
			wanted, most = mediaType, quality
		}
	}

	return wanted == eventStream
}
