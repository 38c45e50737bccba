// Package redistest starts a real Redis for a test, on a free loopback port, without persistence.
package redistest

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Server is a running Redis.
type Server struct {
	port string
	cmd  *exec.Cmd
}

// Start starts a server that stops when the test ends. Without the binary the test fails: there is nothing to skip to.
func Start(t testing.TB) *Server {
	t.Helper()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	_, port, _ := strings.Cut(l.Addr().String(), ":")
	_ = l.Close()

	s := &Server{port: port}
	s.Restart(t)
	t.Cleanup(s.Stop)

	return s
}

// URL returns where the server is.
func (s *Server) URL() string { return "redis://127.0.0.1:" + s.port + "/0" }

// Stop kills the server; its data are gone.
func (s *Server) Stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Restart starts the server anew and waits until it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()

	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is missing; `make deps` installs it")
	}

	s.cmd = exec.Command(path, "--port", s.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}

	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if s.answers() {
			return
		}
	}

	t.Fatal("redis-server does not answer")
}

func (s *Server) answers() bool {
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+s.port, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()

	_, _ = fmt.Fprint(conn, "PING\r\n")

	var answer [5]byte

	_, err = conn.Read(answer[:])

	return err == nil && string(answer[:]) == "+PONG"
}
