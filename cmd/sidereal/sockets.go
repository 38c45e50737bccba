package main

import (
	"context"
	"net/http"
	"sync"
)

// sockets knows the WebSockets, which http.Server forgets once they are hijacked: its Shutdown neither closes them nor waits for them.
type sockets struct {
	open   context.Context //nolint:containedctx // its end is the end of every socket
	Close  context.CancelFunc
	active sync.WaitGroup
}

func newSockets() *sockets {
	s := new(sockets)
	s.open, s.Close = context.WithCancel(context.Background())

	return s
}

// Handler gives requests for a WebSocket a context that also ends with Close.
func (s *sockets) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			next.ServeHTTP(w, r)

			return
		}

		s.active.Add(1)
		defer s.active.Done()

		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.open, cancel)() //nolint:contextcheck // a second end for the inherited one

		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Wait returns when the last socket has ended, or with the error of ctx. No request may begin any more.
func (s *sockets) Wait(ctx context.Context) error {
	done := make(chan struct{})

	go func() {
		s.active.Wait()
		close(done)
	}()

	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
