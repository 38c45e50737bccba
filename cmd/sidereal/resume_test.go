package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/account"
	"sidereal/internal/livetest"
	"sidereal/internal/natstest"
	"sidereal/internal/pgtest"
	"sidereal/internal/redistest"
)

// storm is what clients and servers go through.
type storm struct {
	clients, events int
	cuts            int // connections that clients lose in the middle of what they read
	kills           int // servers that are killed
	within          time.Duration
}

// stormOf returns the whole one with SIDEREAL_RESUME=full, and one of seconds otherwise.
func stormOf() storm {
	if os.Getenv("SIDEREAL_RESUME") == "full" {
		return storm{clients: 50, events: 10_000, cuts: 1_000, kills: 5, within: 10 * time.Minute}
	}

	return storm{clients: 10, events: 1_000, cuts: 100, kills: 2, within: 80 * time.Second}
}

// Clients that lose their connection at any byte and their server at any moment get every event once and in order, when they come back with the cursor of the last one that
// they got. What is true is what the stream holds in the end; and all that was acknowledged is in it, in the order of the acknowledgements.
func TestClientsThatResumeGetEveryEventOnceAndInOrder(t *testing.T) {
	// Twice as many connections and streams as by default fit in here, and nobody asks about rates.
	free := []string{
		"SIDEREAL_MAX_CONNECTIONS=0", "SIDEREAL_MAX_STREAMS=0", "SIDEREAL_MAX_STREAMS_PER_USER=0", "SIDEREAL_MAX_STREAMS_PER_ADDRESS=0",
	}

	t.Run("one server that holds everything itself", func(t *testing.T) {
		stormOf().test(t, launch(t, append(embedded(t), free...)))
	})

	if testing.Short() {
		return
	}

	t.Run("two servers on PostgreSQL, NATS and Redis", func(t *testing.T) {
		shared := slices.Concat(free, []string{
			"SIDEREAL_DATABASE_URL=" + pgtest.Start(t).NewDatabase(t), "SIDEREAL_REDIS_URL=" + redistest.Start(t).URL(),
			"SIDEREAL_NATS_URL=" + natstest.Start(t).URL(),
		})

		stormOf().test(t, launch(t, append(embedded(t), shared...)), launch(t, append(embedded(t), shared...)))
	})
}

const warningsAfter = `subscription Follow($after: Cursor) {
	events(types: [SYSTEM_WARNING], after: $after) { id cursor type ... on SystemWarning { message } }
}`

// warning is an event that clients get.
type warning struct{ ID, Cursor, Type, Message string }

func (s storm) test(t *testing.T, servers ...*process) {
	ctx, cancel := context.WithTimeout(t.Context(), s.within)
	defer cancel()

	w := &writer{servers: servers, authorization: bearer(t, account.Admin, time.Hour), sent: make(map[string]bool)}
	start := firstCursor(ctx, t, w)

	var (
		clients errgroup.Group
		got     = make([][]warning, s.clients)
		all     = make([]*livetest.Follower, s.clients)
	)

	for i := range all {
		all[i] = follower(w, start, true)

		clients.Go(func() error {
			var err error

			got[i], err = readAll(ctx, all[i])

			return err
		})
	}

	cuts := s.rage(ctx, t, w, all)
	w.publish(ctx, t, lastNotice)

	if err := clients.Wait(); err != nil {
		t.Fatal(err)
	}

	truth, err := readAll(ctx, follower(w, start, false))
	if err != nil {
		t.Fatal(err)
	}

	w.check(t, truth)

	for i := range got {
		compareWarnings(t, fmt.Sprintf("client %d", i), truth, got[i])
	}

	connections := 0
	for _, f := range all {
		_, n := f.Counts()
		connections += n
	}

	for _, p := range servers {
		if races := p.log.lines("DATA RACE"); len(races) > 0 {
			t.Errorf("%s has data races", p.address)
		}
	}

	t.Logf("%d events, %d acknowledged; %d clients connected %d times and were cut %d times; %d servers killed", len(truth), len(w.acknowledged), s.clients, connections, cuts, s.kills)
}

// lastNotice is the text of the notice after which nothing comes.
const lastNotice = "the end"

// follower returns a client that begins behind a cursor. One that is unlucky is sometimes cut while it connects or catches up.
func follower(w *writer, after string, unlucky bool) *livetest.Follower {
	return &livetest.Follower{Document: warningsAfter, After: after, Connect: func() livetest.Config {
		c := livetest.Config{Endpoint: w.endpoint(rand.N(len(w.servers))), Authorization: w.authorization}
		if unlucky && rand.N(8) == 0 {
			c.CutAfter = 1 + rand.N(4_000)
		}

		return c
	}}
}

// readAll follows up to the last notice.
func readAll(ctx context.Context, f *livetest.Follower) (got []warning, err error) {
	var broken error

	err = f.Run(ctx, func(event json.RawMessage) bool {
		var one warning

		broken = json.Unmarshal(event, &one)
		got = append(got, one)

		return broken == nil && one.Message != lastNotice
	})
	if err != nil {
		return got, fmt.Errorf("after %d events: %w", len(got), err)
	}

	return got, broken
}

// firstCursor returns the place where the stream is before anything is published, which all begin behind.
func firstCursor(ctx context.Context, t *testing.T, w *writer) string {
	t.Helper()

	socket, err := livetest.Open(ctx, livetest.Config{Endpoint: w.endpoint(0), Authorization: w.authorization})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Cut()

	if socket.Cursor == "" {
		t.Fatal("the acknowledgement has no cursor")
	}

	return socket.Cursor
}

// rage publishes all notices while it cuts and kills, and returns how many connections were cut. The numbers are met at least.
func (s storm) rage(ctx context.Context, t *testing.T, w *writer, clients []*livetest.Follower) (cuts int) {
	const batch = 10

	var killer sync.WaitGroup
	defer killer.Wait()

	killed := 0

	for n := 0; n < s.events || cuts < s.cuts; n += batch {
		// A killing is due at equal distances. It happens at any moment of the next requests; the server is back some time later.
		if killed < s.kills && n >= s.events*(killed+1)/(s.kills+1) {
			killer.Wait()

			victim := w.servers[killed%len(w.servers)]
			killed++

			killer.Go(func() {
				time.Sleep(rand.N(5 * time.Millisecond))
				victim.kill()

				if err := victim.start(); err != nil {
					t.Error(err)
				}
			})
		}

		clients[rand.N(len(clients))].CutAfter(1 + rand.N(2_000))

		texts := make([]string, batch)
		for i := range texts {
			texts[i] = fmt.Sprintf("notice %d", n+i)
		}

		w.publish(ctx, t, texts...)

		if t.Failed() || ctx.Err() != nil {
			t.Fatalf("%d of %d events, %d of %d cuts", n, s.events, cuts, s.cuts)
		}

		cuts = 0
		for _, f := range clients {
			one, _ := f.Counts()
			cuts += one
		}
	}

	return cuts
}

// compareWarnings tells where what a client got parts from what is true.
func compareWarnings(t *testing.T, who string, want, got []warning) {
	t.Helper()

	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			t.Errorf("%s got %d events of %d, and lacks %+v", who, len(got), len(want), want[i])
		case i >= len(want):
			t.Errorf("%s got %d events of %d: %+v besides", who, len(got), len(want), got[i])
		case want[i] != got[i]:
			t.Errorf("%s: want %+v as number %d, got %+v", who, want[i], i, got[i])
		default:
			continue
		}

		return
	}
}
