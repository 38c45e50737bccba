// Command ephemeris compares the speed of full charts (17 bodies with speeds, Placidus houses) with Swiss Ephemeris, in one go on one core:
//
//	go run ./bench/ephemeris [-charts 5000] [-rounds 9] [-source FOLDER]
//
// The two take turns; both compute the same instants of 1900 to 2009, whose positions and cusps are summed and compared, and the medians are
// printed with their ratio. It needs a C compiler, libswe-dev and swe-basic-data (apt-get install gcc libswe-dev swe-basic-data).
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
)

// seventeen are the bodies of a full chart, in the order of swisseph.c.
var seventeen = [...]ephemeris.Body{
	ephemeris.Sun, ephemeris.Moon, ephemeris.Mercury, ephemeris.Venus, ephemeris.Mars, ephemeris.Jupiter, ephemeris.Saturn, ephemeris.Uranus,
	ephemeris.Neptune, ephemeris.Pluto, ephemeris.Chiron, ephemeris.TrueNode, ephemeris.MeanLilith, ephemeris.Ceres, ephemeris.Pallas,
	ephemeris.Juno, ephemeris.Vesta,
}

func main() {
	charts := flag.Int("charts", 5000, "charts a round")
	rounds := flag.Int("rounds", 9, "rounds")
	source := flag.String("source", "/usr/share/libswe/ephe", "`folder` of the Swiss Ephemeris data files")
	flag.Parse()

	if err := run(*charts, *rounds, *source); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(charts, rounds int, folder string) error {
	runtime.GOMAXPROCS(1) // one core each

	theirs, err := startSwissEphemeris(folder)
	if err != nil {
		return err
	}
	defer theirs.close()

	ours, err := ephemeris.Open()
	if err != nil {
		return err
	}

	fmt.Printf("%d charts a round: 17 bodies with speeds and Placidus houses, microseconds a chart\n", charts)
	fmt.Printf("%-8s %16s %10s %8s\n", "round", "Swiss Ephemeris", "sidereal", "ratio")

	var swiss, own, ratios []float64

	for round := range rounds + 1 {
		seed := uint64(88172645463325252) // the same instants in every round: the first is for warming up

		a, sumA, err := theirs.round(charts, seed)
		if err != nil {
			return err
		}

		b, sumB, err := ownRound(ours, charts, seed)
		if err != nil {
			return err
		}

		if off := math.Abs(sumA-sumB) / float64(charts); off > 1e-3 { // degrees, over 29 angles
			return fmt.Errorf("the charts differ: sums of %.6f and %.6f degrees", sumA, sumB)
		}

		perA, perB := microseconds(a, charts), microseconds(b, charts)
		name := fmt.Sprint(round)

		if round == 0 {
			name = "cold"
		} else {
			swiss, own, ratios = append(swiss, perA), append(own, perB), append(ratios, perA/perB)
		}

		fmt.Printf("%-8s %16.2f %10.2f %8.1f\n", name, perA, perB, perA/perB)
	}

	fmt.Printf("%-8s %16.2f %10.2f %8.1f\n", "median", median(swiss), median(own), median(ratios))

	return nil
}

// ownRound computes the charts of a seed and returns the time it took and the sum of all longitudes and cusps.
func ownRound(e *ephemeris.Ephemeris, charts int, seed uint64) (time.Duration, float64, error) {
	sum := 0.0
	from := time.Now()

	for range charts {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17

		sky, err := e.Sky(2415020.5 + float64(seed%4000000)/100)
		if err != nil {
			return 0, 0, err
		}

		for _, body := range seventeen {
			sum += sky.Position(body).Longitude
		}

		for _, cusp := range chart.CuspsAt(chart.Placidus, chart.Normalize(sky.SiderealTime+11), sky.Obliquity, 48) {
			sum += cusp
		}
	}

	return time.Since(from), sum, nil
}

func microseconds(d time.Duration, charts int) float64 {
	return float64(d.Nanoseconds()) / 1000 / float64(charts)
}

func median(values []float64) float64 {
	slices.Sort(values)

	return values[len(values)/2]
}
