// Package eventtest helps to test what publishes, carries and follows events: a stream in memory that fails on demand, and what every event.Broker must keep to.
package eventtest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"sidereal/event"
)

var (
	// ErrUnreachable is what a Broker says while it is out of reach.
	ErrUnreachable = errors.New("eventtest: the stream is out of reach")
	// ErrCut is what ends the followers that Cut cuts off.
	ErrCut = errors.New("eventtest: the follower was cut off")
)

// Broker is an event.Broker in memory. It keeps what it takes until it is told to lose it.
type Broker struct {
	mu          sync.Mutex
	epoch       int
	events      []*event.Placed // by sequence
	last        uint64          // the newest sequence, whether or not its event is still there
	lost        uint64          // the sequence of the newest event among those that Lose dropped
	ids         map[string]struct{}
	unreachable bool
	cuts        int           // how often the followers were cut off
	changed     chan struct{} // closed at every change, and made anew
}

var _ event.Broker = (*Broker)(nil)

// New returns an empty stream.
func New() *Broker {
	return &Broker{epoch: 1, ids: make(map[string]struct{}), changed: make(chan struct{})}
}

// Unreachable takes the stream out of reach, which ends all followers, or brings it back.
func (b *Broker) Unreachable(yes bool) {
	b.change(func() { b.unreachable = yes })
}

// Cut ends all who follow now with ErrCut.
func (b *Broker) Cut() {
	b.change(func() { b.cuts++ })
}

// Lose drops the oldest n events, or all.
func (b *Broker) Lose(n int) {
	b.change(func() {
		for ; n > 0 && len(b.events) > 0; n-- {
			b.lost = b.events[0].Cursor.Sequence
			b.events = b.events[1:]
		}
	})
}

// Rewind drops the newest n events, or all, and gives their sequences anew: a server that lost power.
func (b *Broker) Rewind(n int) {
	b.change(func() {
		for ; n > 0 && len(b.events) > 0; n-- {
			newest := b.events[len(b.events)-1]
			b.events = slices.Clip(b.events[:len(b.events)-1]) // a follower may hold what was behind
			b.last = newest.Cursor.Sequence - 1
			delete(b.ids, newest.ID)
		}
	})
}

// Renew makes the stream anew: empty, and of another epoch.
func (b *Broker) Renew() {
	b.change(func() {
		b.epoch++
		b.events, b.last, b.lost, b.ids = nil, 0, 0, make(map[string]struct{})
	})
}

// Skip leaves out n sequences.
func (b *Broker) Skip(n int) {
	b.change(func() { b.last += uint64(n) })
}

// change does something and wakes the followers.
func (b *Broker) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()

	do()
	close(b.changed)
	b.changed = make(chan struct{})
}

// enter returns why a call fails at once. The lock is held.
func (b *Broker) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	if b.unreachable {
		return ErrUnreachable
	}

	return nil
}

// Publish implements event.Broker.
func (b *Broker) Publish(ctx context.Context, e event.Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("eventtest: data of %s: %w", e.ID, err)
	}

	e.Data = json.RawMessage(data)

	b.mu.Lock()
	defer b.mu.Unlock()

	if err := b.enter(ctx); err != nil {
		return err
	}

	if _, repeated := b.ids[e.ID]; repeated {
		return nil
	}

	b.last++
	b.ids[e.ID] = struct{}{}
	b.events = append(b.events, &event.Placed{Event: e, Cursor: event.Cursor{Epoch: b.name(), Sequence: b.last}, StoredAt: time.Now()})

	close(b.changed)
	b.changed = make(chan struct{})

	return nil
}

// name is the epoch as cursors have it.
func (b *Broker) name() string { return "epoch" + strconv.Itoa(b.epoch) }

// State implements event.Broker.
func (b *Broker) State(ctx context.Context) (event.State, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	if err := b.enter(ctx); err != nil {
		return event.State{}, err
	}

	return event.State{Epoch: b.name(), First: b.first(), Last: b.last}, nil
}

func (b *Broker) first() uint64 {
	if len(b.events) == 0 {
		return b.last + 1
	}

	return b.events[0].Cursor.Sequence
}

// Read implements event.Broker.
func (b *Broker) Read(ctx context.Context, epoch string, f event.Filter, after, upTo uint64, limit int) ([]*event.Placed, uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	behind, err := b.behind(ctx, epoch, after)
	if err != nil {
		return nil, 0, err
	}

	var page []*event.Placed

	for _, p := range behind {
		if p.Cursor.Sequence > upTo {
			break
		}

		if f.Matches(&p.Event) {
			page = append(page, p)
		}

		if len(page) == limit {
			return page, p.Cursor.Sequence, nil
		}
	}

	return page, upTo, nil
}

// behind returns the events behind a place. The lock is held.
func (b *Broker) behind(ctx context.Context, epoch string, after uint64) ([]*event.Placed, error) {
	if err := b.enter(ctx); err != nil {
		return nil, err
	}

	if epoch != b.name() || after < b.lost {
		return nil, event.ErrExpired
	}

	from, _ := slices.BinarySearchFunc(b.events, after+1, func(p *event.Placed, sequence uint64) int { return cmp.Compare(p.Cursor.Sequence, sequence) })

	return b.events[from:], nil
}

// Follow implements event.Broker.
func (b *Broker) Follow(ctx context.Context, epoch string, after uint64, deliver func(*event.Placed)) error {
	b.mu.Lock()
	cuts := b.cuts
	b.mu.Unlock()

	for {
		b.mu.Lock()
		events, err := b.behind(ctx, epoch, after)
		cut, changed := b.cuts != cuts, b.changed
		b.mu.Unlock()

		switch {
		case err != nil:
			return err
		case cut:
			return ErrCut
		case len(events) > 0:
			deliver(events[0])

			after = events[0].Cursor.Sequence

			continue
		}

		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
