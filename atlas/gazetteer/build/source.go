package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// row is a line of cities500.txt, in the format of GeoNames' readme.txt.
type row struct {
	id         int
	name       string
	alternates []string
	latitude   float64
	longitude  float64
	feature    string // PPL and its kind
	country    string
	admin1     string
	population int
	zone       string
	modified   string
}

const columns = 19

var errRow = errors.New("is not a row of cities500.txt")

func readRows(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read

	var rows []row

	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)

	for n := 1; lines.Scan(); n++ {
		r, err := parse(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}

		rows = append(rows, r)
	}

	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}

	return rows, nil
}

func parse(line string) (row, error) {
	f := strings.Split(line, "\t")
	if len(f) != columns {
		return row{}, fmt.Errorf("%w: %d columns, not %d", errRow, len(f), columns)
	}

	r := row{name: f[1], feature: f[7], country: f[8], admin1: f[10], zone: f[17], modified: f[18]}
	if f[3] != "" {
		r.alternates = strings.Split(f[3], ",")
	}

	var errs [4]error

	r.id, errs[0] = strconv.Atoi(f[0])
	r.latitude, errs[1] = strconv.ParseFloat(f[4], 64)
	r.longitude, errs[2] = strconv.ParseFloat(f[5], 64)

	if f[14] != "" {
		r.population, errs[3] = strconv.Atoi(f[14])
	}

	if err := errors.Join(errs[:]...); err != nil {
		return row{}, fmt.Errorf("%w: %w", errRow, err)
	}

	return r, nil
}

// readAreas returns the names of states and provinces by country and code: "US.TX".
func readAreas(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}

	var list []struct{ Code, Name string }
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	areas := make(map[string]string, len(list))
	for _, a := range list {
		areas[a.Code] = a.Name
	}

	if areas["US.TX"] != "Texas" {
		return nil, fmt.Errorf("%s: US.TX is %q", path, areas["US.TX"])
	}

	return areas, nil
}
