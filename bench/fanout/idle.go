//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/bench/process"
	"sidereal/internal/livetest"
)

const (
	sampled = 30 * time.Second // between two lines
	// patience is how long the server may take to clean up after connections that are gone.
	patience = 30 * time.Second
	// ofRuntime is how many goroutines the Go runtime may make for itself when there is more to clean up than at the start; it keeps them.
	ofRuntime = 2
)

// idle keeps subscribers who hear nothing, then lets connections come and go, and sees that nothing is left of either.
func idle(o options) error {
	program, folder, remove, err := process.Build()
	if err != nil {
		return err
	}
	defer remove()

	server, err := startSidereal(program, filepath.Join(folder, "data"))
	if err != nil {
		return err
	}
	defer server.Stop()

	cfg := livetest.Config{Endpoint: "http://" + server.Address + server.Path, Authorization: bearer(server)}

	if err := drop(cfg, o.document, 4*handshakes); err != nil { // what is made once, or kept in pools, has been made
		return err
	}

	time.Sleep(o.settle)

	start, err := sample(server, cfg, "at the start")
	if err != nil {
		return err
	}

	if err := o.stay(server, cfg, start); err != nil {
		return err
	}

	if err := back(server, cfg, start, "all have gone"); err != nil {
		return err
	}

	if err := drop(cfg, o.document, o.churn); err != nil {
		return err
	}

	return back(server, cfg, start, fmt.Sprintf("%d have come and gone", o.churn))
}

// state is what the server holds.
type state struct {
	goroutines int
	megabytes  float64 // resident
}

// stay keeps the subscribers. It fails when they cost more in the last minutes than in the first: of either, most is taken, since the collector runs every two.
func (o options) stay(server *process.Process, cfg livetest.Config, start state) error {
	s, err := gather(o.sockets, cfg, o.document, false)
	if err != nil {
		return err
	}
	defer s.close()

	time.Sleep(o.settle)

	first, err := sample(server, cfg, fmt.Sprintf("%d subscribe", o.sockets))
	if err != nil {
		return err
	}

	fmt.Printf("%-28s %.1f kB, %.2f goroutines\n", "a subscriber", (first.megabytes-start.megabytes)*1000/float64(o.sockets), float64(first.goroutines-start.goroutines)/float64(o.sockets))

	var before, after state // the most of the first half, and of the second

	for began := time.Now(); time.Since(began) < o.during; {
		select {
		case err := <-s.failed:
			return err
		case <-time.After(min(sampled, o.during-time.Since(began))):
		}

		now, err := sample(server, cfg, "after "+time.Since(began).Round(time.Second).String())
		if err != nil {
			return err
		}

		if time.Since(began) <= o.during/2 {
			before = before.most(now)
		} else {
			after = after.most(now)
		}
	}

	const growth = 1.05

	if after.megabytes > before.megabytes*growth || after.goroutines > before.goroutines+o.sockets/100 {
		return fmt.Errorf("idle subscribers grow: from %d goroutines and %.1f MB to %d and %.1f MB", before.goroutines, before.megabytes, after.goroutines, after.megabytes)
	}

	return nil
}

// back waits until the server has as few goroutines as at the start.
func back(server *process.Process, cfg livetest.Config, start state, when string) error {
	for deadline := time.Now().Add(patience); ; {
		now, err := look(server, cfg)
		if err != nil {
			return err
		}

		if now.goroutines <= start.goroutines+ofRuntime {
			now.print(when)

			return nil
		}

		if time.Now().After(deadline) {
			return fmt.Errorf("%s, and %d goroutines are left of %d at the start", when, now.goroutines, start.goroutines)
		}
	}
}

// drop lets connections come and go: in the middle of the handshake, before they subscribe, while they do, and afterwards.
func drop(cfg livetest.Config, document string, connections int) error {
	var group errgroup.Group

	group.SetLimit(handshakes)

	for i := range connections {
		group.Go(func() error {
			cfg := cfg
			if i%4 == 0 {
				cfg.CutAfter = 1 + rand.N(300)
			}

			socket, err := livetest.Open(context.Background(), cfg)
			if errors.Is(err, livetest.ErrCut) {
				return nil
			}

			if err != nil {
				return err
			}
			defer socket.Cut()

			if i%4 == 1 {
				return nil
			}

			if err := socket.Subscribe("1", document, nil); err != nil || i%4 == 2 {
				return err
			}

			// What is answered has been taken up, so the subscription stands or is about to.
			if err := socket.Send(livetest.Message{Type: "ping"}); err != nil {
				return err
			}

			_, err = socket.Next()
			if errors.Is(err, livetest.ErrCut) {
				return nil
			}

			return err
		})
	}

	return group.Wait()
}

// look returns what the server holds now, on a socket of its own: one that is not read all the time is cut.
func look(server *process.Process, cfg livetest.Config) (state, error) {
	socket, err := livetest.Open(context.Background(), cfg)
	if err != nil {
		return state{}, err
	}
	defer socket.Cut()

	if err := socket.Subscribe("1", "subscription { operationsSnapshots(everyMs: 60000) { goroutines } }", nil); err != nil {
		return state{}, err
	}

	m, err := socket.Next()
	if err != nil {
		return state{}, err
	}

	var payload struct {
		Data struct {
			OperationsSnapshots *struct{ Goroutines int }
		}
	}

	if err := json.Unmarshal(m.Payload, &payload); err != nil || payload.Data.OperationsSnapshots == nil {
		return state{}, fmt.Errorf("the server says %s of itself: %w", m.Payload, err)
	}

	return state{payload.Data.OperationsSnapshots.Goroutines, server.Resident()}, nil
}

// sample looks and prints.
func sample(server *process.Process, cfg livetest.Config, when string) (state, error) {
	now, err := look(server, cfg)
	if err == nil {
		now.print(when)
	}

	return now, err
}

func (s state) most(other state) state {
	return state{max(s.goroutines, other.goroutines), max(s.megabytes, other.megabytes)}
}

func (s state) print(when string) {
	fmt.Printf("%-28s %6d goroutines  %7.1f MB\n", when, s.goroutines, s.megabytes)
}
