package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sidereal/atlas"
)

func TestCleanDropsAndRepairs(t *testing.T) {
	zones, err := atlas.OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	rows := []row{
		{id: 1, name: "Oslo", feature: "PPLC", latitude: 59.91, longitude: 10.75, country: "NO", admin1: "12", population: 580000, zone: "Europe/Oslo"},
		{id: 2, name: "Oslo", feature: "PPLA2", latitude: 59.92, longitude: 10.76, country: "NO", admin1: "12", population: 500, zone: "Europe/Oslo"},
		{id: 3, name: "Lillestrøm", feature: "PPL", latitude: 59.95, longitude: 11.05, country: "NO", admin1: "30", zone: "Europe/Oslo"},
		{id: 4, name: "Nulltown", feature: "PPL", country: "NO", zone: "Europe/Oslo"},
		{id: 5, name: "Mars Base", feature: "PPL", latitude: 1, longitude: 1, country: "NO", zone: "Mars/Olympus"},
		{id: 1, name: "Oslo again", feature: "PPL", latitude: 60, longitude: 10, country: "NO", zone: "Europe/Oslo"},
		{id: 6, name: "?", feature: "PPL", latitude: 60, longitude: 10, country: "NO", zone: "Europe/Oslo"},
	}

	c := &cleaner{areas: map[string]string{"NO.12": "Oslo"}, zones: zones}

	got, err := c.clean(rows)
	if err != nil {
		t.Fatal(err)
	}

	if len(got) != 2 || got[0].ID != 1 || got[1].ID != 3 {
		t.Fatalf("want places 1 and 3, got %+v", got)
	}

	if got[1].Admin1 != "Oslo" {
		t.Errorf("want the old state of Lillestrøm taken from its neighbour, got %q", got[1].Admin1)
	}

	if got[0].Rank <= got[1].Rank {
		t.Errorf("want the capital to rank above a place of unknown population, got %d and %d", got[0].Rank, got[1].Rank)
	}

	if report := c.report(); strings.Count(report, " 1\n") != 7 {
		t.Errorf("want seven things that happened once in the report, got\n%s", report)
	}
}

func TestOtherNamesAreThoseThatPeopleType(t *testing.T) {
	c := &cleaner{}
	town := row{name: "Lodz", country: "PL", population: 5000, alternates: []string{"Łódź", "Lodž", "Lodzia", "lo ci", "LCJ", "Лодзь", "Lodz'", "Лодзія", "Lodzija", "罗兹"}}

	if want, got := []string{"Lodzia"}, c.otherNames(town); !slices.Equal(want, got) {
		t.Errorf("a town: want %q, got %q", want, got)
	}

	city := town
	city.population = 700_000

	if want, got := []string{"Łódź", "Lodž", "Lodzia", "LCJ", "Лодзь", "Lodz'", "Лодзія", "Lodzija", "罗兹"}, c.otherNames(city); !slices.Equal(want, got) {
		t.Errorf("a city: want %q, got %q", want, got)
	}
}

func TestParseRefusesWhatIsNoRow(t *testing.T) {
	good := "3039163\tSant Julià de Lòria\tSant Julia de Loria\tSan Julia,圣胡利娅\t42.46372\t1.49129\tP\tPPLA\tAD\t\t06\t\t\t\t8022\t\t921\tEurope/Andorra\t2013-11-23"

	if r, err := parse(good); err != nil || r.id != 3039163 || r.population != 8022 || len(r.alternates) != 2 || r.zone != "Europe/Andorra" {
		t.Errorf("want Sant Julià, got %+v, %v", r, err)
	}

	for name, line := range map[string]string{
		"too few columns":            "1\tx",
		"no id":                      strings.Replace(good, "3039163", "x", 1),
		"a latitude with a comma":    strings.Replace(good, "42.46372", "42,46372", 1),
		"a population of many words": strings.Replace(good, "8022", "eight", 1),
	} {
		if _, err := parse(line); !errors.Is(err, errRow) {
			t.Errorf("%s: want errRow, got %v", name, err)
		}
	}
}
