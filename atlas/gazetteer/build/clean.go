package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sidereal/atlas"
	"sidereal/atlas/gazetteer"
)

// cleaner turns rows into entries and counts what it dropped and repaired.
type cleaner struct {
	areas  map[string]string
	zones  *atlas.Zones
	counts map[string]int
	what   []string // keys of counts in order of appearance
}

func (c *cleaner) count(what string, n int) {
	if c.counts == nil {
		c.counts = make(map[string]int)
	}

	if _, known := c.counts[what]; !known {
		c.what = append(c.what, what)
	}

	c.counts[what] += n
}

func (c *cleaner) report() string {
	var b strings.Builder
	for _, what := range c.what {
		fmt.Fprintf(&b, "%-52s %8d\n", what, c.counts[what])
	}

	return b.String()
}

func (c *cleaner) clean(rows []row) ([]gazetteer.Entry, error) {
	c.count("rows read", len(rows))

	rows = c.dropBroken(rows)
	rows = c.dropDuplicates(rows)
	c.lendAreas(rows)

	entries := make([]gazetteer.Entry, 0, len(rows))

	for _, r := range rows {
		if !gazetteer.KnowsCountry(r.country) {
			return nil, fmt.Errorf("place %d: country %q has no name in the table", r.id, r.country)
		}

		if r.population == 0 {
			c.count("places without a population (kept, ranked low)", 1)
		}

		entries = append(entries, gazetteer.Entry{
			Place: gazetteer.Place{
				ID: r.id, Name: strings.Join(strings.Fields(r.name), " "), Admin1: c.areas[r.country+"."+r.admin1], CountryCode: r.country,
				Latitude: r.latitude, Longitude: r.longitude, Zone: r.zone, Population: r.population,
			},
			Admin1Code: r.admin1, OtherNames: c.otherNames(r), Rank: rank(r),
		})
	}

	return entries, nil
}

// dropBroken drops what cannot be used at all.
func (c *cleaner) dropBroken(rows []row) []row {
	ids := make(map[int]bool, len(rows))

	return slices.DeleteFunc(rows, func(r row) bool {
		_, err := c.zones.Location(r.zone)
		isNowhere := math.Abs(r.latitude) > 90 || math.Abs(r.longitude) > 180 || r.latitude == 0 && r.longitude == 0

		c.count("dropped: zone unknown to the tz database", toInt(err != nil))
		c.count("dropped: coordinates impossible", toInt(isNowhere))
		c.count("dropped: name empty", toInt(len(gazetteer.Words(r.name)) == 0))
		c.count("dropped: id repeated", toInt(ids[r.id]))

		isBroken := err != nil || isNowhere || len(gazetteer.Words(r.name)) == 0 || ids[r.id]
		ids[r.id] = true

		return isBroken
	})
}

func toInt(b bool) int {
	if b {
		return 1
	}

	return 0
}

// dropDuplicates drops places within 3 km of a larger one with the same name, country and zone: GeoNames often has a town twice, as a settlement and
// as the seat of its district.
func (c *cleaner) dropDuplicates(rows []row) []row {
	const nearKm = 3

	slices.SortStableFunc(rows, func(a, b row) int {
		if a.population != b.population {
			return b.population - a.population
		}

		return a.id - b.id
	})

	kept := make(map[string][]row)

	return slices.DeleteFunc(rows, func(r row) bool {
		same := key(r.name) + "\t" + r.country + "\t" + r.zone
		isDouble := slices.ContainsFunc(kept[same], func(k row) bool {
			return gazetteer.DistanceKm(r.latitude, r.longitude, k.latitude, k.longitude) < nearKm
		})

		c.count("dropped: same name within 3 km of a larger one", toInt(isDouble))

		if !isDouble {
			kept[same] = append(kept[same], r)
		}

		return isDouble
	})
}

// lendAreas gives places whose state was renamed or merged since (no name for its code) the state of the nearest place of their country that has one.
func (c *cleaner) lendAreas(rows []row) {
	const reachKm = 60

	known := make(map[string][]row)

	for _, r := range rows {
		if c.areas[r.country+"."+r.admin1] != "" {
			known[r.country] = append(known[r.country], r)
		}
	}

	for i, r := range rows {
		if c.areas[r.country+"."+r.admin1] != "" {
			continue
		}

		best, least := "", float64(reachKm)

		for _, k := range known[r.country] {
			if d := gazetteer.DistanceKm(r.latitude, r.longitude, k.latitude, k.longitude); d < least {
				best, least = k.admin1, d
			}
		}

		rows[i].admin1 = best
		c.count("state of an old code taken from the nearest place", toInt(best != ""))
		c.count("without a state", toInt(best == ""))
	}
}

// rank is the importance of a place: its population, more for a capital, less for a part of a town (which often carries the town's population) and
// for what is abandoned.
func rank(r row) uint8 {
	people := max(float64(r.population), 150)

	switch r.feature {
	case "PPLC":
		people = max(people*6, 50_000)
	case "PPLA":
		people = max(people*1.5, 2_000)
	case "PPLX":
		people /= 8
	case "PPLQ", "PPLH", "PPLW", "PPLCH":
		people /= 20
	}

	return uint8(min(255, max(0, 32*math.Log10(people))))
}
