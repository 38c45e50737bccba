package main

// limitConfig is the settings of limits of what a client may ask for.
type limitConfig struct{}

// limitSettings are their rows of the table.
var limitSettings = []setting{}
