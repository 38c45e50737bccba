package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sidereal/atlas"
	"sidereal/fault"
)

// Disambiguation says what becomes of a local time that clocks showed twice or never.
type Disambiguation uint8

// The ways to deal with such a time; they are named as in ECMAScript's Temporal.
const (
	Reject Disambiguation = iota
	Earlier
	Later
	DisambiguationCount = iota
)

var disambiguationNames = [DisambiguationCount]string{"rejected", "earlier", "later"}

// String returns the choice in English.
func (d Disambiguation) String() string { return disambiguationNames[d] }

// The years that charts are cast for, by the local date.
const (
	FirstYear = 1800
	LastYear  = 2399
)

// maxPlaceName is how many characters the name of a place may have.
const maxPlaceName = 200

// Input is a birth as somebody gives it.
type Input struct {
	Date                atlas.Date
	Calendar            atlas.Calendar // that the date is written in
	Clock               *atlas.Clock   // nil when the time is unknown
	Latitude, Longitude float64        // degrees, north and east positive
	Zone                string         // IANA name
	PlaceName           string
	Disambiguation      Disambiguation
	By                  string // the id of the account that asks; empty for nobody

	// Sought is the place where it is not given by coordinates; Placed finds it.
	Sought Sought

	// Set by whoever found the place; the zero values stand for coordinates and a zone from the caller.

	PlaceSource  PlaceSource
	PlaceID      string
	ZoneSource   ZoneSource
	ZoneDistance float64 // kilometres to the place that a looked-up zone was taken from
	PlaceNote    string  // as Birth has them
	PlaceDoubt   bool
}

// Possible is an instant that a local time may stand for, as the error about it lists them.
type Possible struct {
	Instant          time.Time `json:"instant"`
	UTCOffsetSeconds int       `json:"utcOffsetSeconds"`
	Abbreviation     string    `json:"abbreviation"`
	Disambiguation   string    `json:"disambiguation"` // the value that chooses it
}

// Resolve checks the input and finds the instant that it stands for. Bad input is a VALIDATION_FAILED fault that names the field by its path in
// the input; an ambiguous or skipped local time carries the possible instants in the detail "candidates", a []Possible.
func (in Input) Resolve(zones *atlas.Zones) (Birth, error) {
	if err := in.check(); err != nil {
		return Birth{}, err
	}

	loc, err := in.location(zones)
	if err != nil {
		return Birth{}, err
	}

	birth := Birth{
		TimeKnown: in.Clock != nil,
		Zone:      in.Zone,
		Latitude:  RoundCoordinate(in.Latitude),
		Longitude: RoundCoordinate(in.Longitude),
		PlaceName: strings.TrimSpace(in.PlaceName),

		Calendar:     in.Calendar,
		PlaceSource:  in.PlaceSource,
		PlaceID:      in.PlaceID,
		ZoneSource:   in.ZoneSource,
		ZoneDistance: in.ZoneDistance,
		PlaceNote:    in.PlaceNote,
		PlaceDoubt:   in.PlaceDoubt,
	}

	clock := atlas.Noon
	if in.Clock != nil {
		clock = *in.Clock
	}

	chosen, err := in.choose(atlas.Resolve(loc, in.gregorian(), clock, birth.Longitude))
	if err != nil {
		return Birth{}, err
	}

	birth.Instant, birth.UTCOffset = chosen.Instant, chosen.Offset.East

	return birth, nil
}

// inCoordinates begins the names of fields of a place.
const inCoordinates = "place.coordinates."

func (in Input) check() error {
	year := in.gregorian().Year

	switch {
	case in.Date.Year >= 1 && !in.Calendar.Has(in.Date):
		return fault.Invalid("date", "%s is no day of the %s calendar", in.Date, in.Calendar)
	case year < FirstYear || year > LastYear:
		return fault.Invalid("date", "%s is outside the years that charts are cast for, %d-01-01 to %d-12-31", in.Date, FirstYear, LastYear)
	case !(math.Abs(in.Latitude) <= 90): // so that NaN is refused too
		return fault.Invalid(inCoordinates+"latitude", "a latitude is -90 to 90 degrees, not %g", in.Latitude)
	case !(math.Abs(in.Longitude) <= 180):
		return fault.Invalid(inCoordinates+"longitude", "a longitude is -180 to 180 degrees, not %g", in.Longitude)
	}

	if name := in.PlaceName; !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxPlaceName || strings.ContainsFunc(name, unicode.IsControl) {
		return fault.Invalid(inCoordinates+"name", "a place's name is at most %d characters, without control characters", maxPlaceName)
	}

	return nil
}

// gregorian returns the Gregorian name of the date of birth.
func (in Input) gregorian() atlas.Date { return in.Calendar.ToGregorian(in.Date) }

func (in Input) location(zones *atlas.Zones) (*time.Location, error) {
	const field = inCoordinates + "timeZone"

	if in.Zone == "" {
		return nil, fault.Invalid(field, `the IANA name of the time zone is needed, such as "America/New_York"`)
	}

	loc, err := zones.Location(in.Zone)
	if errors.Is(err, atlas.ErrUnknownZone) {
		return nil, fault.Invalid(field, `%.64q is no IANA time zone; one is "America/New_York"`, in.Zone)
	}

	if err != nil {
		return nil, fmt.Errorf("chart: resolve birth: %w", err)
	}

	return loc, nil
}

// choose picks the instant, or refuses a reading that stands for none or for two.
func (in Input) choose(r atlas.Resolution) (atlas.Candidate, error) {
	first, last := r.Candidates[0], r.Candidates[len(r.Candidates)-1]

	switch {
	case len(r.Candidates) == 1 || in.Disambiguation == Earlier:
		return first, nil
	case in.Disambiguation == Later:
		return last, nil
	}

	const choice = `give disambiguation EARLIER for %s (UTC%s, %s) or LATER for %s (UTC%s, %s)`

	hint := fmt.Sprintf(choice, first.Instant.Format(time.RFC3339), formatOffset(first.Offset.East), first.Offset.Abbreviation,
		last.Instant.Format(time.RFC3339), formatOffset(last.Offset.East), last.Offset.Abbreviation)

	what := "was shown twice in %s, because the clocks were set back"
	if r.Skipped {
		what = "was never shown in %s, because the clocks were set forward over it"
	}

	field, reading := "date", in.Date.String()
	if in.Calendar != atlas.Gregorian {
		reading += fmt.Sprintf(" (%s; %s Gregorian)", in.Calendar, in.gregorian())
	}

	if in.Clock != nil {
		field, reading = "time", reading+" "+in.Clock.String()
	}

	return atlas.Candidate{}, fault.Invalid(field, "%s "+what+"; %s", reading, in.Zone, hint).
		WithDetail("candidates", []Possible{possible(first, "EARLIER"), possible(last, "LATER")})
}

func possible(c atlas.Candidate, disambiguation string) Possible {
	return Possible{
		Instant:          c.Instant,
		UTCOffsetSeconds: int(c.Offset.East / time.Second),
		Abbreviation:     c.Offset.Abbreviation,
		Disambiguation:   disambiguation,
	}
}

// formatOffset writes an offset from UT as +05:30, with seconds where it has some.
func formatOffset(east time.Duration) string {
	sign := '+'
	if east < 0 {
		sign, east = '-', -east
	}

	text := fmt.Sprintf("%c%02d:%02d", sign, int(east.Hours()), int(east.Minutes())%60)
	if s := int(east.Seconds()) % 60; s != 0 {
		text += fmt.Sprintf(":%02d", s)
	}

	return text
}
