// Package natsbroker connects the process to NATS JetStream: to a server of its own that runs inside the process, or to one outside.
package natsbroker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// startTimeout bounds the start of the embedded server; it takes some 5 ms.
const startTimeout = 10 * time.Second

// errStart says that the embedded server did not come up.
var errStart = errors.New("natsbroker: the embedded server did not start in time")

// Config says where NATS is.
type Config struct {
	URL      string // of a server outside; empty runs one inside the process
	StoreDir string // where the embedded server keeps its streams
	Log      *slog.Logger
}

// Connection is a connection to NATS, with the embedded server behind it where there is one.
type Connection struct {
	conn     *nats.Conn
	stream   jetstream.JetStream
	embedded *server.Server
}

// Open connects. An outside server that is down is no error: the connection is tried again for ever, and Ping says how it stands.
func Open(cfg Config) (*Connection, error) {
	options := []nats.Option{
		nats.Name("sidereal"),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				cfg.Log.Warn("nats disconnected", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { cfg.Log.Info("nats reconnected") }),
	}

	c := &Connection{}

	if cfg.URL == "" {
		if err := c.embed(cfg.StoreDir); err != nil {
			return nil, err
		}

		options = append(options, nats.InProcessServer(c.embedded))
	}

	var err error

	if c.conn, err = nats.Connect(cfg.URL, options...); err != nil {
		c.Close()

		return nil, fmt.Errorf("natsbroker: connect: %w", err)
	}

	if c.stream, err = jetstream.New(c.conn); err != nil {
		c.Close()

		return nil, fmt.Errorf("natsbroker: jetstream: %w", err)
	}

	return c, nil
}

func (c *Connection) embed(storeDir string) error {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "sidereal",
		DontListen: true, // in-process connections only
		JetStream:  true,
		StoreDir:   storeDir,
		NoSigs:     true,
		NoLog:      true,
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

// Ping returns an error unless JetStream answers.
func (c *Connection) Ping(ctx context.Context) error {
	if _, err := c.stream.AccountInfo(ctx); err != nil {
		return fmt.Errorf("natsbroker: %w", err)
	}

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
