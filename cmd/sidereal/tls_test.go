package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sidereal/internal/certtest"
)

func TestEncryptedFromTheFirstByte(t *testing.T) {
	authority, folder := certtest.New(t), t.TempDir()
	cert, key := authority.Issue(t, folder, 1)
	trusting := &tls.Config{RootCAs: authority.Pool()}
	s := start(t, embedded(t), "serve", "--tls-cert", cert, "--tls-key", key)

	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("it listens at %s", s.url)
	}

	// client asks over connections of its own.
	client := func(http2 bool) *http.Client {
		transport := &http.Transport{TLSClientConfig: trusting.Clone(), ForceAttemptHTTP2: http2}
		t.Cleanup(transport.CloseIdleConnections)

		return &http.Client{Transport: transport}
	}

	for http2, want := range map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"} {
		response, body := s.raw(t, client(http2), http.MethodPost, "/graphql", `{"query":"{ __typename }"}`, "Content-Type", "application/json")
		if response.Proto != want || !strings.HasPrefix(body, `{"data":{"__typename":"Query"},`) || response.TLS.Version != tls.VersionTLS13 {
			t.Errorf("want %s, got %s %s", want, response.Proto, body)
		}

		if got := response.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("browsers are told %q", got)
		}
	}

	address := strings.TrimPrefix(s.url, "https://")

	for version, want := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true} {
		connection, err := tls.Dial("tcp", address, &tls.Config{RootCAs: authority.Pool(), MinVersion: tls.VersionTLS10, MaxVersion: version})
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}

		if err == nil {
			_ = connection.Close()
		}
	}

	// A renewal: connections that are open go on, new ones see the new certificate.
	old := client(true)
	s.raw(t, old, http.MethodGet, "/healthz", "")

	socket, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{HTTPClient: client(false), Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}

	defer func() { _ = socket.CloseNow() }()

	authority.Issue(t, folder, 2)

	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}

	for deadline := time.Now().Add(patience); len(s.log.lines("a new certificate is in use")) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the renewal is not noticed")
		}
	}

	if response, _ := s.raw(t, client(true), http.MethodGet, "/healthz", ""); response.TLS.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Error("new connections see the old certificate")
	}

	if response, _ := s.raw(t, old, http.MethodGet, "/healthz", ""); response.TLS.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Error("the open connection was dropped")
	}

	frame(t, socket, `{"type":"connection_init"}`)

	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Errorf("the open WebSocket was dropped: %+v, %v", m, err)
	}

	// Whoever speaks plain HTTP is told so, and gets nothing else.
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}

	defer response.Body.Close()

	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "HTTPS") {
		t.Errorf("plain HTTP: got %d %s", response.StatusCode, text)
	}
}

func TestCertificatesAreCheckedAtTheStart(t *testing.T) {
	cert, key := certtest.New(t).Issue(t, t.TempDir(), 1)

	for name, test := range map[string]struct {
		settings []string
		code     int
		word     string
	}{
		"no key":         {[]string{"SIDEREAL_TLS_CERT=" + cert}, exitUsage, "both or none"},
		"no certificate": {[]string{"SIDEREAL_TLS_KEY=" + key}, exitUsage, "both or none"},
		"no such file":   {[]string{"SIDEREAL_TLS_CERT=" + cert + "x", "SIDEREAL_TLS_KEY=" + key}, exitFailure, "no such file"},
		"mixed up":       {[]string{"SIDEREAL_TLS_CERT=" + key, "SIDEREAL_TLS_KEY=" + cert}, exitFailure, "certificate " + key},
	} {
		t.Run(name, func(t *testing.T) {
			var log lockedBuffer

			if code := run(t.Context(), []string{"sidereal"}, append(embedded(t), test.settings...), io.Discard, &log); code != test.code || !strings.Contains(log.String(), test.word) {
				t.Errorf("want %d and %q, got %d:\n%s", test.code, test.word, code, &log)
			}
		})
	}
}

func TestSettingsOfTheEdgeAreChecked(t *testing.T) {
	_, err := readConfig([]string{
		"SIDEREAL_CORS_ORIGINS=app.example.org", "SIDEREAL_CORS_MAX_AGE=0s", "SIDEREAL_TRUSTED_PROXIES=proxy", "SIDEREAL_PROXY_HEADER=both", "SIDEREAL_COMPRESSION=lzma",
		"SIDEREAL_HSTS_MAX_AGE=1", "SIDEREAL_MAX_HEADER_BYTES=1", "SIDEREAL_MAX_CONNECTIONS=-1", "SIDEREAL_READ_TIMEOUT=0s", "SIDEREAL_WRITE_TIMEOUT=0s",
	})
	if err == nil {
		t.Fatal("they are taken")
	}

	for _, name := range []string{
		"CORS_ORIGINS", "CORS_MAX_AGE", "TRUSTED_PROXIES", "PROXY_HEADER", "COMPRESSION", "HSTS_MAX_AGE", "MAX_HEADER_BYTES", "MAX_CONNECTIONS", "READ_TIMEOUT", "WRITE_TIMEOUT",
	} {
		if !strings.Contains(err.Error(), "SIDEREAL_"+name+" ") {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
}
