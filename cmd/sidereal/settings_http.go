package main

import "slices"

// httpConfig is the settings of HTTP: what the edge and the transports do.
type httpConfig struct {
	Documents documentConfig
}

// httpSettings are their rows of the table.
var httpSettings = slices.Concat(documentSettings)
