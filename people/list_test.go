package people

import (
	"bytes"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// shipped returns the people of the shipped list, as an import reads them.
func shipped(t testing.TB) []Person {
	t.Helper()

	rows := newRecords(bytes.NewReader(shippedList))

	header, _, _, err := rows.next()
	if err != nil {
		t.Fatal(err)
	}

	at, err := newLayout(header)
	if err != nil {
		t.Fatal(err)
	}

	var all []Person

	for {
		fields, line, bad, err := rows.next()
		if err != nil {
			return all
		}

		p, reason := row{at, fields}.person(nil)
		if bad != nil || reason != nil || len(fields) != len(header) {
			t.Fatalf("line %d: %v, %v, %d fields", line, bad, reason, len(fields))
		}

		all = append(all, p)
	}
}

func TestTheShippedListIsWellFormed(t *testing.T) {
	caster, zones := casttest.Open(t)
	links, names := make(map[string]string), make(map[string]bool)
	people := shipped(t)
	timed, countries := 0, make(map[string]bool)

	for _, p := range people {
		c, err := (&Service{caster: caster, zones: zones}).Chart(p)
		if err != nil || c == nil {
			t.Errorf("%s: no chart: %v", p.Name, err)

			continue
		}

		for what, ok := range map[string]bool{
			"a person of our time":               !p.Date.At(p.Clock).After(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
			"a day of birth":                     !p.YearOnly,
			"a name of its own":                  !names[Fold(p.Name)],
			"a link of its own":                  links[p.Link] == "",
			"a link to an article":               isArticle(p.Link),
			"a place with a country":             p.Place.Name != "" && p.Place.Country != "",
			"an occupation":                      p.Occupation != "",
			"a source of the date":               p.DateSource != "",
			"a source of the time, if known":     p.TimeKnown == (p.TimeSource != ""),
			"a rating of the time, if known":     p.TimeKnown == (p.Rating != RatingX),
			"a zone that agrees with the place":  agrees(c),
			"coordinates that are not left at 0": math.Abs(p.Place.Latitude)+math.Abs(p.Place.Longitude) > 1,
		} {
			if !ok {
				t.Errorf("%s: want %s: %+v", p.Name, what, p)
			}
		}

		links[p.Link], names[Fold(p.Name)], countries[p.Place.Country] = p.Name, true, true

		if p.TimeKnown {
			timed++
		}
	}

	if len(people) < 250 || timed < 100 || len(countries) < 50 {
		t.Errorf("want 250 people, 100 with a time, 50 countries; got %d, %d, %d", len(people), timed, len(countries))
	}
}

func isArticle(link string) bool {
	u, err := url.Parse(link)

	return err == nil && u.Scheme == "https" && u.Host == "en.wikipedia.org" && strings.HasPrefix(u.Path, "/wiki/") && u.RawQuery+u.Fragment == ""
}

// agrees says whether the clock at birth was within 2 h 20 min of the Sun: a wrong sign of the longitude, or a wrong zone, is further off as a rule.
func agrees(c *chart.Chart) bool {
	const most = 140 // minutes

	sun := c.Birth.Longitude * 4 // minutes

	return math.Abs(c.Birth.UTCOffset.Minutes()-sun) <= most
}

// A note about another calendar goes with a date that was converted; what the note says must agree with the date.
func TestConvertedDatesAgreeWithTheirNotes(t *testing.T) {
	converted := 0

	for _, p := range shipped(t) {
		if p.CalendarNote == "" {
			continue
		}

		converted++

		text, _, _ := strings.Cut(p.CalendarNote, " in the Julian calendar")

		julian, err := time.Parse("2 January 2006", text)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)

			continue
		}

		days := 12 // between the calendars, from 1 March 1800 of the Julian one, and 13 from 1 March 1900
		if !julian.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) {
			days = 13
		}

		if want, got := julian.AddDate(0, 0, days).Format(time.DateOnly), p.Date.String(); got != want {
			t.Errorf("%s: want %s, got %s", p.Name, want, got)
		}
	}

	if converted < 15 {
		t.Errorf("only %d dates with a note", converted)
	}
}

// Ascendants that astrologers know by heart: they catch a wrong zone, a wrong summer time or a wrong half of the day.
func TestWellKnownAscendants(t *testing.T) {
	caster, zones := casttest.Open(t)
	s := &Service{caster: caster, zones: zones}

	want := map[string]string{
		"Albert Einstein": "Cancer", "Barack Obama": "Aquarius", "Marilyn Monroe": "Leo", "Diana, Princess of Wales": "Sagittarius",
		"Elizabeth II": "Capricorn", "Charles III": "Leo", "Donald Trump": "Leo", "Muhammad Ali": "Leo", "Bob Dylan": "Sagittarius",
		"Bill Clinton": "Libra", "Steve Jobs": "Virgo", "Sigmund Freud": "Scorpio", "Carl Jung": "", "Adolf Hitler": "Libra",
		"Vincent van Gogh": "Cancer", "Pablo Picasso": "Leo", "John Lennon": "Aries", "Jimi Hendrix": "Sagittarius", "Franklin D. Roosevelt": "Virgo",
		"Richard Nixon": "Virgo", "Margaret Thatcher": "Scorpio", "Angela Merkel": "Sagittarius", "Elvis Presley": "Sagittarius",
		"Queen Victoria": "Gemini", "Johnny Depp": "Leo", "Angelina Jolie": "Cancer", "Brad Pitt": "Sagittarius", "Frida Kahlo": "Leo",
		"Winston Churchill": "Virgo", "Jimmy Carter": "Libra", "Madonna": "Virgo", "Leonardo DiCaprio": "Libra",
	}
	found := 0

	for _, p := range shipped(t) {
		sign, listed := want[p.Name]
		if !listed || sign == "" {
			continue
		}

		found++

		c, err := s.Chart(p)
		if err != nil || c == nil {
			t.Fatalf("%s: %v", p.Name, err)
		}

		if got := c.Angles(chart.Tropical).Ascendant.Sign.String(); got != sign {
			t.Errorf("%s: want %s rising, got %s", p.Name, sign, got)
		}
	}

	if found < 30 {
		t.Errorf("only %d of them are in the list", found)
	}
}

func ExampleFold() {
	for _, name := range []string{"Édith Piaf", "Antonín Dvořák", "Georgia O'Keeffe", "C. S. Lewis", "Lech Wałęsa", "Brontë-Smith"} {
		fmt.Println(Fold(name))
	}

	// Output:
	// edith piaf
	// antonin dvorak
	// georgia okeeffe
	// c s lewis
	// lech walesa
	// bronte smith
}
