package edge

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// recheck is how often the files of a certificate are looked at, at most: renewals come every few weeks, and handshakes a thousand a second.
const recheck = time.Second

// Certificate is a certificate with its key, in PEM files that are read anew when they have changed: a renewal needs no restart, and connections that are open
// go on. A pair of files that does not fit, as one is while only half of it is written, changes nothing until it does.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	stamp   stamp
	checked time.Time
}

// stamp is what tells files from their successors.
type stamp struct {
	certTime, keyTime time.Time
	certSize, keySize int64
}

// OpenCertificate reads a certificate, with the chain that leads to its authority, and its key.
func OpenCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}

	if err := c.Reload(); err != nil {
		return nil, err
	}

	return c, nil
}

// Reload reads the files now.
func (c *Certificate) Reload() error {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.checked = time.Now()

	return c.reload(c.look())
}

// Config returns the settings of a server that shows the certificate: TLS 1.2 at least, by RFC 9325, and HTTP/2 where the client speaks it.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}
}

// get is called by handshakes.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if now := time.Now(); now.Sub(c.checked) >= recheck {
		c.checked = now

		if found := c.look(); found != c.stamp {
			if err := c.reload(found); err != nil {
				c.log.Warn("the certificate has changed and is not usable; the one before stays", "error", err)
			}
		}
	}

	return c.current, nil
}

// look returns the stamp of the files; files that cannot be seen have none.
func (c *Certificate) look() stamp {
	var s stamp

	if info, err := os.Stat(c.certFile); err == nil {
		s.certTime, s.certSize = info.ModTime(), info.Size()
	}

	if info, err := os.Stat(c.keyFile); err == nil {
		s.keyTime, s.keySize = info.ModTime(), info.Size()
	}

	return s
}

// reload reads the files, which looked as found says before. Its errors name the files, and nothing that is in them.
func (c *Certificate) reload(found stamp) error {
	c.stamp = found // also when it is no good: it is said once, and the next change is tried again

	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}

	if c.current != nil {
		c.log.Info("a new certificate is in use", "notAfter", pair.Leaf.NotAfter)
	}

	c.current = &pair

	return nil
}
