package transport

import (
	"context"
	"sync"
	"time"
)

// Sockets is the WebSockets that are open. http.Server forgets them: its Shutdown neither closes them nor waits for them.
type Sockets struct {
	mu       sync.Mutex
	open     map[*connection]struct{}
	stopping bool
	active   sync.WaitGroup // grows until stopping
	rooms    rooms
}

// NewSockets returns an empty set.
func NewSockets() *Sockets { return &Sockets{open: make(map[*connection]struct{})} }

// enter makes room for a socket that is about to open; false when the server is stopping.
func (s *Sockets) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.stopping {
		return false
	}

	s.active.Add(1)

	return true
}

// leave ends what enter began.
func (s *Sockets) leave() { s.active.Done() }

// add takes a socket in that has opened. One that comes when the server is stopping already is sent away.
func (s *Sockets) add(c *connection) {
	s.mu.Lock()
	s.open[c] = struct{}{}
	stopping := s.stopping
	s.mu.Unlock()

	if stopping {
		c.sendAway()
	}
}

func (s *Sockets) remove(c *connection) {
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
}

// The pace at which sockets are sent away, so that their clients do not come back all at once.
const (
	waves      = 50
	fewSockets = 100 // go at once
	wavesTime  = 2 * time.Second
	graceShare = 4 // of what is left of the grace, this part at most
)

// Close sends all sockets away and lets no new ones in. It returns when everything that belongs to them has ended, or with the error of ctx: then those that are left are
// cut.
func (s *Sockets) Close(ctx context.Context) error {
	open := s.stop()
	ended := make(chan struct{})

	go func() {
		s.active.Wait()
		close(ended)
	}()

	sendAway(ctx, open)

	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}

	for _, c := range open {
		c.cut()
	}

	return ctx.Err()
}

func (s *Sockets) stop() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.stopping = true
	open := make([]*connection, 0, len(s.open))

	for c := range s.open {
		open = append(open, c)
	}

	return open
}

// sendAway sends sockets away in waves; the last ones at the latest when ctx has ended.
func sendAway(ctx context.Context, open []*connection) {
	size := max(fewSockets, (len(open)+waves-1)/waves)
	pause := wavesTime / waves

	if end, ok := ctx.Deadline(); ok {
		pause = min(pause, time.Until(end)/graceShare/waves)
	}

	timer := time.NewTimer(0)
	defer timer.Stop()

	for i, c := range open {
		if i > 0 && i%size == 0 {
			timer.Reset(max(pause, 0))

			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}

		c.sendAway()
	}
}
