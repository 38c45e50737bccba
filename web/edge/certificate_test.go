package edge

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"sidereal/internal/certtest"
)

// shown returns the serial number of the certificate that a handshake shows; past lets the time until the next look go by.
func shown(t testing.TB, c *Certificate, past bool) int64 {
	t.Helper()

	if past {
		c.mu.Lock()
		c.checked = time.Time{}
		c.mu.Unlock()
	}

	current, err := c.get(nil)
	if err != nil {
		t.Fatal(err)
	}

	return current.Leaf.SerialNumber.Int64()
}

func TestARenewedCertificateIsShown(t *testing.T) {
	var log bytes.Buffer

	authority, folder := certtest.New(t), t.TempDir()
	cert, key := authority.Issue(t, folder, 1)

	c, err := OpenCertificate(cert, key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}

	authority.Issue(t, folder, 2)

	if got := shown(t, c, false); got != 1 {
		t.Errorf("files are looked at once a second: want 1, got %d", got)
	}

	if got := shown(t, c, true); got != 2 {
		t.Errorf("want 2, got %d", got)
	}

	// Half of a renewal: the key is still the old one.
	old, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}

	authority.Issue(t, folder, 3)

	renewed, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(key, old, 0o600); err != nil {
		t.Fatal(err)
	}

	for range 3 {
		if got := shown(t, c, true); got != 2 {
			t.Errorf("half a renewal: want 2, got %d", got)
		}
	}

	if err := c.Reload(); err == nil {
		t.Error("half a renewal is taken for one")
	}

	if err := os.WriteFile(key, append(renewed, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}

	if got := shown(t, c, true); got != 3 {
		t.Errorf("the whole renewal: want 3, got %d", got)
	}

	// And it may go away.
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}

	if got := shown(t, c, true); got != 3 {
		t.Errorf("without a file: want 3, got %d", got)
	}

	if n := strings.Count(log.String(), "not usable"); n != 2 {
		t.Errorf("want two warnings, one a change, got %d: %s", n, &log)
	}

	if strings.Contains(log.String(), "PRIVATE") {
		t.Errorf("the key is in the log: %s", &log)
	}
}

func TestCertificatesThatAreNoneAreRefused(t *testing.T) {
	authority := certtest.New(t)
	cert, key := authority.Issue(t, t.TempDir(), 1)
	_, other := authority.Issue(t, t.TempDir(), 2)

	for name, files := range map[string][2]string{"no file": {cert + "x", key}, "another's key": {cert, other}, "the wrong way round": {key, cert}} {
		if _, err := OpenCertificate(files[0], files[1], slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), files[0]) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
