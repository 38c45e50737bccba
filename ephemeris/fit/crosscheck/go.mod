module sidereal/ephemeris/fit/crosscheck

go 1.26.0

require sidereal v0.0.0

require github.com/anupshinde/goeph v0.1.0

replace sidereal => ../../..
