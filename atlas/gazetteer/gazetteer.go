// Package gazetteer knows the places of the world that people are born in: some 194 000 of GeoNames (CC BY 4.0), built into the program, each with
// its coordinates, population and time zone, found by name in any script, by id, or by coordinates. README.md describes the data and their format.
package gazetteer

import (
	"bytes"
	_ "embed" // the places
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"sidereal/fault"
)

//go:embed data/places.bin
var embedded []byte

// Attribution is what the licence of the data asks to be shown wherever they are used.
const Attribution = "Place data © GeoNames (geonames.org), CC BY 4.0"

// Place is a populated place.
type Place struct {
	ID          int    // GeoNames id, the same in every version of the data
	Name        string // the usual name, in Latin script: "São Paulo"
	Admin1      string // the state, province or region: "Texas"; empty where the data name none
	CountryCode string // ISO 3166-1 alpha-2, and XK for Kosovo
	Country     string // in English
	Latitude    float64
	Longitude   float64 // degrees, east positive
	Zone        string  // IANA name, one of the embedded database's
	Population  int     // 0 where it is not known
}

// Match is a place that a search found, and the name by which it did.
type Match struct {
	Place

	MatchedName string // as the data spell it: "München" for Munich
}

// Gazetteer is the opened data. It is safe for concurrent use.
type Gazetteer struct {
	version string
	zones   []string
	areas   []area // in order of their first place
	regions regions

	// One element per place. A place's number is its index; numbers run by country, state and neighbourhood.
	ids        []uint32
	latitudes  []int32 // 1e-5 degrees
	longitudes []int32
	zoneOf     []uint16
	ranks      []uint8 // importance in 1/32 decades of people

	terms  dictionary
	texts  texts
	boxes  []box
	byID   func() []int32 // numbers in order of id
	sheets sync.Pool
}

// area is a state or province: a run of places.
type area struct {
	span

	country, code, name string
}

// span is a run of place numbers, end excluded.
type span struct{ start, end int }

func (s span) has(number int) bool { return number >= s.start && number < s.end }

// Open reads the embedded data: some 40 ms and 10 MB. Open it when places are first asked for, and keep it.
func Open() (*Gazetteer, error) { return Load(embedded) }

// Load reads a data file that Encode wrote.
func Load(file []byte) (*Gazetteer, error) {
	g, err := decode(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the gazetteer cannot be read")
	}

	g.regions = newRegions(g.areas)
	g.boxes = g.newBoxes()
	g.byID = sync.OnceValue(g.sortByID)
	g.sheets.New = func() any { return &sheet{marks: make([]uint8, len(g.ids)), next: make([]uint8, len(g.ids))} }

	return g, nil
}

// Version names the data: the day they were taken from GeoNames, and the version of what the builder made of them.
func (g *Gazetteer) Version() string { return g.version }

// Len returns how many places there are.
func (g *Gazetteer) Len() int { return len(g.ids) }

// ByID returns the place with a GeoNames id.
func (g *Gazetteer) ByID(id int) (Place, bool) {
	order := g.byID()
	at, found := slices.BinarySearchFunc(order, id, func(number int32, id int) int { return int(g.ids[number]) - id })

	if !found {
		return Place{}, false
	}

	place, _ := g.place(int(order[at]))

	return place, true
}

func (g *Gazetteer) sortByID() []int32 {
	order := make([]int32, len(g.ids))
	for i := range order {
		order[i] = int32(i)
	}

	slices.SortFunc(order, func(a, b int32) int { return int(g.ids[a]) - int(g.ids[b]) })

	return order
}

// place returns a place by its number, with its other names.
func (g *Gazetteer) place(number int) (Place, []string) {
	a := g.areaOf(number)
	fields := g.texts.fields(number)
	population, _ := strconv.Atoi(fields[0])

	return Place{
		ID: int(g.ids[number]), Name: fields[1], Admin1: a.name, CountryCode: a.country, Country: countryName(a.country),
		Latitude: degrees(g.latitudes[number]), Longitude: degrees(g.longitudes[number]), Zone: g.zones[g.zoneOf[number]], Population: population,
	}, fields[2:]
}

// areaOf returns the state that a place lies in.
func (g *Gazetteer) areaOf(number int) area {
	return g.areas[sort.Search(len(g.areas), func(i int) bool { return g.areas[i].end > number })]
}

func degrees(stored int32) float64 { return float64(stored) / 1e5 }

// texts are the names of all places, compressed in blocks of placesPerText places, which are read in place.
type texts struct {
	data    []byte
	ends    []uint32 // of each block in data
	decoder *zstd.Decoder
}

const placesPerText = 128

// fields returns a place's population, name and other names.
func (t *texts) fields(number int) []string {
	text := t.block(number / placesPerText)

	for range number % placesPerText {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}

	line, _, _ := bytes.Cut(text, []byte("\n"))
	if fields := strings.Split(string(line), "\t"); len(fields) > 1 {
		return fields
	}

	return []string{"0", ""}
}

func (t *texts) block(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}

	text, err := t.decoder.DecodeAll(t.data[start:t.ends[i]], nil)
	if err != nil {
		return nil // the checksum of the file was right, so this cannot be
	}

	return text
}
