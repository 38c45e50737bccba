package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"sidereal/atlas"
)

// Birth is when and where a chart is cast, after the local clock was resolved to an instant.
type Birth struct {
	// Instant is in UTC, in whole seconds. By the astrologers' convention its calendar reading is taken as UT1: civil time minus the
	// zone's offset, without a leap-second step. When the time is unknown it is 12:00 of the local day.
	Instant time.Time
	// TimeKnown says whether the time of day is known. Without it there are no houses and no angles.
	TimeKnown bool
	// Zone is the IANA name of the time zone, "America/New_York".
	Zone string
	// UTCOffset is the offset of the local clock from UT at the instant, east positive, in whole seconds.
	UTCOffset time.Duration
	// Latitude and Longitude are degrees, north and east positive, rounded to 1e-4 degree (about 11 m).
	Latitude, Longitude float64
	// PlaceName is the caller's name of the place; may be empty. It is no part of the chart's identity.
	PlaceName string

	// The following say where the birth data come from; they are no part of the chart's identity, and their zero values are what births have that were
	// stored before there was anything else.

	Calendar    atlas.Calendar // that the date was given in; Instant and Local are Gregorian
	PlaceSource PlaceSource
	PlaceID     string // of the place in its source; empty for coordinates
	ZoneSource  ZoneSource
	// ZoneDistance is how far the place is that a looked-up zone was taken from, in kilometres.
	ZoneDistance float64

	// PlaceNote is a sentence about what else the caller could have meant by the place, and PlaceDoubt says that it lowers the confidence. They belong to the
	// call that found the place, and are not stored.
	PlaceNote  string
	PlaceDoubt bool
}

// coordinateSteps is how many steps a degree of latitude or longitude has in the chart's identity.
const coordinateSteps = 1e4

// RoundCoordinate rounds a latitude or longitude in degrees to the step of 1e-4 degree that charts are identified by.
func RoundCoordinate(degrees float64) float64 {
	return math.Round(degrees*coordinateSteps)/coordinateSteps + 0 // + 0 turns -0 into 0
}

// Local returns the reading of the local clock at birth, in a fixed zone of the birth's offset.
func (b Birth) Local() time.Time {
	return b.Instant.In(time.FixedZone(b.Zone, int(b.UTCOffset/time.Second)))
}

// Hash is the identity of a chart: 64 lower-case hexadecimal digits.
type Hash string

// Canonical returns the text of what decides a chart: the instant (UT, to the second), the coordinates rounded to 1e-4 degree and whether the time is
// known. Zone, place name and the person's name are no part of it.
func (b Birth) Canonical() string {
	return fmt.Sprintf("%s %+.4f %+.4f %t", b.Instant.UTC().Format("2006-01-02T15:04:05Z"),
		RoundCoordinate(b.Latitude), RoundCoordinate(b.Longitude), b.TimeKnown)
}

// Hash returns the SHA-256 of the canonical text.
func (b Birth) Hash() Hash {
	sum := sha256.Sum256([]byte(b.Canonical()))

	return Hash(hex.EncodeToString(sum[:]))
}

// ParseHash checks the form of a hash from outside.
func ParseHash(text string) (Hash, bool) {
	if len(text) != 2*sha256.Size {
		return "", false
	}

	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
	}

	return Hash(text), true
}
