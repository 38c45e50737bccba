package gazetteer

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Entry is a place as Encode takes it. Place.Country is not looked at.
type Entry struct {
	Place

	Admin1Code string
	OtherNames []string // without tabs and line ends, and none that folds to the words of Name
	Rank       uint8    // importance in 1/32 decades of people
}

// Encode writes a data file: the same bytes for the same entries, in whatever order they come.
func Encode(version string, entries []Entry) ([]byte, error) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(
			cmp.Compare(a.CountryCode, b.CountryCode), cmp.Compare(a.Admin1Code, b.Admin1Code),
			cmp.Compare(neighbourhood(a.Place), neighbourhood(b.Place)), cmp.Compare(a.ID, b.ID),
		)
	})

	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}

	texts, ends := encodeTexts(encoder, entries)
	w := &writer{}
	w.text(version)
	w.zones(entries)
	w.areas(entries)
	w.columns(entries)
	w.sums(ends)
	w.dictionary(entries)

	index := encoder.EncodeAll(w.data, nil)
	body := binary.LittleEndian.AppendUint32(nil, uint32(len(index)))
	body = append(append(body, index...), texts...)

	file := binary.LittleEndian.AppendUint32([]byte(magic), formatVersion)

	return append(binary.LittleEndian.AppendUint32(file, checksum(body)), body...), nil
}

// neighbourhood interleaves the bits of latitude and longitude (Morton, 1966), so that neighbours come one after the other.
func neighbourhood(p Place) uint64 {
	x, y := uint64((p.Longitude+180)*1e5), uint64((p.Latitude+90)*1e5)

	var code uint64
	for bit := range 26 {
		code |= (x>>bit&1)<<(2*bit) | (y>>bit&1)<<(2*bit+1)
	}

	return code
}

func encodeTexts(encoder *zstd.Encoder, entries []Entry) (data []byte, ends []int) {
	for block := range slices.Chunk(entries, placesPerText) {
		lines := make([]string, len(block))
		for i, e := range block {
			lines[i] = strings.Join(append([]string{strconv.Itoa(e.Population), e.Name}, e.OtherNames...), "\t")
		}

		data = encoder.EncodeAll([]byte(strings.Join(lines, "\n")), data)
		ends = append(ends, len(data))
	}

	return data, ends
}

type writer struct{ data []byte }

func (w *writer) uint(n int)       { w.data = binary.AppendUvarint(w.data, uint64(n)) }
func (w *writer) text(text string) { w.uint(len(text)); w.data = append(w.data, text...) }

func (w *writer) zones(entries []Entry) {
	names := zoneNames(entries)
	w.uint(len(names))

	for _, name := range names {
		w.text(name)
	}
}

func zoneNames(entries []Entry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Zone
	}

	slices.Sort(names)

	return slices.Compact(names)
}

func (w *writer) areas(entries []Entry) {
	sameArea := func(a, b Entry) bool { return a.CountryCode == b.CountryCode && a.Admin1Code == b.Admin1Code }
	runs := runsOf(entries, sameArea)
	w.uint(len(runs))

	for _, run := range runs {
		w.text(run[0].CountryCode)
		w.text(run[0].Admin1Code)
		w.text(run[0].Admin1)
		w.uint(len(run))
	}
}

func runsOf(entries []Entry, same func(a, b Entry) bool) [][]Entry {
	var runs [][]Entry

	start := 0

	for i := range entries {
		if i+1 == len(entries) || !same(entries[i], entries[i+1]) {
			runs = append(runs, entries[start:i+1])
			start = i + 1
		}
	}

	return runs
}

func (w *writer) columns(entries []Entry) {
	w.deltas(entries, func(e Entry) int { return e.ID })
	w.deltas(entries, func(e Entry) int { return hundredThousandths(e.Latitude) })
	w.deltas(entries, func(e Entry) int { return hundredThousandths(e.Longitude) })

	zones := zoneNames(entries)

	for _, run := range runsOf(entries, func(a, b Entry) bool { return a.Zone == b.Zone }) {
		at, _ := slices.BinarySearch(zones, run[0].Zone)
		w.uint(at)
		w.uint(len(run))
	}

	for _, e := range entries {
		w.data = append(w.data, e.Rank)
	}
}

func hundredThousandths(degrees float64) int {
	if degrees < 0 {
		return -int(-degrees*1e5 + 0.5)
	}

	return int(degrees*1e5 + 0.5)
}

func (w *writer) deltas(entries []Entry, value func(Entry) int) {
	before := 0

	for _, e := range entries {
		d := value(e) - before
		before += d
		w.uint(d<<1 ^ d>>63)
	}
}

func (w *writer) sums(list []int) {
	w.uint(len(list))

	before := 0

	for _, n := range list {
		w.uint(n - before)
		before = n
	}
}

// posting is an occurrence of a word in a place's names.
type posting struct {
	number int
	role   role
}

// rolesOf returns the roles that each word has in a place's names, in order.
func rolesOf(e Entry) map[string][]role {
	umlauts := slices.Contains([]string{"DE", "AT", "CH", "LI", "LU"}, e.CountryCode)
	found := make(map[string][]role)

	for i, name := range append([]string{e.Name}, e.OtherNames...) {
		for _, words := range spellings(name, umlauts) {
			for _, word := range words {
				if len(word) <= maxWordBytes { // no one types longer ones
					found[word] = append(found[word], roleOf(i > 0, len(words)))
				}
			}
		}
	}

	for word, list := range found {
		slices.Sort(list)
		found[word] = slices.Compact(list)
	}

	return found
}

func (w *writer) dictionary(entries []Entry) {
	postings := make(map[string][]posting)

	for number, e := range entries {
		for word, list := range rolesOf(e) {
			for _, r := range list {
				postings[word] = append(postings[word], posting{number, r})
			}
		}
	}

	var (
		d      writer
		blocks []int
		before []rune
	)

	for i, word := range slices.Sorted(maps.Keys(postings)) {
		if i%termsPerBlock == 0 {
			blocks, before = append(blocks, len(d.data)), nil
		}

		runes := []rune(word)
		shared := 0

		for shared < min(len(before), len(runes)) && before[shared] == runes[shared] {
			shared++
		}

		before = runes
		rest := string(runes[shared:])
		d.data = append(append(d.data, byte(shared), byte(len(rest))), rest...)
		d.text(encodePostings(postings[word]))
	}

	w.sums(blocks)
	w.text(string(d.data))
}

func encodePostings(list []posting) string {
	var w writer

	before := 0

	for _, p := range list {
		w.uint((p.number-before)*roles + int(p.role))
		before = p.number
	}

	return string(w.data)
}
