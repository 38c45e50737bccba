package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sidereal/web/edge"
)

// httpConfig is the settings of HTTP: what the edge and the transports do.
type httpConfig struct {
	Documents         documentConfig
	Origins           edge.Origins
	CORSMaxAge        time.Duration
	Proxies           edge.Proxies
	Compression       []string // the preferred one first; none for no compression
	TLSCert, TLSKey   string   // files; both or none
	HSTSMaxAge        time.Duration
	MaxHeaderBytes    int
	MaxConnections    int // 0 for as many as come
	ReadHeaderTimeout time.Duration
	ReadTimeout       time.Duration
	WriteTimeout      time.Duration
	IdleTimeout       time.Duration
}

// httpSettings are their rows of the table.
var httpSettings = slices.Concat(documentSettings, []setting{
	{"CORS_ORIGINS", "", "origins whose pages may ask, separated by commas: https://app.example.org, https://*.example.org or *; when empty any of this machine in " +
		"development, none in production", func(c *config, v string) (err error) {
		if v == "" && !c.Production {
			c.HTTP.Origins = edge.LocalOrigins()

			return nil
		}

		c.HTTP.Origins, err = edge.ParseOrigins(v)

		return err
	}},
	{"CORS_MAX_AGE", "2h", "how long browsers may keep the answer to a preflight", func(c *config, v string) error {
		return duration(&c.HTTP.CORSMaxAge, v, time.Second)
	}},
	{"TRUSTED_PROXIES", "", "networks (10.0.0.0/8) and addresses of proxies, separated by commas, whose word on a client's address and scheme is believed", func(
		c *config, v string,
	) (err error) {
		c.HTTP.Proxies, err = edge.ParseProxies(v)

		return err
	}},
	{"PROXY_HEADER", "x-forwarded", "what they send: x-forwarded (X-Forwarded-For and -Proto) or forwarded (RFC 7239); the other is never read", func(
		c *config, v string,
	) error {
		if v == "forwarded" {
			c.HTTP.Proxies = c.HTTP.Proxies.WithForwarded()
		}

		return oneOf(v, "x-forwarded", "forwarded")
	}},
	{"COMPRESSION", "gzip,zstd,br", "codings of answers, the preferred one first, separated by commas; or none", func(c *config, v string) error {
		if v == "none" {
			return nil
		}

		c.HTTP.Compression = strings.Split(v, ",")
		_, err := edge.NewCompression(c.HTTP.Compression...)

		return err
	}},
	{"TLS_CERT", "", "PEM file of the certificate and its chain, read anew when it changes; TLS is off when empty", func(c *config, v string) error {
		c.HTTP.TLSCert = v

		return nil
	}},
	{"TLS_KEY", "", "PEM file of its private key", func(c *config, v string) error {
		if c.HTTP.TLSKey = v; (v == "") != (c.HTTP.TLSCert == "") {
			return fmt.Errorf("and %sTLS_CERT belong together: both or none", prefix)
		}

		return nil
	}},
	{"HSTS_MAX_AGE", "8760h", "how long browsers that came by HTTPS must not come by HTTP; 0s sends no Strict-Transport-Security", func(c *config, v string) error {
		return duration(&c.HTTP.HSTSMaxAge, v, 0)
	}},
	{"MAX_HEADER_BYTES", "262144", "size of a request's head, 4096 to 1048576; larger ones get 431", func(c *config, v string) error {
		return wholeNumber(&c.HTTP.MaxHeaderBytes, v, 4096, 1<<20)
	}},
	{"MAX_CONNECTIONS", "25000", "connections open at once, WebSockets among them; 0 for as many as come", func(c *config, v string) error {
		return wholeNumber(&c.HTTP.MaxConnections, v, 0, math.MaxInt32)
	}},
	{"READ_HEADER_TIMEOUT", "10s", "how long a client may take to send the head of a request", func(c *config, v string) error {
		return duration(&c.HTTP.ReadHeaderTimeout, v, time.Millisecond)
	}},
	{"READ_TIMEOUT", "30s", "how long it may take to send all of it", func(c *config, v string) error {
		return duration(&c.HTTP.ReadTimeout, v, time.Millisecond)
	}},
	{"WRITE_TIMEOUT", "30s", "how long it may leave a part of the answer unread", func(c *config, v string) error {
		return duration(&c.HTTP.WriteTimeout, v, time.Millisecond)
	}},
	{"IDLE_TIMEOUT", "2m", "how long a connection may wait for its next request", func(c *config, v string) error {
		return duration(&c.HTTP.IdleTimeout, v, time.Millisecond)
	}},
})
