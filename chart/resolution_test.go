package chart_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// historic is a row of testdata/historic_times.csv, by the names of its columns.
type historic map[string]string

func readHistoric(t *testing.T) []historic {
	t.Helper()

	file, err := os.Open("testdata/historic_times.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 40 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}

	cases := make([]historic, 0, len(rows))

	for _, row := range rows[1:] {
		c := make(historic)
		for i, column := range rows[0] {
			c[column] = row[i]
		}

		cases = append(cases, c)
	}

	return cases
}

// input makes the input of a row.
func (h historic) input(t *testing.T) chart.Input {
	t.Helper()

	in := inputAt(t, h["date"], h["time"], h["zone"])
	in.Latitude, in.Longitude = parseFloat(t, h["latitude"]), parseFloat(t, h["longitude"])
	in.Disambiguation = map[string]chart.Disambiguation{"": chart.Reject, "earlier": chart.Earlier, "later": chart.Later}[h["disambiguation"]]

	if h["calendar"] == "Julian" {
		in.Calendar = atlas.Julian
	}

	return in
}

func TestHistoricTimesAreResolvedAndSayHow(t *testing.T) {
	zones := openZones(t)

	for _, h := range readHistoric(t) {
		t.Run(h["name"], func(t *testing.T) {
			birth, err := h.input(t).Resolve(zones)
			if err != nil {
				t.Fatal(err)
			}

			r := birth.Resolution(zones)
			got := historic{
				"offset": strings.TrimSuffix(birth.Local().Format("-07:00:00"), ":00"), "abbreviation": r.Abbreviation, "rule": r.Rule.String(), "calendar": r.Calendar.String(),
				"ambiguous": yes(r.Ambiguous), "skipped": yes(r.Skipped), "confidence": r.Confidence.String(), "disambiguation": "",
			}
			if r.Offset != birth.UTCOffset {
				t.Errorf("want the birth's offset %s, got %s", birth.UTCOffset, r.Offset)
			}

			if r.Disambiguation != chart.Reject {
				got["disambiguation"] = r.Disambiguation.String()
			}

			for column, value := range got {
				if value != h[column] {
					t.Errorf("%s: want %q, got %q", column, h[column], value)
				}
			}

			if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, h["note"]) {
				t.Errorf("want a note of %q, got %q", h["note"], notes)
			}
		})
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}

	return ""
}

func TestBothDatesOfAJulianBirthAreKept(t *testing.T) {
	in := inputAt(t, "1900-02-29", "12:00", "Europe/Moscow") // a day that the Gregorian calendar does not have
	in.Calendar, in.Latitude, in.Longitude = atlas.Julian, 55.7558, 37.6173

	birth, err := in.Resolve(openZones(t))
	if err != nil {
		t.Fatal(err)
	}

	r := birth.Resolution(openZones(t))
	if want := (atlas.Date{Year: 1900, Month: time.February, Day: 29}); r.JulianDate == nil || *r.JulianDate != want {
		t.Errorf("want the Julian date %s, got %v", want, r.JulianDate)
	}

	if want := (atlas.Date{Year: 1900, Month: time.March, Day: 13}); r.Date != want || atlas.DateOf(birth.Local()) != want {
		t.Errorf("want the Gregorian date %s, got %s", want, r.Date)
	}

	gregorian := inputAt(t, "1900-03-13", "12:00", "Europe/Moscow")
	gregorian.Latitude, gregorian.Longitude = 55.7558, 37.6173

	if same, err := gregorian.Resolve(openZones(t)); err != nil || same.Hash() != birth.Hash() {
		t.Errorf("want one chart by both calendars, got %s and %s, %v", birth.Hash(), same.Hash(), err)
	}
}

func TestDaysThatACalendarLacksAreRefused(t *testing.T) {
	if _, err := atlas.ParseDate("1900-02-30"); err == nil {
		t.Error("30 February 1900 is a day of no calendar; Sweden's was in 1712")
	}

	for date, calendar := range map[string]atlas.Calendar{"1900-02-29": atlas.Gregorian, "1799-12-20": atlas.Julian, "1799-12-31": atlas.Gregorian} {
		in := inputAt(t, date, "12:00", "Europe/Moscow")
		in.Calendar = calendar

		f, ok := fault.As(errOf(in.Resolve(openZones(t))))
		if !ok || f.Field != "date" {
			t.Errorf("%s %s: want a fault of the date, got %v", date, calendar, f)
		}
	}

	first := inputAt(t, "1799-12-21", "12:00", "UTC") // 1800-01-01
	first.Calendar = atlas.Julian

	if _, err := first.Resolve(openZones(t)); err != nil {
		t.Errorf("the first day by the Julian calendar: %v", err)
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestSourcesAreKeptAndLookedUpZonesLowerTheConfidence(t *testing.T) {
	for distance, want := range map[float64]chart.Confidence{3: chart.High, 180: chart.Medium, 900: chart.Low} {
		in := inputAt(t, "1990-01-15", "10:30", "America/New_York")
		in.PlaceSource, in.PlaceID = chart.PlaceFromGazetteer, "geonames:5128581"
		in.ZoneSource, in.ZoneDistance = chart.ZoneLookedUp, distance

		birth, err := in.Resolve(openZones(t))
		if err != nil {
			t.Fatal(err)
		}

		r := birth.Resolution(openZones(t))
		if r.Confidence != want || r.PlaceSource != chart.PlaceFromGazetteer || r.ZoneSource != chart.ZoneLookedUp || birth.PlaceID != in.PlaceID {
			t.Errorf("%g km: want %s, got %+v", distance, want, r)
		}

		if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "nearest known place") }) {
			t.Errorf("%g km: got notes %q", distance, r.Notes)
		}
	}
}

func TestZonesThatTheDatabaseDoesNotKnowAreSaid(t *testing.T) {
	birth := chart.Birth{Instant: time.Date(1990, 1, 15, 15, 30, 0, 0, time.UTC), TimeKnown: true, Zone: "Mars/Olympus", UTCOffset: -5 * time.Hour}

	if r := birth.Resolution(openZones(t)); r.Confidence != chart.Low || len(r.Notes) == 0 || r.Offset != birth.UTCOffset {
		t.Errorf("an unknown zone: got %+v", r)
	}

	birth.Zone = "Asia/Tokyo" // whose offset was never that
	if r := birth.Resolution(openZones(t)); r.Confidence != chart.Medium || !strings.Contains(strings.Join(r.Notes, "\n"), "when the chart was calculated") {
		t.Errorf("another offset: got %+v", r)
	}
}

func TestOrdinaryBirthsAreOfHighConfidenceAndQuiet(t *testing.T) {
	birth, err := inputAt(t, "1990-01-15", "10:30", "America/New_York").Resolve(openZones(t))
	if err != nil {
		t.Fatal(err)
	}

	if r := birth.Resolution(openZones(t)); r.Confidence != chart.High || len(r.Notes) != 0 {
		t.Errorf("got %+v", r)
	}
}

func BenchmarkResolution(b *testing.B) {
	zones := openZones(b)

	birth, err := inputAt(b, "1955-07-15", "10:30", "America/New_York").Resolve(zones)
	if err != nil {
		b.Fatal(err)
	}

	b.ReportAllocs()

	for b.Loop() {
		birth.Resolution(zones)
	}
}
