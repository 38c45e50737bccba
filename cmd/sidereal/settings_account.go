package main

// accountConfig is the settings of accounts: sessions, passwords, keys.
type accountConfig struct{}

// accountSettings are their rows of the table.
var accountSettings = []setting{}
