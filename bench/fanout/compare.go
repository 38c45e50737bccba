//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sidereal/bench/process"
	"sidereal/internal/livetest"
)

// following is what everybody subscribes to.
const following = `subscription { events(types: [SYSTEM_WARNING]) { __typename id cursor type occurredAt ... on SystemWarning { message } } }`

// warmUp is how many events come before those that are measured; the first one carries what the subscription costs.
const warmUp = 3

// figures are what was measured of a server.
type figures struct {
	rate      float64         // messages a second, from the first publishing to the last socket's last message, of events that are published as fast as they go
	processor time.Duration   // of the server, a message
	latencies []time.Duration // from the publishing to the last socket, of events that are published one after the other
	kilobytes float64         // of the server's memory, an idle subscriber
	client    float64         // the client's share of its core
}

// rival is a server with the way to publish the i-th event there.
type rival struct {
	*process.Process

	publish func(i int) error
}

// run compares the servers.
func run(o options) error {
	program, folder, remove, err := process.Build()
	if err != nil {
		return err
	}
	defer remove()

	if err := process.PinSelf(); err != nil {
		return err
	}

	measured := make([][]figures, 3)

	for n := range o.rounds {
		round, err := o.round(program, filepath.Join(folder, fmt.Sprint("data", n)))
		if err != nil {
			return err
		}

		for i := range measured {
			measured[i] = append(measured[i], round[i])
		}
	}

	o.print(measured)

	return nil
}

// names are those of the servers, in the order in which they are measured.
func (o options) names() [3]string {
	if o.fanned {
		return [3]string{"Sidereal", "broadcast in Go, goroutines", "graphql-ws, Yoga"}
	}

	return [3]string{"Sidereal", "broadcast in Go, a loop", "graphql-ws, Yoga"}
}

// round measures each server once. What subscribers of Sidereal got is what the others publish.
func (o options) round(program, data string) (measured [3]figures, err error) {
	names := o.names()

	ours, err := startSidereal(program, data)
	if err != nil {
		return measured, err
	}

	one, messages, err := o.measure(rival{ours, noticesTo(ours)})
	if err != nil {
		return measured, err
	}

	measured[0] = one

	executable, err := os.Executable()
	if err != nil {
		return measured, err
	}

	raw, err := process.Printing(names[1], executable, "raw", fmt.Sprintf("-fanned=%t", o.fanned))
	if err != nil {
		return measured, err
	}

	same := [][][]byte{messages, nil, nil}
	if measured[1], same[1], err = o.measure(rival{raw, func(i int) error { return post(raw, "/publish", messages[i]) }}); err != nil {
		return measured, err
	}

	yoga, err := process.Printing(names[2], "node", "bench/fanout/server.mjs", "schema.graphqls")
	if err != nil {
		return measured, err
	}

	if measured[2], same[2], err = o.measure(rival{yoga, func(i int) error {
		event, err := eventOf(messages[i])
		if err != nil {
			return err
		}

		return post(yoga, "/publish", event)
	}}); err != nil {
		return measured, err
	}

	return measured, compareBytes(names, same)
}

// compareBytes checks that subscribers of all servers got the same. What the first event of a subscription says of its cost, only Sidereal says.
func compareBytes(names [3]string, messages [][][]byte) error {
	for n, want := range messages[0] {
		for i, other := range messages {
			if n > 0 && !bytes.Equal(want, other[n]) {
				return fmt.Errorf("event %d is %s for %s and %s for %s", n, want, names[0], other[n], names[i])
			}
		}
	}

	return nil
}

// eventOf returns the event in a message.
func eventOf(message []byte) ([]byte, error) {
	var m struct {
		Payload struct {
			Data struct{ Events json.RawMessage }
		}
	}

	err := json.Unmarshal(message, &m)

	return m.Payload.Data.Events, err
}

// measure measures a server and stops it. It returns the messages that each subscriber got.
func (o options) measure(server rival) (f figures, messages [][]byte, err error) {
	defer server.Stop()

	time.Sleep(time.Second) // it has started, and comes to rest

	before := server.Resident()

	s, err := gather(o.sockets, livetest.Config{Endpoint: "http://" + server.Address + server.Path, Authorization: bearer(server.Process)}, following, true)
	if err != nil {
		return f, nil, fmt.Errorf("%s: %w", server.Name, err)
	}
	defer s.close()

	time.Sleep(o.settle)

	f.kilobytes = (server.Resident() - before) * 1000 / float64(o.sockets)

	if f.latencies, err = o.oneByOne(server, s); err == nil {
		err = o.burst(server, s, &f)
	}

	if err != nil {
		return f, nil, fmt.Errorf("%s: %w", server.Name, err)
	}

	return f, s.messages, nil
}

// oneByOne publishes events, each when the one before has reached all sockets, and returns how long each took.
func (o options) oneByOne(server rival, s *swarm) (took []time.Duration, err error) {
	for i := range warmUp + o.events {
		began := time.Now()

		if err := server.publish(i); err != nil {
			return nil, err
		}

		reached, err := s.next()
		if err != nil {
			return nil, err
		}

		if i >= warmUp {
			took = append(took, reached.Sub(began))
		}
	}

	slices.Sort(took)

	return took, nil
}

// burst publishes events without waiting for what comes of them.
func (o options) burst(server rival, s *swarm, f *figures) error {
	before, err := server.ProcessorTime()
	if err != nil {
		return err
	}

	own, err := process.ProcessorTime(os.Getpid())
	if err != nil {
		return err
	}

	began := time.Now()

	for i := range o.events {
		if err := server.publish(warmUp + o.events + i); err != nil {
			return err
		}
	}

	var reached time.Time

	for range o.events {
		if reached, err = s.next(); err != nil {
			return err
		}
	}

	after, err := server.ProcessorTime()
	if err != nil {
		return err
	}

	ownAfter, err := process.ProcessorTime(os.Getpid())
	if err != nil {
		return err
	}

	messages := o.events * o.sockets
	f.rate = float64(messages) / reached.Sub(began).Seconds()
	f.processor = (after - before) / time.Duration(messages)
	f.client = (ownAfter - own).Seconds() / reached.Sub(began).Seconds()

	return nil
}

// print prints medians, and how the first server compares with the others.
func (o options) print(measured [][]figures) {
	fmt.Printf("%d sockets, each with a subscription of the same document; %d events at once, %d one after the other; medians of %d rounds\n", o.sockets, o.events, o.events, o.rounds)
	fmt.Printf("%-28s %12s %12s %10s %10s %10s %8s\n", "", "messages/s", "µs of core", "p50 ms", "p99 ms", "kB each", "client")

	for i, name := range o.names() {
		of := func(figure func(figures) float64) float64 { return median(measured[i], figure) }
		at := func(share float64) func(figures) float64 {
			return func(f figures) float64 { return f.latencies[int(share*float64(len(f.latencies)-1))].Seconds() * 1000 }
		}

		fmt.Printf("%-28s %12.0f %12.2f %10.1f %10.1f %10.1f %6.0f %%\n", name, of(func(f figures) float64 { return f.rate }),
			of(func(f figures) float64 { return float64(f.processor.Nanoseconds()) / 1000 }), of(at(0.5)), of(at(0.99)),
			of(func(f figures) float64 { return f.kilobytes }), of(func(f figures) float64 { return f.client * 100 }))
	}

	fmt.Println("µs of core: the server's processor time for a message. p50, p99: from publishing an event until the last socket got it. kB each: memory of an idle subscriber")

	for i, name := range o.names() {
		if i == 0 {
			continue
		}

		rates, costs := make([]float64, o.rounds), make([]float64, o.rounds)
		for n := range rates {
			rates[n] = measured[0][n].rate / measured[i][n].rate
			costs[n] = float64(measured[i][n].processor) / float64(measured[0][n].processor)
		}

		fmt.Printf("Sidereal beside %s: %s times the messages a second, %s times as many for the same processor time\n", name, spread(rates), spread(costs))
	}
}

// spread words the median of ratios, the least and the greatest.
func spread(ratios []float64) string {
	slices.Sort(ratios)

	return fmt.Sprintf("%.2f (%.2f to %.2f)", ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1])
}

func median(rounds []figures, of func(figures) float64) float64 {
	values := make([]float64, len(rounds))
	for i, r := range rounds {
		values[i] = of(r)
	}

	slices.Sort(values)

	return values[len(values)/2]
}
