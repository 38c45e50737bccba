package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// File is the content of the data file, in the order of its bytes. All numbers are little-endian.
type File struct {
	Version     string
	Start, End  float64 // Julian days TT
	DeltaT      Table
	Polynomials [][]float64
	Series      []*Series
}

// Table is a quantity at equal steps, in units of 0.1 millisecond.
type Table struct {
	First, Step float64 // Julian day UT, days
	Values      []int32
}

// Series is a fitted quantity: for each segment, degree and component an integer multiple of the degree's quantum.
type Series struct {
	Components   int
	Start, Days  float64 // of the segments: Julian day TT, days
	Quanta       []int8  // of each degree: the quantum is 2 to the power of minus this
	Coefficients []int64 // by segment, degree, component
}

const (
	magic         = "SIDEREPH"
	formatVersion = 1
)

// Bytes returns the file's bytes.
func (f *File) Bytes() []byte {
	var body bytes.Buffer

	put := func(values ...any) {
		for _, v := range values {
			binary.Write(&body, binary.LittleEndian, v) // a bytes.Buffer does not fail
		}
	}

	put(uint8(len(f.Version)), []byte(f.Version), f.Start, f.End)
	put(f.DeltaT.First, f.DeltaT.Step, uint32(len(f.DeltaT.Values)), f.DeltaT.Values)
	put(uint8(len(f.Polynomials)))

	for _, p := range f.Polynomials {
		put(uint8(len(p)), p)
	}

	put(uint8(len(f.Series)))

	widths := make([][]uint8, len(f.Series))
	for i, s := range f.Series {
		widths[i] = s.widths()
		put(uint8(s.Components), uint8(len(s.Quanta)), uint32(s.segments()), s.Start, s.Days, s.Quanta, widths[i])
	}

	for i, s := range f.Series {
		body.Write(s.pack(widths[i]))
	}

	var file bytes.Buffer
	file.WriteString(magic)
	binary.Write(&file, binary.LittleEndian, uint32(formatVersion))
	binary.Write(&file, binary.LittleEndian, crc32.Checksum(body.Bytes(), crc32.MakeTable(crc32.Castagnoli)))
	file.Write(body.Bytes())

	return file.Bytes()
}

func (s *Series) segments() int { return len(s.Coefficients) / s.perSegment() }

func (s *Series) perSegment() int { return len(s.Quanta) * s.Components }

// widths returns for each degree and component the bits that its largest coefficient needs in two's complement.
func (s *Series) widths() []uint8 {
	widths := make([]uint8, s.perSegment())

	for i, c := range s.Coefficients {
		magnitude := uint64(c)
		if c < 0 {
			magnitude = ^magnitude
		}

		w := &widths[i%len(widths)]
		*w = max(*w, uint8(bits.Len64(magnitude))+1)
	}

	return widths
}

// pack returns the coefficients as two's complement integers of the widths, least significant bit first, without gaps; eight zero bytes
// follow, so that a reader may always load eight bytes at once.
func (s *Series) pack(widths []uint8) []byte {
	total := 0
	for _, w := range widths {
		total += int(w)
	}

	packed := make([]byte, (total*s.segments()+7)/8+8)
	at := 0

	for i, c := range s.Coefficients {
		for b := range int(widths[i%len(widths)]) {
			packed[at/8] |= byte(c>>b&1) << (at % 8)
			at++
		}
	}

	return packed
}
