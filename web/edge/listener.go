package edge

import (
	"net"
	"sync"
)

// Limit returns a listener that has at most n connections open at once, WebSockets among them; the next ones wait in the system's queue until one is closed.
func Limit(inner net.Listener, n int) net.Listener {
	return &limited{Listener: inner, places: make(chan struct{}, n), closed: make(chan struct{})}
}

type limited struct {
	net.Listener

	places chan struct{}
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}

	inner, err := l.Listener.Accept()
	if err != nil {
		<-l.places

		return nil, err
	}

	return &placed{Conn: inner, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

// Close implements net.Listener.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })

	return l.Listener.Close()
}

// placed is a connection that holds a place until it is closed.
type placed struct {
	net.Conn

	leave func()
}

// Close implements net.Conn.
func (p *placed) Close() error {
	defer p.leave()

	return p.Conn.Close()
}

// CloseWrite is for http.Server, which ends what it says before it hangs up on a client that still talks: else the client's system would throw the answer away.
func (p *placed) CloseWrite() error {
	if inner, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return inner.CloseWrite()
	}

	return nil
}
