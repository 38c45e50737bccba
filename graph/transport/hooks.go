package transport

import (
	"context"
	"time"

	"sidereal/account"
)

// Meter counts connections, their subscriptions, and what is sent to them. It never waits.
type Meter interface {
	SocketOpened(kind string) // "websocket"
	SocketClosed(kind string)
	SubscriptionOpened(field string) // of the schema
	SubscriptionClosed(field string)
	EventSent(latency time.Duration) // from publishing to the end of the socket's write; negative where it is not known when the event was published
	SlowConsumer()                   // its connection is closed for that
}

// Watch is the life of a viewer's token on a connection.
type Watch interface {
	Viewer() account.Viewer   // as it is now
	Renew(token string) error // replaces the token; a fault when it is refused, or of another account
	Stop()                    // ended is not called any more
}

// StartWatch begins to watch over the token of a viewer. Ended is called once, with a reason for the client, when the token's time is up or its viewer may no longer be
// here; it returns at once.
type StartWatch func(ctx context.Context, token string, v account.Viewer, ended func(reason string)) Watch

// Admit makes room for a connection, or says why there is none: a fault. Release is called once, when the connection has ended.
type Admit func(ctx context.Context) (release func(), err error)

// uncounted is a Meter that counts nothing.
type uncounted struct{}

func (uncounted) SocketOpened(string)       {}
func (uncounted) SocketClosed(string)       {}
func (uncounted) SubscriptionOpened(string) {}
func (uncounted) SubscriptionClosed(string) {}
func (uncounted) EventSent(time.Duration)   {}
func (uncounted) SlowConsumer()             {}
