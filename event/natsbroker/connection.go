// Package natsbroker connects the process to NATS JetStream, to a server of its own that runs inside the process or to some outside, and keeps the stream of events there.
package natsbroker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// startTimeout bounds the start of the embedded server; it takes some 5 ms.
	startTimeout = 10 * time.Second
	// DefaultSync is how often the embedded server's writes are forced to the disk when the configuration says nothing.
	DefaultSync = time.Second
	// A server that does not answer two pings, of so long apart, is taken for gone: a connection that was cut somewhere between says nothing by itself.
	pingInterval, pingsOutstanding = 10 * time.Second, 2
	// reconnectWait is the wait between two attempts at one server.
	reconnectWait = 500 * time.Millisecond
	// pingAnswerFresh is how long an answer that all is well serves for others who ask.
	pingAnswerFresh = time.Second
	// storeLimit leaves it to the stream's own bound, and to the disk, how much may be stored: the server would else refuse a stream that may become larger than three
	// quarters of what is free now.
	storeLimit = 1 << 50
)

// errStart says that the embedded server did not come up.
var errStart = errors.New("natsbroker: the embedded server did not start in time")

// Config says where NATS is, and how the stream is kept. Its zero values are good for a server inside the process.
type Config struct {
	URL         string // of servers outside, separated by commas; empty runs one inside the process
	Credentials string // file with the user's JWT and key; empty for none
	CA          string // PEM file of the authorities that the servers' certificates are checked against; empty for the system's
	Cert, Key   string // PEM files of the client's own certificate; empty for none
	Replicas    int    // on how many servers a new stream is kept; 0 is 1

	StoreDir   string        // where the embedded server keeps its streams
	Sync       time.Duration // how often its writes are forced to the disk; 0 is DefaultSync
	SyncAlways bool          // each write is, before it is acknowledged

	MaxAge   time.Duration // of an event in the stream; 0 is 7 days
	MaxBytes int64         // of the stream; 0 is 128 MiB
	Log      *slog.Logger
}

// Connection is a connection to NATS, with the embedded server behind it where there is one.
type Connection struct {
	config      Config
	conn        *nats.Conn
	js          jetstream.JetStream
	embedded    *server.Server
	events      *Stream
	reconnected chan struct{}

	asking chan struct{} // holds one: who asks how the stream does
	well   time.Time     // when it was well; guarded by asking
}

// Open connects. An outside server that is down is no error: the connection is tried again for ever, and Ping says how it stands.
func Open(cfg Config) (*Connection, error) {
	cfg.Replicas = cmp.Or(cfg.Replicas, 1)
	cfg.Sync = cmp.Or(cfg.Sync, DefaultSync)
	cfg.MaxAge = cmp.Or(cfg.MaxAge, defaultMaxAge)
	cfg.MaxBytes = cmp.Or(cfg.MaxBytes, defaultMaxBytes)

	c := &Connection{config: cfg, reconnected: make(chan struct{}, 1), asking: make(chan struct{}, 1)}
	c.events = &Stream{connection: c, opening: make(chan struct{}, 1)}

	options := c.options()

	if cfg.URL == "" {
		if err := c.embed(); err != nil {
			return nil, err
		}

		options = append(options, nats.InProcessServer(c.embedded))
	}

	var err error

	if c.conn, err = nats.Connect(cfg.URL, options...); err != nil {
		c.Close()

		return nil, fmt.Errorf("natsbroker: connect: %w", err)
	}

	if c.js, err = jetstream.New(c.conn, jetstream.WithPublishAsyncTimeout(ackTimeout)); err != nil {
		c.Close()

		return nil, fmt.Errorf("natsbroker: jetstream: %w", err)
	}

	return c, nil
}

// options are those of the client.
func (c *Connection) options() []nats.Option {
	options := []nats.Option{
		nats.Name("sidereal"),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectBufSize(-1), // what cannot be sent fails at once, and is not sent much later
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(pingsOutstanding),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				c.config.Log.Warn("nats disconnected", "error", err)
			}
		}),
		nats.ConnectHandler(func(*nats.Conn) { c.config.Log.Debug("nats connected") }),
		nats.ReconnectHandler(func(*nats.Conn) {
			c.config.Log.Info("nats reconnected")
			c.events.forget() // the server may have forgotten ids meanwhile, and the stream may be another

			select {
			case c.reconnected <- struct{}{}:
			default: // a hint is waiting already
			}
		}),
	}

	if c.config.Credentials != "" {
		options = append(options, nats.UserCredentials(c.config.Credentials))
	}

	if c.config.CA != "" {
		options = append(options, nats.RootCAs(c.config.CA))
	}

	if c.config.Cert != "" {
		options = append(options, nats.ClientCert(c.config.Cert, c.config.Key))
	}

	return options
}

func (c *Connection) embed() error {
	embedded, err := server.NewServer(&server.Options{
		ServerName:        "sidereal",
		DontListen:        true, // in-process connections only
		JetStream:         true,
		JetStreamMaxStore: storeLimit,
		StoreDir:          c.config.StoreDir,
		SyncInterval:      c.config.Sync,
		SyncAlways:        c.config.SyncAlways,
		NoSigs:            true,
		NoLog:             true,
	})
	if err != nil {
		return fmt.Errorf("natsbroker: embedded server: %w", err)
	}

	embedded.Start()

	if !embedded.ReadyForConnections(startTimeout) {
		embedded.Shutdown()
		embedded.WaitForShutdown()

		return errStart
	}

	c.embedded = embedded

	return nil
}

// Reconnected is told when the server was away and is there again: it may have lost what it had acknowledged and not yet written to the disk. One hint may stand for many.
func (c *Connection) Reconnected() <-chan struct{} { return c.reconnected }

// Ping returns an error unless the stream answers, and took the last event that it was given. One at a time asks the server; the others wait, and take its answer when
// all is well.
func (c *Connection) Ping(ctx context.Context) error {
	select {
	case c.asking <- struct{}{}:
		defer func() { <-c.asking }()
	case <-ctx.Done():
		return fmt.Errorf("natsbroker: %w", ctx.Err())
	}

	if !c.conn.IsConnected() {
		return errDisconnected
	}

	if err := c.events.lastRefusal(); err != nil {
		return fmt.Errorf("natsbroker: the last event was refused: %w", err)
	}

	if time.Since(c.well) < pingAnswerFresh {
		return nil
	}

	if _, err := c.events.State(ctx); err != nil {
		return err
	}

	c.well = time.Now()

	return nil
}

// Close closes the connection and stops the embedded server.
func (c *Connection) Close() {
	if c.conn != nil {
		c.conn.Close()
	}

	if c.embedded != nil {
		c.embedded.Shutdown()
		c.embedded.WaitForShutdown()
	}
}
