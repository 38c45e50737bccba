package live

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Ticker is the source of subscriptions to a value as it is every now and then. Those with one interval get the same value at the same time, and the value is made
// once. Nothing runs while nobody subscribes. It is safe for concurrent use.
type Ticker struct {
	sample func() any
	made   atomic.Uint64 // items

	mu     sync.Mutex
	wheels map[time.Duration]*wheel
}

// NewTicker returns a ticker; sample makes the value of a moment, from any goroutine.
func NewTicker(sample func() any) *Ticker {
	return &Ticker{sample: sample, wheels: make(map[time.Duration]*wheel)}
}

// wheel is the subscribers with one interval.
type wheel struct {
	ticker   *Ticker
	interval time.Duration
	timer    *time.Timer

	readers map[*tickReader]struct{} // under the ticker's mu
}

// tickReader is one subscriber. One that is slow skips to the latest value.
type tickReader struct {
	wheel  *wheel
	notify func()
	next   *Item // that it has not read
}

// Every returns what opens a source with a value at once and another one after each interval.
func (t *Ticker) Every(interval time.Duration) Open {
	return func(_ context.Context, notify func()) (Source, error) {
		r := &tickReader{notify: notify, next: t.item()}

		t.mu.Lock()
		defer t.mu.Unlock()

		w := t.wheels[interval]
		if w == nil {
			w = &wheel{ticker: t, interval: interval, readers: make(map[*tickReader]struct{})}
			w.timer = time.AfterFunc(interval, w.tick)
			t.wheels[interval] = w
		}

		r.wheel = w
		w.readers[r] = struct{}{}

		return r, nil
	}
}

// item makes the value of this moment an item.
func (t *Ticker) item() *Item {
	return &Item{Key: strconv.FormatUint(t.made.Add(1), 10), Value: t.sample()}
}

// tick hands out a new value.
func (w *wheel) tick() {
	for _, r := range w.turn(w.ticker.item()) {
		r.notify() // not under the lock: who is notified may be closing another source
	}
}

// turn gives a value to the readers and returns them.
func (w *wheel) turn(item *Item) []*tickReader {
	w.ticker.mu.Lock()
	defer w.ticker.mu.Unlock()

	if len(w.readers) == 0 {
		return nil
	}

	w.timer.Reset(w.interval)

	readers := make([]*tickReader, 0, len(w.readers))

	for r := range w.readers {
		r.next = item
		readers = append(readers, r)
	}

	return readers
}

// Next implements Source.
func (r *tickReader) Next(context.Context) (*Item, error) {
	t := r.wheel.ticker

	t.mu.Lock()
	defer t.mu.Unlock()

	item := r.next
	r.next = nil

	return item, nil
}

// Close implements Source.
func (r *tickReader) Close() {
	w := r.wheel

	w.ticker.mu.Lock()
	defer w.ticker.mu.Unlock()

	delete(w.readers, r)

	if len(w.readers) == 0 && w.ticker.wheels[w.interval] == w {
		w.timer.Stop()
		delete(w.ticker.wheels, w.interval)
	}
}
