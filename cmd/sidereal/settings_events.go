package main

import (
	"errors"
	"os"
	"time"

	"sidereal/event/natsbroker"
)

// eventConfig is how the stream of events is kept, and how the process shows itself to NATS servers outside.
type eventConfig struct {
	MaxAge      time.Duration
	MaxBytes    int64
	Sync        time.Duration // 0 when each write is forced to the disk
	Credentials string        // files; empty for none
	CA          string
	Cert, Key   string
	Replicas    int
}

// syncAlways is the value of SIDEREAL_EVENTS_SYNC that forces each write to the disk.
const syncAlways = "always"

// eventSettings are the rows of the table for events.
var eventSettings = []setting{
	{"EVENTS_MAX_AGE", "168h", "how long an event can be replayed", func(c *config, v string) error {
		return durationWithin(&c.Events.MaxAge, v, time.Hour, 10*365*24*time.Hour)
	}},
	{"EVENTS_MAX_BYTES", "128MB", "size of the event stream, such as 128MB; beyond it the oldest events go, and the process may need as much memory for their index", func(c *config, v string) (err error) {
		if c.Events.MaxBytes, err = megabytes(v); err != nil || c.Events.MaxBytes == 0 {
			return errors.New("must be a size in megabytes such as 128MB")
		}

		return nil
	}},
	{"EVENTS_SYNC", natsbroker.DefaultSync.String(), "how often the event stream inside the process is forced to the disk, up to 2m, or always: before each acknowledgement. A power cut takes what came " +
		"since from the stream, and not from the database, which puts it there anew", func(c *config, v string) error {
		if v == syncAlways {
			return nil
		}

		return durationWithin(&c.Events.Sync, v, 10*time.Millisecond, 2*time.Minute)
	}},
	{"NATS_CREDENTIALS", "", "file with the JWT and the key of the NATS user; none when empty", func(c *config, v string) error {
		c.Events.Credentials = v

		return readable(v)
	}},
	{"NATS_CA", "", "PEM file of the authorities that the NATS servers' certificates are checked against; the system's when empty", func(c *config, v string) error {
		c.Events.CA = v

		return readable(v)
	}},
	{"NATS_CERT", "", "PEM file of the certificate that the process shows to the NATS servers; none when empty", func(c *config, v string) error {
		c.Events.Cert = v

		return readable(v)
	}},
	{"NATS_KEY", "", "PEM file of its key", func(c *config, v string) error {
		if c.Events.Key = v; (v == "") != (c.Events.Cert == "") {
			return errors.New("and " + prefix + "NATS_CERT need each other")
		}

		return readable(v)
	}},
	{"NATS_REPLICAS", "1", "on how many of the NATS servers the event stream is kept when it is made, 1 to 5", func(c *config, v string) error {
		return wholeNumber(&c.Events.Replicas, v, 1, 5)
	}},
}

// readable checks that a file, unless its name is empty, can be read.
func readable(name string) error {
	if name == "" {
		return nil
	}

	file, err := os.Open(name)
	if err != nil {
		return errors.New("must be a file that can be read")
	}

	return file.Close()
}

// broker returns how the stream of events is to be opened, but for its log.
func (c *config) broker(storeDir string) natsbroker.Config {
	e := c.Events

	return natsbroker.Config{
		URL: c.NATSURL, Credentials: e.Credentials, CA: e.CA, Cert: e.Cert, Key: e.Key, Replicas: e.Replicas,
		StoreDir: storeDir, Sync: e.Sync, SyncAlways: e.Sync == 0,
		MaxAge: e.MaxAge, MaxBytes: e.MaxBytes,
	}
}

const (
	// leastKeep is the least time for which published events stay in the outbox.
	leastKeep = time.Minute
	// outsideKeep is that for a stream outside: twice the two minutes after which a NATS server writes to its disk unless it is told otherwise, and some more.
	outsideKeep = 5 * time.Minute
)

// keep is how long events stay in the outbox after they were published: at least until the stream has written them to its disk.
func (c *config) keep() time.Duration {
	if c.NATSURL != "" {
		return outsideKeep
	}

	return max(leastKeep, 2*c.Events.Sync)
}
