//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
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
	folder, err := os.MkdirTemp("", "bench-idle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)

	program, err := process.Build(folder)
	if err != nil {
		return err
	}

	server, err := startSidereal(program, filepath.Join(folder, "data"))
	if err != nil {
		return err
	}
	defer server.Stop()

	cfg := livetest.Config{Endpoint: "http://" + server.Address + server.Path, Authorization: bearer(server)}

	w, err := watch(cfg)
	if err != nil {
		return err
	}
	defer w.Cut()

	if err := drop(cfg, o.document, 4*handshakes); err != nil { // what is made once, or kept in pools, has been made
		return err
	}

	time.Sleep(o.settle)

	start, err := sample(w, server, "at the start")
	if err != nil {
		return err
	}

	if err := o.stay(w, server, cfg, start); err != nil {
		return err
	}

	if err := back(w, server, start, "all have gone"); err != nil {
		return err
	}

	if err := drop(cfg, o.document, o.churn); err != nil {
		return err
	}

	return back(w, server, start, fmt.Sprintf("%d have come and gone", o.churn))
}

// state is what the server holds.
type state struct {
	goroutines int
	megabytes  float64 // resident
}

// stay keeps the subscribers. It fails when they cost more in the end than once they had all come.
func (o options) stay(w *livetest.Socket, server *process.Process, cfg livetest.Config, start state) error {
	s, err := gather(o.sockets, cfg, o.document, false)
	if err != nil {
		return err
	}
	defer s.close()

	time.Sleep(o.settle)

	first, err := sample(w, server, fmt.Sprintf("%d subscribe", o.sockets))
	if err != nil {
		return err
	}

	fmt.Printf("%-28s %.1f kB, %.2f goroutines\n", "a subscriber", (first.megabytes-start.megabytes)*1000/float64(o.sockets), float64(first.goroutines-start.goroutines)/float64(o.sockets))

	end := first

	for began := time.Now(); time.Since(began) < o.during; {
		select {
		case err := <-s.failed:
			return err
		case <-time.After(min(sampled, o.during-time.Since(began))):
		}

		if end, err = sample(w, server, "after "+time.Since(began).Round(time.Second).String()); err != nil {
			return err
		}
	}

	const growth = 1.05

	if end.megabytes > first.megabytes*growth || end.goroutines > first.goroutines+o.sockets/100 {
		return fmt.Errorf("idle subscribers grow: from %d goroutines and %.1f MB to %d and %.1f MB", first.goroutines, first.megabytes, end.goroutines, end.megabytes)
	}

	return nil
}

// back waits until the server has as few goroutines as at the start.
func back(w *livetest.Socket, server *process.Process, start state, when string) error {
	for deadline := time.Now().Add(patience); ; {
		now, err := look(w, server)
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

// watch subscribes to what the server says of itself.
func watch(cfg livetest.Config) (*livetest.Socket, error) {
	socket, err := livetest.Open(context.Background(), cfg)
	if err != nil {
		return nil, err
	}

	return socket, socket.Subscribe("1", "subscription { operationsSnapshots(everyMs: 100) { at goroutines } }", nil)
}

// look returns what the server holds now.
func look(w *livetest.Socket, server *process.Process) (state, error) {
	for {
		m, err := w.Next()
		if err != nil {
			return state{}, err
		}

		var payload struct {
			Data struct {
				OperationsSnapshots *struct {
					At         time.Time
					Goroutines int
				}
			}
		}

		if err := json.Unmarshal(m.Payload, &payload); err != nil || payload.Data.OperationsSnapshots == nil {
			return state{}, fmt.Errorf("the server says %s of itself: %w", m.Payload, err)
		}

		// Those that waited to be read are of the past.
		if s := payload.Data.OperationsSnapshots; time.Since(s.At) < time.Second {
			return state{s.Goroutines, server.Resident()}, nil
		}
	}
}

// sample looks and prints.
func sample(w *livetest.Socket, server *process.Process, when string) (state, error) {
	now, err := look(w, server)
	if err == nil {
		now.print(when)
	}

	return now, err
}

func (s state) print(when string) {
	fmt.Printf("%-28s %6d goroutines  %7.1f MB\n", when, s.goroutines, s.megabytes)
}
