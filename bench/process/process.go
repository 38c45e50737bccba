// Package process starts the servers that benchmarks compare, each on one core, the same for all, and tells what they cost.
package process

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

// Process is a server under way, on the core that servers run on.
type Process struct {
	Name    string
	Address string // HOST:PORT
	Path    string // of the GraphQL endpoint
	Token   string // bearer token, empty for none

	command *exec.Cmd
}

const (
	serverCore = "0"
	clientCore = "1"
)

// PinSelf puts this program on its core.
func PinSelf() error {
	out, err := exec.Command("taskset", "-a", "-c", "-p", clientCore, strconv.Itoa(os.Getpid())).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskset: %w\n%s", err, out)
	}

	return nil
}

// Build builds the program as `make build` does, into an empty folder, which remove takes away.
func Build() (program, folder string, remove func(), err error) {
	if folder, err = os.MkdirTemp("", "bench-"); err != nil {
		return "", "", nil, err
	}

	remove = func() { os.RemoveAll(folder) }

	program = filepath.Join(folder, "sidereal")
	command := exec.Command("go", "build", "-tags", "urfave_cli_no_template", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/sidereal")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")

	if out, err := command.CombinedOutput(); err != nil {
		remove()

		return "", "", nil, fmt.Errorf("build: %w\n%s", err, out)
	}

	return program, folder, remove, nil
}

var listening = regexp.MustCompile(`graphql=http://([^/\s]+)(/\S+)`)

// Sidereal starts the program on one core, over a data folder, with settings.
func Sidereal(name, program, data string, settings []string) (*Process, error) {
	return start(name, data, append([]string{"GOMAXPROCS=1"}, settings...), "taskset", "-c", serverCore, program)
}

// OnAllCores starts the program as an operator would, over a data folder, with settings.
func OnAllCores(name, program, data string, settings []string) (*Process, error) {
	return start(name, data, settings, program)
}

func start(name, data string, settings []string, words ...string) (*Process, error) {
	command := exec.Command(words[0], words[1:]...)
	command.Env = append([]string{"SIDEREAL_ADDR=127.0.0.1:0", "SIDEREAL_DATA_DIR=" + data}, settings...)

	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}

	if err := command.Start(); err != nil {
		return nil, err
	}

	p := &Process{Name: name, command: command}
	lines := bufio.NewScanner(log)

	for p.Address == "" && lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			p.Address, p.Path = found[1], found[2]
		}
	}

	if p.Address == "" {
		return nil, fmt.Errorf("%s ended: %w", name, command.Wait())
	}

	go func() {
		for lines.Scan() { // the log is read and thrown away, as an operator's collector would read it
		}
	}()

	return p, nil
}

// Printing starts a program that prints the loopback port it listens on as its first line, and answers GraphQL at /graphql.
func Printing(name string, command ...string) (*Process, error) {
	started := exec.Command("taskset", append([]string{"-c", serverCore}, command...)...)
	started.Env = append(os.Environ(), "GOMAXPROCS=1", "NODE_ENV=production")

	var complaints bytes.Buffer

	started.Stderr = &complaints

	out, err := started.StdoutPipe()
	if err != nil {
		return nil, err
	}

	if err := started.Start(); err != nil {
		return nil, err
	}

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s ended: %w\n%s", name, errors.Join(err, started.Wait()), complaints.String())
	}

	return &Process{Name: name, command: started, Address: "127.0.0.1:" + strings.TrimSpace(line), Path: "/graphql"}, nil
}

// AdminToken returns a token of an administrator of the server with that data folder, as the command line gives it.
func AdminToken(program, data string) (string, error) {
	command := exec.Command(program, "token", "--admin")
	command.Env = []string{"SIDEREAL_DATA_DIR=" + data}

	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("sidereal token: %w", err)
	}

	return strings.TrimSpace(string(out)), nil
}

// Stop ends the server.
func (p *Process) Stop() {
	p.command.Process.Signal(syscall.SIGTERM)
	p.command.Wait()
}

// ProcessorTime returns how long the server has run on processors.
func (p *Process) ProcessorTime() (time.Duration, error) {
	return ProcessorTime(p.command.Process.Pid)
}

// ProcessorTime returns how long a process has run on processors.
func ProcessorTime(pid int) (time.Duration, error) {
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

// Resident returns the memory of the server in MB.
func (p *Process) Resident() float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))

	for line := range strings.SplitSeq(string(text), "\n") {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			return kilobytes * 1024 / 1e6
		}
	}

	return 0
}
