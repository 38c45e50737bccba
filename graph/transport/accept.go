package transport

import (
	"mime"
	"strings"
)

const (
	responseJSON = "application/graphql-response+json"
	plainJSON    = "application/json"
	multipart    = "multipart/mixed"

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
