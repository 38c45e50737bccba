//go:build linux

// Command fanout measures how fast an event reaches many subscribers, and what they cost while nothing happens.
//
//	npm ci --prefix bench/fanout && go run ./bench/fanout [-sockets 10000] [-events 50] [-rounds 3]
//
// compares this server in one run with a broadcast of the same bytes in Go, which neither parses, executes nor stores, and with graphql-ws over GraphQL Yoga's execution on
// Node. All sockets subscribe to events with the same document. An event is a notice that an administrator publishes: here it goes through GraphQL, the database, the stream
// and the hub, elsewhere from the memory of one process to its sockets. Servers have one core, the same for all; the client has the other one and reads all sockets from one
// thread. Every socket must get every event with the same bytes, which are compared, within a server and between them.
//
//	go run ./bench/fanout idle [-sockets 10000] [-for 10m] [-churn 10000]
//
// keeps idle subscribers, prints memory and goroutines on the way, and fails when they are not back at the start after all have gone.
//
// Open files bound the sockets: ulimit -n has to be above their number, for the servers and for this program.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// options are the command's flags.
type options struct {
	sockets, events, rounds, churn int
	during, settle                 time.Duration
	fanned                         bool
	document                       string
}

func main() {
	o := options{}
	flags := flag.NewFlagSet("fanout", flag.ExitOnError)
	flags.IntVar(&o.sockets, "sockets", 10_000, "sockets, with one subscription each")
	flags.DurationVar(&o.settle, "settle", 5*time.Second, "how long subscribers are idle before the memory is read")

	command, arguments := run, os.Args[1:]

	switch {
	case len(arguments) > 0 && arguments[0] == "idle":
		command, arguments = idle, arguments[1:]

		flags.DurationVar(&o.during, "for", 10*time.Minute, "how long the subscribers stay")
		flags.IntVar(&o.churn, "churn", 10_000, "connections that come and go at once afterwards")
		flags.StringVar(&o.document, "document", following, "what they subscribe to")
	case len(arguments) > 0 && arguments[0] == "raw": // what this program starts itself as
		command, arguments = func(o options) error { return serveRaw(o.fanned) }, arguments[1:]

		flags.BoolVar(&o.fanned, "fanned", false, "a goroutine and a queue for each socket, rather than one loop")
	default:
		flags.IntVar(&o.events, "events", 50, "events that are published as fast as they go, and again one after the other")
		flags.IntVar(&o.rounds, "rounds", 3, "rounds of each server; medians are printed")
		flags.BoolVar(&o.fanned, "fanned", false, "let the broadcast have a goroutine and a queue for each socket, rather than one loop")
	}

	_ = flags.Parse(arguments) // exits on errors

	if err := command(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
