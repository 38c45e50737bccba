package people

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// columns are the names of the columns that are read, first our own and then what other lists call them.
var columns = map[string][]string{
	"name":           {"name", "full_name"},
	"birth_date":     {"birth_date", "date", "date_of_birth"},
	"date_precision": {"date_precision"},
	"birth_time":     {"birth_time", "time"},
	"time_rating":    {"time_rating", "rodden_rating", "rating"},
	"place":          {"place", "birth_place"},
	"country":        {"country"},
	"latitude":       {"latitude", "lat"},
	"longitude":      {"longitude", "lon", "lng"},
	"zone":           {"zone", "time_zone", "timezone"},
	"occupation":     {"occupation", "occupations"},
	"link":           {"link", "url"},
	"date_source":    {"date_source"},
	"time_source":    {"time_source"},
	"calendar_note":  {"calendar_note"},
}

// layout says in which field of a row each column stands.
type layout map[string]int

// newLayout reads the header of a file. Columns that we do not know are passed over.
func newLayout(header []string) (layout, error) {
	at := make(layout, len(columns))

	for column, names := range columns {
		for i, title := range header {
			if _, taken := at[column]; !taken && slices.Contains(names, strings.ToLower(strings.TrimSpace(title))) {
				at[column] = i
			}
		}
	}

	for _, needed := range []string{"name", "birth_date"} {
		if _, ok := at[needed]; !ok {
			return nil, fault.Invalid("file", "the first row must name the columns, among them %s", needed)
		}
	}

	return at, nil
}

// row is a row with its layout.
type row struct {
	at     layout
	fields []string
}

// get returns a field, without space around it and with single spaces within; empty where the row or the file has none.
func (r row) get(column string) string {
	i, ok := r.at[column]
	if !ok || i >= len(r.fields) {
		return ""
	}

	return strings.Join(strings.Fields(r.fields[i]), " ")
}

// maxCharacters is how long the texts of a row may be.
var maxCharacters = map[string]int{
	"name": 200, "place": 200, "country": 100, "occupation": 1000, "link": 500, "date_source": 500, "time_source": 500, "calendar_note": 500,
}

// person reads the row. places finds those that come without coordinates; it may be nil. The error says in words what is wrong.
func (r row) person(places Locator) (Person, error) {
	for column, most := range maxCharacters {
		if n := utf8.RuneCountInString(r.get(column)); n > most {
			return Person{}, fmt.Errorf("%s has %d characters, at most %d", column, n, most)
		}
	}

	p := Person{
		Name: r.get("name"), Occupation: r.get("occupation"), Link: r.get("link"), DateSource: r.get("date_source"),
		TimeSource: r.get("time_source"), CalendarNote: r.get("calendar_note"), Rating: RatingX,
	}

	if Fold(p.Name) == "" {
		return Person{}, fmt.Errorf("name is missing")
	}

	if p.Link != "" && !isLink(p.Link) {
		return Person{}, fmt.Errorf("link %.60q is no http or https address", p.Link)
	}

	for _, read := range []func(*Person) error{r.readDate, r.readTime, func(p *Person) error { return r.readPlace(p, places) }} {
		if err := read(&p); err != nil {
			return Person{}, err
		}
	}

	return p, nil
}

func isLink(text string) bool {
	u, err := url.Parse(text)

	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// readDate reads 1990-01-15, or 1990 for a year alone. In a file without the column date_precision, 1 January stands for a year too: lists made
// from Wikidata write it so, and a birthday that is lost does less harm than one that is made up.
func (r row) readDate(p *Person) (err error) {
	text := r.get("birth_date")
	if text == "" {
		return fmt.Errorf("birth_date is missing")
	}

	if year, err := strconv.Atoi(text); err == nil && len(text) == 4 {
		p.Date, p.YearOnly = atlas.Date{Year: year, Month: 1, Day: 1}, true

		return nil
	}

	if p.Date, err = atlas.ParseDate(text); err != nil {
		return fmt.Errorf("birth_date %w", err)
	}

	_, hasPrecision := r.at["date_precision"]

	switch precision := r.get("date_precision"); {
	case precision == "year", !hasPrecision && p.Date.Month == 1 && p.Date.Day == 1 && r.get("birth_time") == "":
		p.Date.Month, p.Date.Day, p.YearOnly = 1, 1, true
	case precision != "" && precision != "day":
		return fmt.Errorf("date_precision is day or year, not %.20q", precision)
	}

	return nil
}

func (r row) readTime(p *Person) (err error) {
	text, rating := r.get("birth_time"), strings.ToUpper(r.get("time_rating"))

	if text == "" || p.YearOnly {
		p.TimeSource = ""

		return nil
	}

	if p.Clock, err = atlas.ParseClock(text); err != nil {
		return fmt.Errorf("birth_time %w", err)
	}

	p.TimeKnown, p.Rating = true, RatingC // a time that nobody vouches for

	if rating == "" {
		return nil
	}

	known, ok := ParseRating(rating)
	if p.Rating = known; !ok || known == RatingX {
		return fmt.Errorf("time_rating of a time is AA, A, B, C or DD, not %.20q", rating)
	}

	return nil
}

func (r row) readPlace(p *Person, places Locator) (err error) {
	p.Place = Place{Name: r.get("place"), Country: r.get("country")}
	latitude, longitude, zone := r.get("latitude"), r.get("longitude"), r.get("zone")

	switch {
	case latitude != "" && longitude != "" && zone != "":
		if p.Place.Latitude, err = degrees("latitude", latitude, 90); err != nil {
			return err
		}

		if p.Place.Longitude, err = degrees("longitude", longitude, 180); err != nil {
			return err
		}

		p.Place.Zone, p.Place.Located = zone, true
	case latitude != "" || longitude != "" || zone != "":
		return fmt.Errorf("latitude, longitude and zone come together or not at all")
	case p.Place.Name != "" && places != nil:
		text := p.Place.Name
		if p.Place.Country != "" {
			text += ", " + p.Place.Country
		}

		p.Place.Latitude, p.Place.Longitude, p.Place.Zone, p.Place.Located = places.Locate(text)
		p.Place.Latitude, p.Place.Longitude = chart.RoundCoordinate(p.Place.Latitude), chart.RoundCoordinate(p.Place.Longitude)
	}

	if p.TimeKnown && !p.Place.Located {
		return fmt.Errorf("a time needs its place: %.60q was not found, and there are no coordinates", p.Place.Name)
	}

	return nil
}

func degrees(column, text string, most float64) (float64, error) {
	d, err := strconv.ParseFloat(text, 64)
	if err != nil || !(math.Abs(d) <= most) {
		return 0, fmt.Errorf("%s is -%g to %g degrees, not %.20q", column, most, most, text)
	}

	return chart.RoundCoordinate(d), nil
}
