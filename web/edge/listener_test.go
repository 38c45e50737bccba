package edge

import (
	"errors"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestTheNextConnectionWaitsForAPlace(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())

	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	listener := Limit(inner, 2)
	accepted, ended := make(chan net.Conn, 3), make(chan error, 1)

	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				ended <- err

				return
			}

			accepted <- c
		}
	}()

	for range 3 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}

		defer c.Close()
	}

	first, second := <-accepted, <-accepted

	select {
	case <-accepted:
		t.Fatal("three connections have two places")
	case <-time.After(50 * time.Millisecond):
	}

	for range 3 { // leaving twice frees one place
		_ = first.Close()
	}

	third := <-accepted

	// The listener is waiting for a place; closing it must not wait for one.
	if err := listener.Close(); err != nil {
		t.Error(err)
	}

	select {
	case err := <-ended:
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("want net.ErrClosed, got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the listener does not end")
	}

	_, _ = second.Close(), third.Close()
}
