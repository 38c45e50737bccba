// Command readings measures readings of the built-in engine as a client meets them, from the request over HTTP through the database, the job, the engine, the outbox and the
// stream to the event on a WebSocket: it builds the program, starts it with an empty folder, calculates charts, and asks for readings of them.
//
//	go run ./bench/readings [-one 200] [-many 1500] [-clients 8]
//
// It prints how long it takes until the first section of a reading is there, and until the reading is complete, when one is asked for after the other; and how many
// are completed a second when many are asked for at once, from the first request to the last reading.completed. The client runs on the same cores.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sidereal/bench/process"
)

func main() {
	one := flag.Int("one", 200, "readings that are asked for one after the other, of each detail")
	many := flag.Int("many", 1500, "readings that are asked for at once, of each detail")
	clients := flag.Int("clients", 8, "clients that ask for them")
	flag.Parse()

	if err := run(*one, *many, *clients); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

var details = []string{"BRIEF", "STANDARD", "COMPREHENSIVE"}

func run(one, many, clients int) error {
	program, folder, remove, err := process.Build()
	if err != nil {
		return err
	}
	defer remove()

	data := filepath.Join(folder, "data")

	p, err := process.OnAllCores("Sidereal", program, data, []string{"SIDEREAL_RATE_ANONYMOUS_POINTS=0", "SIDEREAL_RATE_POINTS=0", "SIDEREAL_MAX_STREAMS=0"})
	if err != nil {
		return err
	}
	defer p.Stop()

	if p.Token, err = process.AdminToken(program, data); err != nil {
		return err
	}

	charts, err := calculate(p, max(one, many))
	if err != nil {
		return err
	}

	events, err := follow(p)
	if err != nil {
		return err
	}
	defer events.close()

	for _, detail := range details {
		if err := oneByOne(p, events, charts[:one], detail); err != nil {
			return err
		}
	}

	for _, detail := range details {
		if err := atOnce(p, events, charts[:many], detail, clients); err != nil {
			return err
		}
	}

	fmt.Printf("memory: %.1f MB\n", p.Resident())

	return nil
}

// oneByOne asks for a reading when the one before is complete.
func oneByOne(p *process.Process, events *events, charts []string, detail string) error {
	var first, whole []time.Duration

	for _, hash := range charts {
		began := time.Now()

		id, err := request(p, hash, detail)
		if err != nil {
			return err
		}

		told, err := events.completed(id)
		if err != nil {
			return err
		}

		first, whole = append(first, told.first.Sub(began)), append(whole, told.ended.Sub(began))
	}

	fmt.Printf("%-14s one by one: first section after %s, complete after %s\n", detail, spread(first), spread(whole))

	return nil
}

// atOnce asks for all readings as fast as some clients can.
func atOnce(p *process.Process, events *events, charts []string, detail string, clients int) error {
	began := time.Now()

	ids, err := requestAll(p, charts, detail, clients)
	if err != nil {
		return err
	}

	asked := time.Since(began)

	var last time.Time

	for _, id := range ids {
		told, err := events.completed(id)
		if err != nil {
			return err
		}

		if told.ended.After(last) {
			last = told.ended
		}
	}

	fmt.Printf("%-14s %d at once: %.0f a second (asked for within %v)\n", detail, len(ids), float64(len(ids))/last.Sub(began).Seconds(), asked.Round(time.Millisecond))

	return nil
}

// spread returns the median and the 99th percentile of durations.
func spread(d []time.Duration) string {
	slices.Sort(d)

	return fmt.Sprintf("%.1f ms (p50), %.1f ms (p99)", d[len(d)/2].Seconds()*1e3, d[len(d)*99/100].Seconds()*1e3)
}
