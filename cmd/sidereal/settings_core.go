package main

import (
	"errors"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// coreSettings are the settings of the process and of what it stands on.
var coreSettings = []setting{
	{"ADDR", "127.0.0.1:8080", "address to listen on, HOST:PORT", func(c *config, v string) error {
		c.Addr = v
		_, port, err := net.SplitHostPort(v)

		if n, perr := strconv.Atoi(port); err != nil || perr != nil || n < 0 || n > 65535 {
			return errors.New("must be HOST:PORT")
		}

		return nil
	}},
	{"DATA_DIR", "data", "folder of the SQLite file, the event stream and the development key; made when missing", func(c *config, v string) error {
		c.DataDir = v

		return nil
	}},
	{"ENV", "development", "development or production: in production a JWT_KEY is needed, logs are JSON, errors carry no context", func(c *config, v string) error {
		c.Production = v == "production"

		return oneOf(v, "development", "production")
	}},
	{"DATABASE_URL", "", "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME; sqlite:DATA_DIR/sidereal.db when empty", func(c *config, v string) error {
		c.DatabaseURL = v

		return urlOf(v, "sqlite", "postgres", "postgresql")
	}},
	{"DATABASE_REPLICA_URLS", "", "PostgreSQL replicas, separated by commas; checked, but this version reads from the primary only", func(c *config, v string) error {
		for replica := range strings.SplitSeq(v, ",") {
			if replica = strings.TrimSpace(replica); replica == "" {
				continue
			}

			if err := urlOf(replica, "postgres", "postgresql"); err != nil {
				return err
			}

			c.ReplicaURLs = append(c.ReplicaURLs, replica)
		}

		return nil
	}},
	{"NATS_URL", "", "NATS servers with JetStream, separated by commas; one inside the process when empty", func(c *config, v string) error {
		c.NATSURL = v

		for server := range strings.SplitSeq(v, ",") {
			if err := urlOf(strings.TrimSpace(server), "nats", "tls", "ws", "wss"); err != nil {
				return err
			}
		}

		return nil
	}},
	{"REDIS_URL", "", "redis://HOST:PORT/DB, a second level of the cache that processes share; none when empty", func(c *config, v string) error {
		c.RedisURL = v

		return urlOf(v, "redis", "rediss")
	}},
	{"LOG_LEVEL", "info", "debug, info, warn or error", func(c *config, v string) error {
		if err := oneOf(v, "debug", "info", "warn", "error"); err != nil {
			return err
		}

		return c.LogLevel.UnmarshalText([]byte(v))
	}},
	{"SLOW_QUERY", "100ms", "SQL statements that take at least this long are logged; 0s logs every one", func(c *config, v string) error {
		return duration(&c.SlowQuery, v, 0)
	}},
	{"CACHE_CHARTS", "10000", "charts kept in the process's cache, 0 to 1000000", func(c *config, v string) error {
		return wholeNumber(&c.CacheCharts, v, 0, 1_000_000)
	}},
	{"WS_INIT_TIMEOUT", "5s", "how long a WebSocket may take to send connection_init", func(c *config, v string) error {
		return duration(&c.InitTimeout, v, time.Millisecond)
	}},
	{"SHUTDOWN_GRACE", "10s", "how long requests under way may take to finish when the process is asked to stop", func(c *config, v string) error {
		return duration(&c.ShutdownGrace, v, 0)
	}},
	{"GEOCODER_URL", "", "service with Nominatim's search API that is asked for places which the gazetteer lacks; none when empty", func(c *config, v string) error {
		c.GeocoderURL = v

		return urlOf(v, "http", "https")
	}},
	{"GEOCODER_EMAIL", "", "address of the operator, which the geocoding service is told; the public service asks for one", func(c *config, v string) error {
		c.GeocoderEmail = v

		if _, err := mail.ParseAddress(v); v != "" && err != nil {
			return errors.New("must be an e-mail address")
		}

		return nil
	}},
	{"GEOCODER_TIMEOUT", "5s", "how long the geocoding service may take to answer", func(c *config, v string) error {
		return duration(&c.GeocoderTimeout, v, time.Millisecond)
	}},
	{"GEOCODER_INTERVAL", "1s", "least time between two requests to the geocoding service; the public one allows one a second", func(c *config, v string) error {
		return duration(&c.GeocoderInterval, v, time.Millisecond)
	}},
}
