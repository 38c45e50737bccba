package gazetteer

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sidereal/atlas"
)

var someEntries = []Entry{
	{
		Place: Place{
			ID: 2761369, Name: "Vienna", Admin1: "Vienna", CountryCode: "AT", Latitude: 48.20849, Longitude: 16.37208, Zone: "Europe/Vienna", Population: 1691468,
		},
		Admin1Code: "09", OtherNames: []string{"Wien", "Vienne", "Бечь"}, Rank: 200,
	},
	{
		Place:      Place{ID: 4717560, Name: "Paris", Admin1: "Texas", CountryCode: "US", Latitude: 33.66094, Longitude: -95.55551, Zone: "America/Chicago", Population: 24782},
		Admin1Code: "TX", Rank: 140,
	},
	{
		Place: Place{ID: 2988507, Name: "Paris", CountryCode: "FR", Latitude: 48.85341, Longitude: 2.3488, Zone: "Europe/Paris"}, Rank: 210,
	},
}

func TestWhatIsEncodedIsLoaded(t *testing.T) {
	file, err := Encode("2026-01.1", someEntries)
	if err != nil {
		t.Fatal(err)
	}

	g, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}

	if g.Version() != "2026-01.1" || g.Len() != len(someEntries) {
		t.Errorf("want 2026-01.1 with %d places, got %s with %d", len(someEntries), g.Version(), g.Len())
	}

	for _, e := range someEntries {
		want := e.Place
		want.Country = countryName(want.CountryCode)

		if got, found := g.ByID(want.ID); !found || got != want {
			t.Errorf("want %+v, got %+v", want, got)
		}
	}

	if _, found := g.ByID(1); found {
		t.Error("a place was found that was never put in")
	}

	if got, err := g.Search("paris us", 5); err != nil || len(got) != 1 || got[0].ID != 4717560 {
		t.Errorf("want Paris in Texas, got %v, %v", got, err)
	}

	reversed := slices.Clone(someEntries)
	slices.Reverse(reversed)

	if again, err := Encode("2026-01.1", reversed); err != nil || !bytes.Equal(file, again) {
		t.Errorf("want the same bytes for the same entries in another order, %v", err)
	}
}

func TestLoadRefusesADamagedFile(t *testing.T) {
	file, err := Encode("test", someEntries)
	if err != nil {
		t.Fatal(err)
	}

	rapid.Check(t, func(t *rapid.T) {
		damaged := slices.Clone(file)

		if rapid.Bool().Draw(t, "cut") {
			damaged = damaged[:rapid.IntRange(0, len(file)-1).Draw(t, "length")]
		} else {
			damaged[rapid.IntRange(0, len(file)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		}

		if _, err := Load(damaged); err == nil {
			t.Error("a damaged file was loaded")
		}
	})
}

// An index whose checksum is right may still be nonsense: reading it must end in an error or a gazetteer, not in a panic.
func FuzzReadIndex(f *testing.F) {
	file, err := Encode("test", someEntries)
	if err != nil {
		f.Fatal(err)
	}

	length := int(file[headerSize-4]) | int(file[headerSize-3])<<8

	index, err := decompress(file[headerSize : headerSize+length])
	if err != nil {
		f.Fatal(err)
	}

	f.Add(index)
	f.Fuzz(func(_ *testing.T, index []byte) {
		g := &Gazetteer{texts: texts{data: file[headerSize+length:]}}
		g.readIndex(&reader{rest: index})
	})
}

func TestTheDataAreWhole(t *testing.T) {
	g := open(t)

	zones, err := atlas.OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	for _, name := range g.zones {
		if _, err := zones.Location(name); err != nil {
			t.Errorf("zone %s: %v", name, err)
		}
	}

	if want := 199_495; g.Len() != want {
		t.Errorf("want %d places, got %d", want, g.Len())
	}

	ids := slices.Clone(g.ids)
	slices.Sort(ids)

	if len(slices.Compact(ids)) != g.Len() {
		t.Error("ids are repeated")
	}

	for i := range g.texts.ends {
		if n := bytes.Count(g.texts.block(i), []byte("\n")) + 1; n != min(placesPerText, g.Len()-i*placesPerText) {
			t.Fatalf("block %d has the names of %d places", i, n)
		}
	}

	for n := 0; n < g.Len(); n += 101 {
		place, _ := g.place(n)
		if place.Name == "" || place.Country == "" || place.Zone == "" || place.Latitude < -90 || place.Latitude > 90 || place.Longitude < -180 || place.Longitude > 180 {
			t.Errorf("%+v is not whole", place)
		}

		if got, found := g.ByID(place.ID); !found || got != place {
			t.Errorf("want %+v by its id, got %+v", place, got)
		}
	}
}

func TestCountriesAreInOrder(t *testing.T) {
	if !slices.IsSortedFunc(countries, func(a, b country) int { return strings.Compare(a.code, b.code) }) {
		t.Error("the table of countries is not in order of code")
	}
}
