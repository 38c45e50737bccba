package gazetteer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/zstd"
)

const (
	magic         = "SIDERGAZ"
	formatVersion = 1
	headerSize    = len(magic) + 12 // format, checksum, length of the index
	maxIndexBytes = 64 << 20
	maxTextBytes  = 1 << 20 // of a block
)

var errData = errors.New("gazetteer: the data file is damaged")

func checksum(body []byte) uint32 { return crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)) }

// decode checks a data file and unpacks its index; the names stay compressed where they are.
func decode(file []byte) (*Gazetteer, error) {
	if len(file) < headerSize || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: it does not begin with %q", errData, magic)
	}

	if version := binary.LittleEndian.Uint32(file[len(magic):]); version != formatVersion {
		return nil, fmt.Errorf("gazetteer: the data file has format %d, this program reads format %d", version, formatVersion)
	}

	body := file[len(magic)+8:]
	if want, got := binary.LittleEndian.Uint32(file[len(magic)+4:]), checksum(body); want != got {
		return nil, fmt.Errorf("%w: its checksum is %08x, not %08x", errData, got, want)
	}

	length := int(binary.LittleEndian.Uint32(body))
	if length > len(body)-4 {
		return nil, fmt.Errorf("%w: its index ends behind it", errData)
	}

	index, err := decompress(body[4 : 4+length])
	if err != nil {
		return nil, err
	}

	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxTextBytes), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}

	g := &Gazetteer{texts: texts{data: body[4+length:], decoder: decoder}}
	r := &reader{rest: index}

	if g.readIndex(r); r.damaged {
		return nil, fmt.Errorf("%w: its index ends early", errData)
	}

	return g, nil
}

// decompress unpacks the index with a decoder of its own, whose buffers are given back.
func decompress(index []byte) ([]byte, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxIndexBytes), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}
	defer decoder.Close()

	index, err = decoder.DecodeAll(index, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errData, err)
	}

	return index, nil
}

func (g *Gazetteer) readIndex(r *reader) {
	g.version = r.text()

	g.zones = make([]string, r.count())
	for i := range g.zones {
		g.zones[i] = r.text()
	}

	g.areas = make([]area, r.count())

	at := 0
	for i := range g.areas {
		a := area{country: r.text(), code: r.text(), name: r.text(), span: span{start: at}}
		at += r.count()
		if at > len(r.rest) { // a place takes more than a byte
			r.damaged = true

			return
		}

		a.end = at
		g.areas[i] = a
	}

	n := at
	g.ids, g.latitudes, g.longitudes = make([]uint32, n), make([]int32, n), make([]int32, n)
	r.deltas(n, func(i, value int) { g.ids[i] = uint32(value) })
	r.deltas(n, func(i, value int) { g.latitudes[i] = int32(value) })
	r.deltas(n, func(i, value int) { g.longitudes[i] = int32(value) })

	g.zoneOf = make([]uint16, 0, n)
	for len(g.zoneOf) < n && !r.damaged {
		zone, run := r.uint(), r.uint()
		if zone >= len(g.zones) || run == 0 || run > n-len(g.zoneOf) {
			r.damaged = true

			return
		}

		for range run {
			g.zoneOf = append(g.zoneOf, uint16(zone))
		}
	}

	g.ranks = append([]uint8(nil), r.bytes(n)...)
	g.texts.ends = r.sums()
	g.terms.blocks = r.sums()
	g.terms.data = append([]byte(nil), r.bytes(r.count())...)

	if len(g.texts.ends) != (n+placesPerText-1)/placesPerText || n > 0 && int(g.texts.ends[len(g.texts.ends)-1]) != len(g.texts.data) {
		r.damaged = true
	}
}

// reader takes an index apart; damaged says that it ended early.
type reader struct {
	rest    []byte
	damaged bool
}

func (r *reader) uint() int {
	value, size := binary.Uvarint(r.rest)
	if size <= 0 || value > 1<<40 {
		r.damaged, r.rest = true, nil

		return 0
	}

	r.rest = r.rest[size:]

	return int(value)
}

// count reads a number of things that follow and take a byte or more each.
func (r *reader) count() int {
	n := r.uint()
	if n > len(r.rest) {
		r.damaged, r.rest = true, nil

		return 0
	}

	return n
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.damaged, r.rest = true, nil

		return nil
	}

	b := r.rest[:n]
	r.rest = r.rest[n:]

	return b
}

func (r *reader) text() string { return string(r.bytes(r.count())) }

// deltas reads n numbers, each stored as its distance to the one before.
func (r *reader) deltas(n int, set func(i, value int)) {
	value := 0

	for i := range n {
		z := r.uint()
		value += z>>1 ^ -(z & 1)
		set(i, value)
	}
}

// sums reads a list of numbers that grow.
func (r *reader) sums() []uint32 {
	list := make([]uint32, r.count())
	sum := 0

	for i := range list {
		sum += r.uint()
		list[i] = uint32(sum)
	}

	return list
}
