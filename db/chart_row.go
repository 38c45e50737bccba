package db

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sidereal/atlas"
	"sidereal/chart"
)

// chartRow is a row of the table chart. Instants are whole numbers since 1970 in UTC, alike in both databases.
type chartRow struct {
	bun.BaseModel `bun:"table:chart"`

	Hash             string  `bun:"hash,pk"`
	InstantSeconds   int64   `bun:"instant_s"`
	TimeKnown        bool    `bun:"time_known"`
	Zone             string  `bun:"zone"`
	UTCOffsetSeconds int32   `bun:"utc_offset_s"`
	Latitude         float64 `bun:"latitude"`
	Longitude        float64 `bun:"longitude"`
	PlaceName        string  `bun:"place_name"`
	CalculatedMicros int64   `bun:"calculated_at_us"`
	Calendar         string  `bun:"calendar"`
	PlaceSource      string  `bun:"place_source"`
	PlaceID          string  `bun:"place_id"`
	ZoneSource       string  `bun:"zone_source"`
	ZoneDistanceKm   float64 `bun:"zone_distance_km"`
}

// chartColumns are the columns of a chartRow.
var chartColumns = []string{
	"hash", "instant_s", "time_known", "zone", "utc_offset_s", "latitude", "longitude", "place_name", "calculated_at_us",
	"calendar", "place_source", "place_id", "zone_source", "zone_distance_km",
}

// The words that the domain's enumerations are stored as; those of the API.
var (
	calendarWords    = [atlas.CalendarCount]string{"GREGORIAN", "JULIAN"}
	placeSourceWords = [chart.PlaceSourceCount]string{"COORDINATES", "GAZETTEER", "GEOCODER"}
	zoneSourceWords  = [chart.ZoneSourceCount]string{"GIVEN", "LOOKED_UP"}
)

// indexOf returns the place of a word among the words, 0 when it is none of them.
func indexOf(words []string, word string) int { return max(0, slices.Index(words, word)) }

func newChartRow(r chart.Record) *chartRow {
	return &chartRow{
		Hash:             string(r.Hash),
		InstantSeconds:   r.Birth.Instant.Unix(),
		TimeKnown:        r.Birth.TimeKnown,
		Zone:             r.Birth.Zone,
		UTCOffsetSeconds: int32(r.Birth.UTCOffset / time.Second),
		Latitude:         r.Birth.Latitude,
		Longitude:        r.Birth.Longitude,
		PlaceName:        r.Birth.PlaceName,
		CalculatedMicros: r.CalculatedAt.UnixMicro(),
		Calendar:         calendarWords[r.Birth.Calendar],
		PlaceSource:      placeSourceWords[r.Birth.PlaceSource],
		PlaceID:          r.Birth.PlaceID,
		ZoneSource:       zoneSourceWords[r.Birth.ZoneSource],
		ZoneDistanceKm:   r.Birth.ZoneDistance,
	}
}

func (r *chartRow) record() chart.Record {
	return chart.Record{
		Hash: chart.Hash(r.Hash),
		Birth: chart.Birth{
			Instant:   time.Unix(r.InstantSeconds, 0).UTC(),
			TimeKnown: r.TimeKnown,
			Zone:      r.Zone,
			UTCOffset: time.Duration(r.UTCOffsetSeconds) * time.Second,
			Latitude:  r.Latitude,
			Longitude: r.Longitude,
			PlaceName: r.PlaceName,

			Calendar:     atlas.Calendar(indexOf(calendarWords[:], r.Calendar)),
			PlaceSource:  chart.PlaceSource(indexOf(placeSourceWords[:], r.PlaceSource)),
			PlaceID:      r.PlaceID,
			ZoneSource:   chart.ZoneSource(indexOf(zoneSourceWords[:], r.ZoneSource)),
			ZoneDistance: r.ZoneDistanceKm,
		},
		CalculatedAt: time.UnixMicro(r.CalculatedMicros).UTC(),
	}
}

// ceilSeconds returns the first whole second that is not before t: births are in whole seconds.
func ceilSeconds(t time.Time) int64 {
	seconds := t.Unix()
	if t.Nanosecond() > 0 {
		seconds++
	}

	return seconds
}
