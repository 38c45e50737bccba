package main

import (
	"bufio"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Quantities that the sampler answers, besides the vectors numbered by the series (see sampler/sampler.c).
const (
	deltaT       = 100
	meanNode     = 101
	meanApogee   = 102
	siderealTime = 103
	ayanamsa     = 104 // plus the mode's number in Swiss Ephemeris
)

//go:embed sampler/sampler.c
var samplerSource []byte

// Source answers questions about the Swiss Ephemeris data files through a small C program, which it compiles against the system's libswe.
type Source struct {
	cmd *exec.Cmd
	in  *bufio.Writer
	out *bufio.Reader
	dir string
	end io.Closer
}

// NewSource compiles and starts the sampler over a folder of data files.
func NewSource(dataDir string) (*Source, error) {
	dir, err := os.MkdirTemp("", "ephemeris-fit-")
	if err != nil {
		return nil, err
	}

	code, binary := filepath.Join(dir, "sampler.c"), filepath.Join(dir, "sampler")
	if err := os.WriteFile(code, samplerSource, 0o600); err != nil {
		return nil, err
	}

	if out, err := exec.Command("cc", "-O2", code, "-o", binary, "-lswe", "-lm").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the sampler (Debian: apt-get install gcc libswe-dev swe-basic-data): %w\n%s", err, out)
	}

	s := &Source{cmd: exec.Command(binary, dataDir), dir: dir}
	s.cmd.Stderr = os.Stderr

	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}

	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}

	s.in, s.out, s.end = bufio.NewWriterSize(in, 1<<16), bufio.NewReaderSize(out, 1<<16), in

	return s, s.cmd.Start()
}

// Ask returns three numbers of a quantity for each Julian day.
func (s *Source) Ask(quantity int, days []float64) ([][3]float64, error) {
	if err := binary.Write(s.in, binary.NativeEndian, [2]int32{int32(quantity), int32(len(days))}); err != nil {
		return nil, fmt.Errorf("sampler: %w", err)
	}

	if err := binary.Write(s.in, binary.NativeEndian, days); err != nil {
		return nil, fmt.Errorf("sampler: %w", err)
	}

	if err := s.in.Flush(); err != nil {
		return nil, fmt.Errorf("sampler: %w", err)
	}

	answers := make([][3]float64, len(days))
	if err := binary.Read(s.out, binary.NativeEndian, answers); err != nil {
		return nil, fmt.Errorf("sampler: quantity %d: %w", quantity, err)
	}

	return answers, nil
}

// Close ends the sampler and removes what was compiled.
func (s *Source) Close() error {
	s.end.Close()
	defer os.RemoveAll(s.dir)

	return s.cmd.Wait()
}
