package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed c/swisseph.c
var swissephSource []byte

// swissEphemeris is the C program, running and waiting for rounds.
type swissEphemeris struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.Reader
	dir string
}

func startSwissEphemeris(folder string) (*swissEphemeris, error) {
	dir, err := os.MkdirTemp("", "bench-ephemeris-")
	if err != nil {
		return nil, err
	}

	source, binary := filepath.Join(dir, "swisseph.c"), filepath.Join(dir, "swisseph")
	if err := os.WriteFile(source, swissephSource, 0o600); err != nil {
		return nil, err
	}

	if out, err := exec.Command("cc", "-O2", source, "-o", binary, "-lswe", "-lm").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile against libswe (Debian: apt-get install gcc libswe-dev swe-basic-data): %w\n%s", err, out)
	}

	s := &swissEphemeris{cmd: exec.Command(binary, folder), dir: dir}
	s.cmd.Stderr = os.Stderr

	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}

	if s.out, err = s.cmd.StdoutPipe(); err != nil {
		return nil, err
	}

	return s, s.cmd.Start()
}

// round computes charts and returns the time they took and the sum of all longitudes and cusps.
func (s *swissEphemeris) round(charts int, seed uint64) (took time.Duration, sum float64, err error) {
	if _, err := fmt.Fprintln(s.in, charts, seed); err != nil {
		return 0, 0, fmt.Errorf("swisseph: %w", err)
	}

	if _, err := fmt.Fscan(s.out, &took, &sum); err != nil {
		return 0, 0, fmt.Errorf("swisseph: %w", err)
	}

	return took, sum, nil
}

func (s *swissEphemeris) close() {
	s.in.Close()
	s.cmd.Wait()
	os.RemoveAll(s.dir)
}
