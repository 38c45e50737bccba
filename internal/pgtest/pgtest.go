// Package pgtest starts a real PostgreSQL for the tests of one binary, as an ordinary user, on a free loopback port.
package pgtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Server is a running PostgreSQL.
type Server struct {
	bin, dir  string
	port      int
	databases atomic.Int64
}

// ordinaryUser is who the server runs as when the tests run as root, which PostgreSQL refuses: nobody, on every Linux.
const ordinaryUser = 65534

// Start starts a server that stops, and is deleted, when the test ends. Without the binaries the test fails: there is nothing to skip to.
func Start(t testing.TB) *Server {
	t.Helper()

	bin := binaries(t)

	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = os.RemoveAll(dir) })

	if os.Geteuid() == 0 {
		if err := os.Chown(dir, ordinaryUser, ordinaryUser); err != nil {
			t.Fatal(err)
		}
	}

	s := &Server{bin: bin, dir: dir, port: freePort(t)}
	s.run(t, "initdb", "-D", s.data(), "-U", "sidereal", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	s.Restart(t)
	t.Cleanup(func() { s.Stop(t) })

	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Stop stops the server at once, cutting its connections. Stopping a stopped one does nothing.
func (s *Server) Stop(t testing.TB) {
	t.Helper()

	if _, err := os.Stat(filepath.Join(s.data(), "postmaster.pid")); err == nil {
		s.run(t, "pg_ctl", "-D", s.data(), "-m", "immediate", "-w", "stop")
	}
}

// Restart starts the server, stopping it first when it runs.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	s.run(t, "pg_ctl", "-D", s.data(), "-w", "-l", filepath.Join(s.dir, "log"),
		"-o", fmt.Sprintf("-p %d -k '' -h 127.0.0.1 -c fsync=off", s.port), "start")
}

// NewDatabase makes an empty database and returns its URL.
func (s *Server) NewDatabase(t testing.TB) string {
	t.Helper()

	name := fmt.Sprintf("test%d", s.databases.Add(1))
	s.run(t, "createdb", "-h", "127.0.0.1", "-p", fmt.Sprint(s.port), "-U", "sidereal", name)

	return fmt.Sprintf("postgres://sidereal@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

func (s *Server) run(t testing.TB, program string, args ...string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir

	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ordinaryUser, Gid: ordinaryUser}}
	}

	// A file rather than a pipe: the server inherits it and would keep a pipe open.
	output, err := os.Create(filepath.Join(s.dir, program+".out"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()

	cmd.Stdout, cmd.Stderr = output, output

	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(output.Name())
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		t.Fatalf("%s: %v\n%s\n%s", program, err, said, log)
	}
}

// binaries returns the folder of PostgreSQL's programs.
func binaries(t testing.TB) string {
	t.Helper()

	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}

	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}

	t.Fatal("PostgreSQL's server programs are missing; `make deps` installs them")

	return ""
}

func freePort(t testing.TB) int {
	t.Helper()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	address, ok := l.Addr().(*net.TCPAddr)
	if !ok || !strings.HasPrefix(l.Addr().String(), "127.0.0.1:") {
		t.Fatal(l.Addr())
	}

	return address.Port
}
