package ephemeris

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

//go:embed data/ephemeris.bin
var embedded []byte

const (
	magic         = "SIDEREPH"
	formatVersion = 1
	headerSize    = len(magic) + 8
)

// The series of the file, by number: the Earth-Moon barycentre, the Moon, the Sun, the bodies from Mercury to Vesta, and nutation.
const (
	fileBarycentre = 0
	fileMoon       = 1
	fileSun        = 2
	fileMercury    = 3
	fileNutation   = fileMercury + int(Vesta-Mercury) + 1
)

// The polynomials of the file, by number: mean node, mean apogee, the ayanamsas before TrueSidereal, and the corrections of sidereal time.
const (
	fileMeanNode     = 0
	fileMeanApogee   = 1
	fileAyanamsas    = 2
	fileSidereal1850 = fileAyanamsas + int(TrueSidereal)
	fileSidereal2050 = fileSidereal1850 + 1
)

var errData = errors.New("ephemeris: the data file is damaged")

// load checks the bytes of a data file and lays out what they hold. README.md describes the format.
func load(file []byte) (*Ephemeris, error) {
	if len(file) < headerSize || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: it does not begin with %q", errData, magic)
	}

	if version := binary.LittleEndian.Uint32(file[len(magic):]); version != formatVersion {
		return nil, fmt.Errorf("ephemeris: the data file has format %d, this program reads format %d", version, formatVersion)
	}

	body := file[headerSize:]
	want, got := binary.LittleEndian.Uint32(file[len(magic)+4:]), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))

	if want != got {
		return nil, fmt.Errorf("%w: its checksum is %08x, not %08x", errData, got, want)
	}

	r := &reader{rest: body}
	e := &Ephemeris{version: string(r.bytes(int(r.uint8()))), checksum: got}
	from, to := r.float64()-j2000, r.float64()-j2000
	e.deltaT = deltaTable{first: r.float64(), step: r.float64(), seconds: make([]float64, r.count(4))}

	for i := range e.deltaT.seconds {
		e.deltaT.seconds[i] = float64(int32(r.uint32())) * 1e-4
	}

	polynomials := make([][]float64, r.uint8())
	for i := range polynomials {
		polynomials[i] = make([]float64, min(int(r.uint8()), len(r.rest)/8))
		for k := range polynomials[i] {
			polynomials[i][k] = r.float64()
		}
	}

	all := r.series(from, to)

	if r.short || len(r.rest) != 0 || len(e.deltaT.seconds) < 4 || len(all) != fileNutation+1 || len(polynomials) != fileSidereal2050+1 {
		return nil, fmt.Errorf("%w: its parts do not fit together", errData)
	}

	e.barycentre, e.moon, e.sun, e.nutation = all[fileBarycentre], all[fileMoon], all[fileSun], all[fileNutation]
	copy(e.bodies[Mercury:], all[fileMercury:fileNutation])

	e.meanNode, e.meanApogee = polynomials[fileMeanNode], polynomials[fileMeanApogee]
	copy(e.ayanamsas[:], polynomials[fileAyanamsas:])
	e.sidereal1850, e.sidereal2050 = polynomials[fileSidereal1850], polynomials[fileSidereal2050]

	return e, nil
}

// reader takes little-endian values off the front of bytes. Past their end it returns zeros and remembers that they were short.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.short = nil, true
	}

	if r.short {
		return make([]byte, min(n, 8))
	}

	taken := r.rest[:n]
	r.rest = r.rest[n:]

	return taken
}

func (r *reader) uint8() uint8   { return r.bytes(1)[0] }
func (r *reader) uint32() uint32 { return binary.LittleEndian.Uint32(r.bytes(4)) }
func (r *reader) float64() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(r.bytes(8)))
}

// count reads how many values of a size follow; never more than there is room for.
func (r *reader) count(size int) int {
	n := int(r.uint32())
	if n > len(r.rest)/size {
		r.rest, r.short = nil, true
	}

	return min(n, len(r.rest)/size)
}

// series reads the heads of all series and then their packed segments.
func (r *reader) series(from, to float64) []*series {
	all := make([]*series, r.uint8())

	for i := range all {
		components, degrees := int(r.uint8()), int(r.uint8())
		g := grid{from: from, to: to, segments: int(r.uint32()), start: r.float64() - j2000, days: r.float64()}

		quanta := make([]int8, degrees)
		for k := range quanta {
			quanta[k] = int8(r.uint8())
		}

		widths := r.bytes(degrees * components)
		if r.short || g.segments < 2 || !(g.days > 0) || components < 2 || components > 3 || degrees < 2 ||
			len(widths) > maxCoefficients || slices.Min(widths) < 1 || slices.Max(widths) > maxWidth {
			r.short = true

			return nil
		}

		all[i] = newSeries(g, components, quanta, widths)
	}

	for _, s := range all {
		packed := r.bytes((s.bits*s.segments+7)/8 + 8) // eight more, so that unpack may load eight bytes at once
		if r.short {
			return nil
		}

		s.hold(packed)
	}

	return all
}
