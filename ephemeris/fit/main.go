// Command fit makes the data file of package ephemeris from the Swiss Ephemeris data files that Debian's swe-basic-data carries (CC0).
//
//	go run ./ephemeris/fit [-source FOLDER] [-out FILE]
//
// It needs a C compiler, libswe-dev and swe-basic-data (apt-get install gcc libswe-dev swe-basic-data), takes seconds, and writes the same
// bytes every time on the same architecture. Nothing of it is built into the product. The file's format is described in ../README.md.
package main

import (
	"flag"
	"fmt"
	"os"
)

// dataVersion names what the data are made from and how; change it with either.
const dataVersion = "de431.1"

// The Julian days TT that the data cover: from the very beginning of the source files, 1800-01-01, to half a day after the ephemeris ends (UT, so
// that delta T has room). The files end on 2400-01-09.
const (
	start = 2378496.5
	end   = 2597642.0
)

const j2000 = 2451545.0

func main() {
	source := flag.String("source", "/usr/share/libswe/ephe", "`folder` of the Swiss Ephemeris data files")
	out := flag.String("out", "ephemeris/data/ephemeris.bin", "`file` to write")
	flag.Parse()

	if err := run(*source, *out); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(folder, out string) error {
	source, err := NewSource(folder)
	if err != nil {
		return err
	}
	defer source.Close()

	file, err := fit(source)
	if err != nil {
		return err
	}

	bytes := file.Bytes()
	fmt.Printf("%s: %d bytes\n", out, len(bytes))

	return os.WriteFile(out, bytes, 0o644)
}

// fit makes the whole file.
func fit(source *Source) (*File, error) {
	file := &File{Version: dataVersion, Start: start, End: end}

	var err error
	if file.DeltaT, err = fitDeltaT(source); err != nil {
		return nil, err
	}

	if file.Polynomials, err = fitPolynomials(source); err != nil {
		return nil, err
	}

	for _, plan := range plans {
		series, err := plan.Fit(source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", plan.Name, err)
		}

		file.Series = append(file.Series, series)
	}

	return file, nil
}
