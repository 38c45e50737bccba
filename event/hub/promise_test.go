package hub

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/fault"
)

// TestThePromiseHolds lets many readers, quick ones and slow ones, follow a stream at two hubs while the stream goes away and comes back, and lets them change from one hub
// to the other: each gets every event that passes, once and in order. In the second round the stream loses events as well: then a reader may miss some, but not unawares.
func TestThePromiseHolds(t *testing.T) {
	rounds := uint64(30)
	if testing.Short() {
		rounds = 3
	}

	for _, lossy := range []bool{false, true} {
		for round := range rounds {
			seed := round
			if round > 0 {
				seed = rand.Uint64()
			}

			t.Run(fmt.Sprintf("losing events %v, seed %d", lossy, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { promise(t, seed, lossy) })
			})
		}
	}
}

const (
	promisedEvents  = 600
	promisedReaders = 16
)

func promise(t *testing.T, seed uint64, lossy bool) {
	w := &world{T: t, Broker: eventtest.New(), seed: seed}

	for range 2 {
		h := New(w.Broker, Config{Log: slog.New(slog.DiscardHandler), Buffer: 4, Page: 5, Reads: 2})
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}

		defer h.Stop(context.Background())

		w.hubs = append(w.hubs, h)
	}

	synctest.Wait()

	var working, reading sync.WaitGroup

	ctx, stop := context.WithCancel(t.Context())

	for i := range promisedReaders {
		r := &walker{w: w, rng: w.rng(1, i), filter: randomFilter(w.rng(2, i)), id: fmt.Sprintf("end %d", i)}
		w.walkers = append(w.walkers, r)
		r.subscribe(Place{Beginning: i%2 == 0})

		reading.Go(r.walk)
	}

	working.Go(func() { w.disturb(ctx, lossy) })
	w.publishAll()
	stop()
	working.Wait()

	for _, r := range w.walkers {
		w.publish(r.last())
	}

	reading.Wait()
}

// world is a stream, with what it ever held, and hubs over it.
type world struct {
	*testing.T
	*eventtest.Broker

	seed    uint64
	hubs    []*Hub
	walkers []*walker

	mu      sync.Mutex // one change of the stream at a time
	history []placed
}

// placed is an event that the stream held.
type placed struct {
	event  event.Event
	cursor event.Cursor
}

func (w *world) rng(kind, i int) *rand.Rand {
	return rand.New(rand.NewPCG(w.seed, uint64(kind*1000+i)))
}

func (w *world) publishAll() {
	rng := w.rng(3, 0)

	for i := range promisedEvents {
		if rng.IntN(4) == 0 {
			time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
		}

		w.publish(randomEvent(rng, fmt.Sprint(i)))
	}
}

// publish publishes an event as soon as that succeeds.
func (w *world) publish(e event.Event) {
	for !w.tryPublish(e) {
		time.Sleep(time.Millisecond)
	}
}

func (w *world) tryPublish(e event.Event) bool {
	w.mu.Lock()
	defer w.mu.Unlock()

	if w.Publish(w.Context(), e) != nil {
		return false
	}

	state, err := w.State(w.Context())
	for err != nil { // it went away between the two
		w.Unreachable(false)
		state, err = w.State(w.Context())
	}

	w.history = append(w.history, placed{e, event.Cursor{Epoch: state.Epoch, Sequence: state.Last}})

	return true
}

// disturb harms the stream until ctx ends, and leaves it in reach.
func (w *world) disturb(ctx context.Context, lossy bool) {
	rng := w.rng(4, 0)

	defer w.Unreachable(false)

	for ctx.Err() == nil {
		time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)

		switch rng.IntN(8) {
		case 0, 1, 2:
			w.Cut()
		case 3, 4:
			w.Unreachable(true)
			time.Sleep(time.Duration(rng.IntN(1000)) * time.Millisecond)
			w.Unreachable(false)
		case 5:
			w.change(lossy, func() { w.Lose(rng.IntN(60)) })
		case 6:
			w.change(lossy && rng.IntN(3) == 0, w.Renew)
		case 7:
			w.change(true, func() { w.Skip(rng.IntN(3)) })
		}
	}
}

func (w *world) change(allowed bool, do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()

	if allowed {
		do()
	}
}

// between returns the ids of what passes a filter behind a place and up to another one of the same epoch.
func (w *world) between(f event.Filter, from, to event.Cursor) []string {
	w.mu.Lock()
	defer w.mu.Unlock()

	var ids []string

	for _, p := range w.history {
		if p.cursor.Epoch == from.Epoch && p.cursor.Sequence > from.Sequence && p.cursor.Sequence <= to.Sequence && f.Matches(&p.event) {
			ids = append(ids, p.event.ID)
		}
	}

	return ids
}

// walker is somebody who reads until he has read the last event that is for him.
type walker struct {
	w      *world
	rng    *rand.Rand
	filter event.Filter
	id     string

	subscription *Subscription
	notified     chan struct{}
	begun        event.Cursor // of what is checked at once: where he began without missing anything
	got          []string     // since
}

// last returns the event that ends it: one that passes its filter.
func (r *walker) last() event.Event {
	e := event.New(event.SystemError, time.Now(), r.filter.Subject, "", nil)
	e.ID = r.id

	if len(r.filter.Types) > 0 {
		e.Type = r.filter.Types[0]
	}

	if !r.filter.Everybody {
		e.Owner = r.filter.Owners[0]
	}

	return e
}

// subscribe goes to any of the hubs, as often as it takes. Where the place is lost, it begins with what is left.
func (r *walker) subscribe(from Place) {
	before := r.place()

	for {
		r.notified = make(chan struct{}, 1)
		notified := r.notified

		s, err := r.w.hubs[r.rng.IntN(len(r.w.hubs))].Subscribe(r.w.Context(), r.filter, from, func() { notified <- struct{}{} }) // a storm would block
		if err == nil {
			r.subscription = s

			if from.After != before || from.After.IsZero() {
				r.begun, r.got = s.Cursor(), nil
			}

			return
		}

		from = r.after(err, from)
	}
}

// place is what it has read, as far as nothing is missing.
func (r *walker) place() event.Cursor {
	if r.subscription == nil {
		return event.Cursor{}
	}

	return r.subscription.Cursor()
}

// after returns where to go on after an error.
func (r *walker) after(err error, from Place) Place {
	f, _ := fault.As(err)

	switch {
	case f != nil && f.Code == fault.UpstreamUnavailable:
		time.Sleep(time.Duration(r.rng.IntN(100)) * time.Millisecond)
	case f != nil && f.Code == fault.CursorExpired:
		earliest, _ := f.Details["earliest"].(string)
		from.After, _ = event.ParseCursor(earliest)
	default:
		r.w.Errorf("want no other errors, got %v", err)
	}

	return from
}

func (r *walker) walk() {
	defer func() { r.subscription.Close() }()

	slow := r.rng.IntN(3) == 0

	for {
		if slow {
			time.Sleep(time.Duration(r.rng.IntN(10)) * time.Millisecond)
		}

		p, err := r.subscription.Next(r.w.Context())

		switch {
		case err != nil:
			r.check()

			if fault.CodeOf(err) == fault.UpstreamUnavailable {
				r.after(err, Place{})
			} else {
				r.move(r.after(err, Place{}))
			}
		case p == nil:
			<-r.notified
		default:
			r.got = append(r.got, p.ID)

			if p.ID == r.id {
				r.check()

				return
			}
		}

		if err == nil && r.rng.IntN(20) == 0 {
			r.move(Place{After: r.subscription.Cursor()})
		}
	}
}

func (r *walker) move(to Place) {
	r.subscription.Close()
	r.subscribe(to)
}

// check compares what was read with what the stream held.
func (r *walker) check() {
	want := r.w.between(r.filter, r.begun, r.subscription.Cursor())

	if !slices.Equal(r.got, want) {
		r.w.Errorf("%+v behind %v up to %v: want %d events %v, got %d %v", r.filter, r.begun, r.subscription.Cursor(), len(want), want, len(r.got), r.got)
	}
}

var (
	someTypes    = []event.Type{event.ReadingStarted, event.ReadingProgress, event.ReadingCompleted}
	someSubjects = []string{"", "a", "b"}
	someOwners   = []string{"", "ann", "bob"}
)

func randomEvent(rng *rand.Rand, data string) event.Event {
	return event.New(someTypes[rng.IntN(3)], time.Now(), someSubjects[rng.IntN(3)], someOwners[rng.IntN(3)], data)
}

func randomFilter(rng *rand.Rand) event.Filter {
	f := event.Filter{Owners: someOwners[rng.IntN(2) : 2+rng.IntN(2)], Everybody: rng.IntN(3) == 0}

	if rng.IntN(3) == 0 {
		f.Types = someTypes[:1+rng.IntN(2)]
	}

	if rng.IntN(3) == 0 {
		f.Subject = someSubjects[1+rng.IntN(2)]
	}

	return f
}
