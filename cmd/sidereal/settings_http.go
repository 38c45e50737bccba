package main

// httpConfig is the settings of HTTP: what the edge and the transports do.
type httpConfig struct{}

// httpSettings are their rows of the table.
var httpSettings = []setting{}
