// Command http measures the server as a client meets it: it builds the program, starts it with an empty folder, and asks over HTTP for charts with every
// field that the schema has.
//
//	go run ./bench/http [-requests 2000] [-charts 100000]
//
// It prints the size of the program, the latency of calculateChart with fields of several kinds beside that of { __typename } in the same run, and the memory
// of the process before and after calculating -charts charts. Memory is read from /proc, so it needs Linux.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/internal/everyfield"
)

func main() {
	requests := flag.Int("requests", 2000, "requests whose latency is measured")
	charts := flag.Int("charts", 100_000, "charts that are calculated before the memory is read")
	clients := flag.Int("clients", 4, "clients that calculate them")
	flag.Parse()

	if err := run(*requests, *charts, *clients); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(requests, charts, clients int) error {
	server, err := startServer()
	if err != nil {
		return err
	}
	defer server.stop()

	fmt.Printf("program: %.1f MB\n", float64(server.size)/1e6)

	before, err := server.memory()
	if err != nil {
		return err
	}

	if err := latencies(server, requests); err != nil {
		return err
	}

	began := time.Now()

	if err := many(server, charts, clients); err != nil {
		return err
	}

	rate := float64(charts) / time.Since(began).Seconds()

	after, err := server.memory()
	if err != nil {
		return err
	}

	fmt.Printf("%d charts by %d clients: %.0f a second\n", charts, clients, rate)
	fmt.Printf("memory: %.1f MB at the start, %.1f MB after %d charts, %.1f MB at its highest\n",
		before.resident, after.resident, charts+3*requests, after.highest)

	return nil
}

// computed are the fields that look beyond the birth: at other times, at other people, or that draw.
var computed = []string{"transits", "transitWheel", "lunarReturn", "wheel", "famousMatches"}

// beyondPositions are the other facts than birth, positions, angles, houses and aspects.
var beyondPositions = []string{
	"Chart.patterns", "Chart.dominance", "Chart.dignities", "Chart.mutualReceptions", "Chart.sect", "Chart.sunAltitude", "Chart.moonPhase", "Chart.stations",
	"Chart.parallels", "Chart.outOfBounds", "Chart.numerology", "Chart.chineseZodiac", "Chart.provenance", "BirthData.resolution", "Houses.rulers", "Houses.signs",
	"Position.certainty", "Position.stationary", "Aspect.certain",
}

// documents returns what is asked for, from everything to next to nothing.
func documents() (names []string, texts []string, err error) {
	for _, d := range []struct {
		name   string
		except []string
	}{
		{"calculateChart with every field", nil},
		{"every fact of the chart itself", computed},
		{"birth, positions, angles, houses, aspects", append(computed, beyondPositions...)},
	} {
		fields, err := everyfield.Selection("schema.graphqls", "CalculateChartPayload", d.except...)
		if err != nil {
			return nil, nil, fmt.Errorf("%w (run it from the root of the module)", err)
		}

		names = append(names, d.name)
		texts = append(texts, "mutation($birth: BirthInput!) { calculateChart(input: $birth) "+fields+"}")
	}

	return append(names, "{ __typename }"), append(texts, "{ __typename }"), nil
}

// latencies measures the documents in turns, so that all meet the same machine.
func latencies(server *server, requests int) error {
	const warmUp = 100

	names, texts, err := documents()
	if err != nil {
		return err
	}

	took := make([][]time.Duration, len(texts))
	bytes := make([]int, len(texts))

	for i := range requests + warmUp {
		for k, text := range texts {
			one, size, err := server.ask(text, birth(i*len(texts)+k))
			if err != nil {
				return err
			}

			if i >= warmUp {
				took[k] = append(took[k], one)
				bytes[k] = size
			}
		}
	}

	fmt.Printf("%-42s %8s %8s %8s %8s\n", "milliseconds, one client", "p50", "p90", "p99", "kB")

	for k, name := range names {
		printRow(name, took[k], bytes[k])
	}

	return nil
}

// many calculates charts with a few fields, by several clients at once.
func many(server *server, charts, clients int) error {
	const few = `mutation($birth: BirthInput!) { calculateChart(input: $birth) { created chart { hash positions { body longitude } houses { cusps { longitude } } } } }`

	var group errgroup.Group

	for client := range clients {
		group.Go(func() error {
			for i := client; i < charts; i += clients {
				if _, _, err := server.ask(few, birth(1_000_000+i)); err != nil {
					return err
				}
			}

			return nil
		})
	}

	return group.Wait()
}

// birth returns the variables of the i-th birth; each has another instant and place.
func birth(i int) map[string]any {
	at := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 17 * time.Minute)

	return map[string]any{"birth": map[string]any{
		"date": at.Format("2006-01-02"), "time": at.Format("15:04:05"),
		"place": map[string]any{"coordinates": map[string]any{
			"latitude": float64(i%120) - 59.5, "longitude": float64(i%359) - 179.5, "timeZone": "UTC", "name": "Somewhere",
		}},
	}}
}
