// Package atlas knows where on the globe things are and what their clocks showed: time zones with their whole history.
package atlas

import (
	"archive/zip"
	"bytes"
	_ "embed" // the time zone database
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"sync"
	"time"
)

//go:embed tzdata/zoneinfo.zip
var zoneinfo []byte

// release is the IANA release that the file holds. A test knows its checksum, so that a new file is not taken for the old release.
const release = "2025c"

// ErrUnknownZone says that the time zone database has no zone of that name.
var ErrUnknownZone = errors.New("unknown time zone")

// Zones is the embedded time zone database. It is safe for concurrent use.
type Zones struct {
	files    map[string]*zip.File
	checksum uint32

	mu     sync.RWMutex
	loaded map[string]*time.Location
}

// OpenZones reads the directory of the embedded database; zones are decoded when they are first asked for.
func OpenZones() (*Zones, error) {
	archive, err := zip.NewReader(bytes.NewReader(zoneinfo), int64(len(zoneinfo)))
	if err != nil {
		return nil, fmt.Errorf("atlas: time zone database: %w", err)
	}

	files := make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		if !f.FileInfo().IsDir() && f.Name != "Factory" {
			files[f.Name] = f
		}
	}

	return &Zones{files: files, checksum: crc32.ChecksumIEEE(zoneinfo), loaded: make(map[string]*time.Location)}, nil
}

// Version names the database, for provenance: its release and the checksum of its file.
func (z *Zones) Version() string { return fmt.Sprintf("%s-%08x", release, z.checksum) }

// Names returns the IANA names of all zones, sorted.
func (z *Zones) Names() []string {
	names := make([]string, 0, len(z.files))
	for name := range z.files {
		names = append(names, name)
	}

	slices.Sort(names)

	return names
}

// Location returns the zone with that IANA name, spelled exactly; ErrUnknownZone when there is none.
func (z *Zones) Location(name string) (*time.Location, error) {
	file, ok := z.files[name]
	if !ok {
		return nil, fmt.Errorf("%w %q", ErrUnknownZone, name)
	}

	z.mu.RLock()
	loc := z.loaded[name]
	z.mu.RUnlock()

	if loc != nil {
		return loc, nil
	}

	loc, err := decode(file)
	if err != nil {
		return nil, err
	}

	z.mu.Lock()
	defer z.mu.Unlock()

	z.loaded[name] = loc

	return loc, nil
}

func decode(file *zip.File) (*time.Location, error) {
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("atlas: zone %s: %w", file.Name, err)
	}

	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("atlas: zone %s: %w", file.Name, err)
	}

	loc, err := time.LoadLocationFromTZData(file.Name, data)
	if err != nil {
		return nil, fmt.Errorf("atlas: zone %s: %w", file.Name, err)
	}

	return loc, nil
}
