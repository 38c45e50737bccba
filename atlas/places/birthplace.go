package places

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sidereal/atlas/gazetteer"
	"sidereal/atlas/geocoder"
	"sidereal/chart"
	"sidereal/fault"
)

const (
	considered = 10 // matches of a search for a birth's place
	sameTownKm = 50 // places of one name that are nearer are one town
	maxNamed   = 5  // places that a sentence names

	// How many people another place of the same name has, as a share of the first's, for the search to be refused, or taken with a doubt. One that only has it as
	// a further name has to be larger: Newcastle upon Tyne is called Newcastle, but Newton in Massachusetts hardly Cambridge.
	rivalShare, furtherNameShare, doubtShare = 0.5, 0.75, 0.02
)

// Find implements chart.Places. A search takes the best match of the gazetteer and notes what else there is; it is refused where another place of the name
// has at least half as many people: Cambridge is in England or in Massachusetts. Only what the gazetteer does not find at all is asked of a service outside.
func (f *Finder) Find(ctx context.Context, sought chart.Sought) (chart.FoundPlace, error) {
	if sought.By == chart.SoughtByID {
		return f.findByID(sought.Text)
	}

	matches, err := f.Search(sought.Text, considered)
	if invalid, ok := fault.As(err); ok {
		return chart.FoundPlace{}, invalid.Within("place")
	}

	if err != nil {
		return chart.FoundPlace{}, err
	}

	if len(matches) > 0 {
		return choose(sought.Text, matches)
	}

	return f.findOutside(ctx, sought.Text)
}

func (f *Finder) findByID(text string) (chart.FoundPlace, error) {
	unknown := fault.Invalid("place.id", "is the id of no place; use the ids that places answers with")

	id, err := strconv.Atoi(text)
	if err != nil {
		return chart.FoundPlace{}, unknown
	}

	place, found, err := f.ByID(id)
	if err != nil {
		return chart.FoundPlace{}, err
	}

	if !found {
		return chart.FoundPlace{}, unknown
	}

	return known(place), nil
}

// known returns a place of the gazetteer as a birth takes it.
func known(p gazetteer.Place) chart.FoundPlace {
	return chart.FoundPlace{
		Latitude: p.Latitude, Longitude: p.Longitude, Name: Label(p), Source: chart.PlaceFromGazetteer, ID: strconv.Itoa(p.ID),
		FoundZone: chart.FoundZone{Zone: p.Zone, Source: chart.ZoneGiven},
	}
}

// Label names a place with its regions: "Paris, Texas, United States".
func Label(p gazetteer.Place) string {
	parts := []string{p.Name}
	if p.Admin1 != "" && p.Admin1 != p.Name {
		parts = append(parts, p.Admin1)
	}

	return strings.Join(append(parts, p.Country), ", ")
}

// Candidate is a place that a search may mean, as the error about it lists them.
type Candidate struct {
	GeoNamesID int    `json:"geonamesId"`
	Name       string `json:"name"`
	Population int    `json:"population"`
}

// choose takes the first match, unless another is about as likely.
func choose(text string, matches []gazetteer.Match) (chart.FoundPlace, error) {
	first := matches[0]
	name := gazetteer.Words(first.MatchedName)

	var rivals, others []gazetteer.Match

	for _, m := range matches[1:] {
		if !slices.Equal(gazetteer.Words(m.MatchedName), name) || gazetteer.DistanceKm(first.Latitude, first.Longitude, m.Latitude, m.Longitude) <= sameTownKm {
			continue
		}

		share := furtherNameShare

		if m.MatchedName == m.Name {
			share = rivalShare

			others = append(others, m)
		}

		if float64(m.Population) >= share*float64(first.Population) {
			rivals = append(rivals, m)
		}
	}

	if len(rivals) > 0 {
		rivals = append([]gazetteer.Match{first}, rivals...)
		candidates := make([]Candidate, len(rivals))

		for i, r := range rivals {
			candidates[i] = Candidate{r.ID, Label(r.Place), r.Population}
		}

		return chart.FoundPlace{}, fault.Invalid("place.search", "could be %s; add the region or the country", labels(rivals)).
			WithDetail("candidates", candidates)
	}

	found := known(first.Place)
	found.Note, found.Doubt = noteOn(text, first, others)

	return found, nil
}

// noteOn says what was taken where it is not what was written, and what else there is.
func noteOn(text string, first gazetteer.Match, others []gazetteer.Match) (note string, doubt bool) {
	if words, name := gazetteer.Words(text), gazetteer.Words(first.MatchedName); len(words) < len(name) || !slices.Equal(words[:len(name)], name) {
		note, doubt = fmt.Sprintf("%q was taken for %s.", text, Label(first.Place)), true
	}

	if len(others) == 0 {
		return note, doubt
	}

	for _, o := range others {
		doubt = doubt || float64(o.Population) >= doubtShare*float64(first.Population)
	}

	return strings.TrimSpace(note + fmt.Sprintf(" There are other places of the name %s, with fewer people: %s.", first.MatchedName, labels(others))), doubt
}

// labels names the first few places.
func labels(matches []gazetteer.Match) string {
	named := matches[:min(len(matches), maxNamed)]
	all := make([]string, len(named))

	for i, m := range named {
		all[i] = Label(m.Place)
	}

	return strings.Join(all, "; ")
}

// findOutside asks the service outside, where there is one.
func (f *Finder) findOutside(ctx context.Context, text string) (chart.FoundPlace, error) {
	var results []geocoder.Result

	if f.outside != nil {
		var err error

		results, err = f.Geocode(ctx, text, 1)
		if invalid, ok := fault.As(err); ok && invalid.Code == fault.ValidationFailed {
			return chart.FoundPlace{}, invalid.Within("place")
		}

		if err != nil {
			return chart.FoundPlace{}, err
		}
	}

	if len(results) == 0 {
		return chart.FoundPlace{}, fault.Invalid("place.search", "no place is found by %.60q; coordinates can be given instead", text)
	}

	r := results[0]

	return chart.FoundPlace{
		Latitude: r.Latitude, Longitude: r.Longitude, Name: r.Name, Source: chart.PlaceFromGeocoder,
		FoundZone: lookedUp(r.Zone, fmt.Sprintf("%q is not in the gazetteer; a service outside took it for %s (%s).", text, r.Name, r.Source), true),
	}, nil
}

// ZoneAt implements chart.Places.
func (f *Finder) ZoneAt(latitude, longitude float64) (chart.FoundZone, error) {
	guess, err := f.Zone(latitude, longitude)
	if invalid, ok := fault.As(err); ok && invalid.Code == fault.ValidationFailed {
		return chart.FoundZone{}, invalid.Within("place.coordinates")
	}

	if err != nil {
		return chart.FoundZone{}, err
	}

	return lookedUp(guess, "", false), nil
}

// lookedUp returns a zone as a birth takes it, with a note where a border may be near.
func lookedUp(guess gazetteer.ZoneGuess, note string, doubt bool) chart.FoundZone {
	if guess.Rival != "" && guess.Rival != guess.Zone {
		note = strings.TrimSpace(fmt.Sprintf("%s A border of time zones may be near: %s begins within %.0f km.", note, guess.Rival, guess.RivalKm))
		doubt = true
	}

	return chart.FoundZone{Zone: guess.Zone, Source: chart.ZoneLookedUp, DistanceKm: guess.DistanceKm, Note: note, Doubt: doubt}
}
