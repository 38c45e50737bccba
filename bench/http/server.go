package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// server is the program, running.
type server struct {
	process *exec.Cmd
	folder  string
	url     string
	size    int64 // of the program, bytes
}

var listening = regexp.MustCompile(`graphql=(http://\S+)`)

// startServer builds the program as `make build` does, and starts it in an empty folder.
func startServer() (*server, error) {
	folder, err := os.MkdirTemp("", "bench-http-")
	if err != nil {
		return nil, err
	}

	s := &server{folder: folder}
	program := filepath.Join(folder, "sidereal")
	build := exec.Command("go", "build", "-tags", "urfave_cli_no_template", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/sidereal")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")

	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}

	info, err := os.Stat(program)
	if err != nil {
		return nil, err
	}

	s.size = info.Size()
	s.process = exec.Command(program)
	s.process.Env = []string{"SIDEREAL_ADDR=127.0.0.1:0", "SIDEREAL_DATA_DIR=" + filepath.Join(folder, "data"), "SIDEREAL_RATE_ANONYMOUS_POINTS=0"}

	log, err := s.process.StderrPipe()
	if err != nil {
		return nil, err
	}

	if err := s.process.Start(); err != nil {
		return nil, err
	}

	lines := bufio.NewReader(log)

	for s.url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("the program ended: %w", err)
		}

		if found := listening.FindStringSubmatch(line); found != nil {
			s.url = found[1]
		}
	}

	go io.Copy(io.Discard, lines)

	return s, nil
}

func (s *server) stop() {
	s.process.Process.Signal(syscall.SIGTERM)
	s.process.Wait()
	os.RemoveAll(s.folder)
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// ask sends a document and returns how long the whole answer took, and its bytes. An answer with errors is an error.
func (s *server) ask(document string, variables map[string]any) (took time.Duration, size int, err error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return 0, 0, err
	}

	began := time.Now()

	response, err := client.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	defer response.Body.Close()

	answer, err := io.ReadAll(response.Body)
	took = time.Since(began)

	if err != nil {
		return 0, 0, err
	}

	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(answer, []byte(`{"data":`)) || bytes.Contains(answer, []byte(`"errors":`)) {
		return 0, 0, fmt.Errorf("status %d: %.300s", response.StatusCode, answer)
	}

	return took, len(answer), nil
}

// memory is what the process holds, in MB.
type memory struct{ resident, highest float64 }

func (s *server) memory() (memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return memory{}, err
	}

	var m memory

	for line := range strings.SplitSeq(string(text), "\n") {
		var kilobytes float64

		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			m.resident = kilobytes * 1024 / 1e6
		}

		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kilobytes); n == 1 {
			m.highest = kilobytes * 1024 / 1e6
		}
	}

	return m, nil
}

func printRow(name string, took []time.Duration, size int) {
	slices.Sort(took)

	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	fmt.Printf("%-42s %8.2f %8.2f %8.2f %8.1f\n", name, at(0.5), at(0.9), at(0.99), float64(size)/1e3)
}
