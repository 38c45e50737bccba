package natsbroker

import (
	"context"
	"crypto/tls"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"sidereal/internal/certtest"
	"sidereal/internal/natstest"
)

// A server that wants a password and a certificate, and shows one of an authority that the system does not know.
func TestAServerMayWantAPasswordAndACertificate(t *testing.T) {
	authority := certtest.New(t)
	certFile, keyFile := authority.Issue(t, t.TempDir(), 1)

	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}

	natsServer := natstest.StartWith(t, func(o *server.Options) {
		o.Username, o.Password = "somebody", "a-password"
		o.TLSConfig = &tls.Config{
			Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12,
		}
		o.TLSTimeout = 10
	})

	host := strings.TrimPrefix(natsServer.URL(), "nats://")
	ca := authority.File(t, t.TempDir())

	good := Config{URL: "tls://somebody:a-password@" + host, CA: ca, Cert: certFile, Key: keyFile, Log: quiet}

	c, err := Open(good)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	eventually(t, "publish", func(ctx context.Context) error { return c.Events().Publish(ctx, sample("a")) })

	for name, cfg := range map[string]Config{
		"another password": {URL: "tls://somebody:another@" + host, CA: ca, Cert: certFile, Key: keyFile, Log: quiet},
		"no authority":     {URL: good.URL, Cert: certFile, Key: keyFile, Log: quiet},
		"no certificate":   {URL: good.URL, CA: ca, Log: quiet},
	} {
		c, err := Open(cfg)
		if err != nil {
			continue // the client says so at once
		}

		if err := c.Ping(bounded(t)); err == nil {
			t.Errorf("%s: want Ping to say that there is no connection", name)
		}

		c.Close()
	}
}
