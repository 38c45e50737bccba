package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under way, on the core that servers run on.
type process struct {
	name    string
	command *exec.Cmd
	address string // HOST:PORT
	path    string // of the GraphQL endpoint
	token   string // bearer token, empty for none
}

const (
	serverCore = "0"
	clientCore = "1"
)

// pinSelf puts this program on its core.
func pinSelf() error {
	out, err := exec.Command("taskset", "-a", "-c", "-p", clientCore, strconv.Itoa(os.Getpid())).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskset: %w\n%s", err, out)
	}

	return nil
}

// build builds the program as `make build` does.
func build(folder string) (program string, err error) {
	program = filepath.Join(folder, "sidereal")
	command := exec.Command("go", "build", "-tags", "urfave_cli_no_template", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/sidereal")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")

	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}

	return program, nil
}

var listening = regexp.MustCompile(`graphql=http://([^/\s]+)(/\S+)`)

// startSidereal starts the program on one core, over a data folder, with settings.
func startSidereal(name, program, data string, settings []string) (*process, error) {
	command := exec.Command("taskset", "-c", serverCore, program)
	command.Env = append([]string{"GOMAXPROCS=1", "SIDEREAL_ADDR=127.0.0.1:0", "SIDEREAL_DATA_DIR=" + data}, settings...)

	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}

	if err := command.Start(); err != nil {
		return nil, err
	}

	p := &process{name: name, command: command}
	lines := bufio.NewScanner(log)

	for p.address == "" && lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			p.address, p.path = found[1], found[2]
		}
	}

	if p.address == "" {
		return nil, fmt.Errorf("%s ended: %w", name, command.Wait())
	}

	go func() {
		for lines.Scan() { // the log is read and thrown away, as an operator's collector would read it
		}
	}()

	return p, nil
}

// startYoga starts Yoga over ready answers.
func startYoga(answers string) (*process, error) {
	command := exec.Command("taskset", "-c", serverCore, "node", "bench/yoga/server.mjs", "schema.graphqls", answers)
	command.Env = append(os.Environ(), "NODE_ENV=production")

	var complaints bytes.Buffer

	command.Stderr = &complaints

	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}

	if err := command.Start(); err != nil {
		return nil, err
	}

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("yoga ended (npm ci in bench/yoga?): %w\n%s", errors.Join(err, command.Wait()), complaints.String())
	}

	return &process{name: "Yoga", command: command, address: "127.0.0.1:" + strings.TrimSpace(line), path: "/graphql"}, nil
}

func (p *process) stop() {
	p.command.Process.Signal(syscall.SIGTERM)
	p.command.Wait()
}

// processorTime returns how long the server has run on processors.
func (p *process) processorTime() (time.Duration, error) {
	return processorTime(p.command.Process.Pid)
}

func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}

	const ticks = 100 // a second: USER_HZ of every Linux

	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])

	return time.Duration(user+system) * time.Second / ticks, errors.Join(err1, err2)
}

// resident returns the memory of the server in MB.
func (p *process) resident() float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))

	for line := range strings.SplitSeq(string(text), "\n") {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			return kilobytes * 1024 / 1e6
		}
	}

	return 0
}
