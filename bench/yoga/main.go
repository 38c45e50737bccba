// Command yoga compares the server with GraphQL Yoga (graphql-yoga on node:http), per core, in one run: the same documents, answered with the same bytes.
//
//	npm ci --prefix bench/yoga && go run ./bench/yoga [-rounds 5] [-for 2s]
//
// The comparison is the hardest for this server: it looks charts up and computes their facts, while Yoga's resolvers pick the properties of ready objects, which
// were made of this server's own answers. Each server is kept to one core, the same for both, and asked from the other one, in turns. It prints answers a second,
// the server's processor time for an answer (which other load on the machine does not touch, so the ratio is taken from it), the median latency, and
// how busy the client was. Then it compares two configurations of this server with each other, those of -on and -off, by a simple query with a token.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sidereal/bench/process"
)

// options are the command's flags.
type options struct {
	rounds, connections int
	during              time.Duration
	on, off             []string
	only                string
}

func main() {
	o := options{}
	on := flag.String("on", inexhaustible, "settings NAME=VALUE of the server with its limits, separated by spaces")
	off := flag.String("off", unlimited, "settings that switch the limits off")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds of each server and document; the median is printed")
	flag.IntVar(&o.connections, "connections", 4, "requests under way at once")
	flag.DurationVar(&o.during, "for", 2*time.Second, "how long a round takes")
	flag.StringVar(&o.only, "only", "", "only documents whose name has this in it")
	flag.Parse()

	o.on, o.off = strings.Fields(*on), strings.Fields(*off)

	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// The limits of the two configurations: all of them, with buckets that the measurement does not empty, and none.
const (
	inexhaustible = "SIDEREAL_RATE_ANONYMOUS_POINTS=1000000000 SIDEREAL_RATE_ANONYMOUS_PER_SECOND=1000000000 " +
		"SIDEREAL_RATE_POINTS=1000000000 SIDEREAL_RATE_PER_SECOND=1000000000"
	unlimited = "SIDEREAL_RATE_ANONYMOUS_POINTS=0 SIDEREAL_RATE_POINTS=0 SIDEREAL_MAX_COST=0 SIDEREAL_MAX_DEPTH=0 SIDEREAL_MAX_ALIASES=0 " +
		"SIDEREAL_MAX_ROOT_FIELDS=0 SIDEREAL_MAX_FIELDS=1000000000 SIDEREAL_MAX_FRAGMENTS=0 SIDEREAL_MAX_TOKENS=0"
)

func run(o options) error {
	program, folder, remove, err := process.Build()
	if err != nil {
		return err
	}
	defer remove()

	if err := process.PinSelf(); err != nil {
		return err
	}

	ours, err := process.Sidereal("Sidereal", program, filepath.Join(folder, "data"), o.on)
	if err != nil {
		return err
	}
	defer ours.Stop()

	// The page of charts is for administrators.
	if ours.Token, err = process.AdminToken(program, filepath.Join(folder, "data")); err != nil {
		return err
	}

	questions, err := ask(ours)
	if err != nil {
		return err
	}

	if err := besideYoga(o, ours, questions, folder); err != nil {
		return err
	}

	return withAndWithout(o, program, folder)
}

// besideYoga compares the two servers.
func besideYoga(o options, ours *process.Process, questions []question, folder string) error {
	for i, q := range questions {
		if !strings.Contains(q.name, o.only) {
			continue
		}

		answer, err := once(ours, q)
		if err != nil {
			return err
		}

		answers := filepath.Join(folder, fmt.Sprintf("answers-%d.json", i))
		if err := keepData(answers, answer); err != nil {
			return err
		}

		if err := compareWithYoga(o, ours, q, answers, answer); err != nil {
			return err
		}
	}

	fmt.Printf("%-34s %.0f MB\n\n", "memory of Sidereal", ours.Resident())

	return nil
}

// keepData writes the data of an answer, which Yoga's resolvers serve.
func keepData(path string, answer []byte) error {
	var body struct{ Data json.RawMessage }
	if err := json.Unmarshal(answer, &body); err != nil {
		return err
	}

	return os.WriteFile(path, body.Data, 0o600)
}

func compareWithYoga(o options, ours *process.Process, q question, answers string, want []byte) error {
	yoga, err := process.Printing("Yoga", "node", "bench/yoga/server.mjs", "schema.graphqls", answers)
	if err != nil {
		return err
	}
	defer yoga.Stop()

	got, err := once(yoga, q)
	if err != nil {
		return err
	}

	if line := difference(withoutCost(want), got); line != "" {
		return fmt.Errorf("%s: the answers differ: %s", q.name, line)
	}

	fmt.Printf("%s: %.1f kB, the same bytes from both\n", q.name, float64(len(want))/1e3)

	return compare(o, q, ours, yoga)
}

// withoutCost returns an answer without its extensions, of which Yoga's has none.
func withoutCost(answer []byte) []byte {
	if i := bytes.LastIndex(answer, []byte(`,"extensions":{"cost":`)); i >= 0 {
		return append(slices.Clone(answer[:i]), '}')
	}

	return answer
}

// difference shows where two answers part, empty when they do not.
func difference(a, b []byte) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			from := max(0, i-40)

			return fmt.Sprintf("…%s… and …%s…", a[from:min(len(a), i+40)], b[from:min(len(b), i+40)])
		}
	}

	return ""
}

// compare measures two servers in turns and prints the medians, and how often the first answers while the second does once.
func compare(o options, q question, first, second *process.Process) error {
	servers := []*process.Process{first, second}
	rounds := make([][]round, len(servers))

	for _, server := range servers { // warm
		if _, err := load(server, q, o.connections, o.during); err != nil {
			return err
		}
	}

	for range o.rounds {
		for i, server := range servers {
			r, err := load(server, q, o.connections, o.during)
			if err != nil {
				return err
			}

			rounds[i] = append(rounds[i], r)
		}
	}

	ratios := make([]float64, o.rounds)
	for i := range ratios {
		ratios[i] = rounds[1][i].processor.Seconds() / rounds[0][i].processor.Seconds()
	}

	for i, server := range servers {
		fmt.Printf("  %-32s %8.0f answers/s  %9.3f ms of processor each  p50 %8.3f ms  client %3.0f %% busy\n", server.Name,
			median(rounds[i], func(r round) float64 { return r.rate }),
			median(rounds[i], func(r round) float64 { return r.processor.Seconds() * 1000 }),
			median(rounds[i], func(r round) float64 { return r.p50.Seconds() * 1000 }),
			median(rounds[i], func(r round) float64 { return r.client * 100 }))
	}

	slices.Sort(ratios)
	fmt.Printf("  %-32s %8.2f times as many per core (median of %d rounds, %.2f to %.2f)\n\n",
		first.Name, ratios[len(ratios)/2], len(ratios), ratios[0], ratios[len(ratios)-1])

	return nil
}

func median(rounds []round, of func(round) float64) float64 {
	values := make([]float64, len(rounds))
	for i, r := range rounds {
		values[i] = of(r)
	}

	slices.Sort(values)

	return values[len(values)/2]
}

// withAndWithout compares two configurations by a simple query with a token.
func withAndWithout(o options, program, folder string) error {
	var servers []*process.Process

	for name, settings := range map[string][]string{"with limits": o.on, "without limits": o.off} {
		server, err := process.Sidereal(name, program, filepath.Join(folder, strings.ReplaceAll(name, " ", "-")), settings)
		if err != nil {
			return err
		}
		defer server.Stop()

		if server.Token, err = process.AdminToken(program, filepath.Join(folder, strings.ReplaceAll(name, " ", "-"))); err != nil {
			return err
		}

		servers = append(servers, server)
	}

	slices.SortFunc(servers, func(a, b *process.Process) int { return strings.Compare(a.Name, b.Name) })

	fmt.Println("a simple query with a token")

	return compare(o, question{name: "simple", document: simple}, servers[0], servers[1])
}
