package ephemeris

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"
)

func TestDamagedDataAreRefused(t *testing.T) {
	signed := func(file []byte) []byte { // with the checksum put right
		binary.LittleEndian.PutUint32(file[len(magic)+4:], crc32.Checksum(file[headerSize:], crc32.MakeTable(crc32.Castagnoli)))

		return file
	}

	for name, test := range map[string]struct {
		damage func(file []byte) []byte
		want   string
	}{
		"nothing at all":            {func([]byte) []byte { return nil }, "does not begin with"},
		"another kind of file":      {func(f []byte) []byte { f[0] = 'X'; return f }, "does not begin with"},
		"another format":            {func(f []byte) []byte { f[len(magic)]++; return f }, "format 2"},
		"a bit flipped at the end":  {func(f []byte) []byte { f[len(f)-1] ^= 1; return f }, "checksum"},
		"a bit flipped in the head": {func(f []byte) []byte { f[headerSize+3] ^= 128; return f }, "checksum"},
		"the end cut off":           {func(f []byte) []byte { return f[:len(f)/2] }, "checksum"},
		"the end cut off, signed":   {func(f []byte) []byte { return signed(f[:len(f)/2]) }, "do not fit together"},
		"only a head, signed":       {func(f []byte) []byte { return signed(f[:headerSize+20]) }, "do not fit together"},
		"a byte too many, signed":   {func(f []byte) []byte { return signed(append(f, 0)) }, "do not fit together"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(test.damage(bytes.Clone(embedded)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("want an error with %q, got %v", test.want, err)
			}

			if test.want != "format 2" && !errors.Is(err, errData) {
				t.Errorf("want errData, got %v", err)
			}
		})
	}
}

func TestDataFileIsSmallAndNamed(t *testing.T) {
	if len(embedded) > 6_000_000 {
		t.Errorf("the data file has %d bytes, want at most 6 MB", len(embedded))
	}

	if version := open(t).Version(); !strings.HasPrefix(version, "de431.1-") || len(version) != len("de431.1-00000000") {
		t.Errorf("want a version like de431.1-00000000, got %s", version)
	}
}

// FuzzLoad holds the reader to errors: whatever the bytes, it neither panics nor hangs.
func FuzzLoad(f *testing.F) {
	f.Add(embedded[headerSize : headerSize+400])
	f.Fuzz(func(_ *testing.T, body []byte) {
		file := append([]byte(magic), 1, 0, 0, 0)
		file = binary.LittleEndian.AppendUint32(file, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))

		if e, err := load(append(file, body...)); err == nil {
			e.Version()
		}
	})
}
