package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// process is a server in a process of its own, which can be killed and started again at the same address, over the same data.
type process struct {
	environment []string
	address     string // HOST:PORT
	log         *lockedBuffer
	command     *exec.Cmd
	ended       chan struct{}
}

// launch starts a process with an environment, in which it puts its address. It is killed when the test ends.
func launch(t testing.TB, environment []string) *process {
	t.Helper()

	p := &process{address: fixedAddress(t), log: new(lockedBuffer)}
	p.environment = slices.Concat(environment, []string{"SIDEREAL_ADDR=" + p.address})

	t.Cleanup(func() {
		p.kill()

		if t.Failed() {
			t.Logf("the log of %s:\n%.4000s", p.address, p.log)
		}
	})

	if err := p.start(); err != nil {
		t.Fatal(err)
	}

	return p
}

// start starts it and returns when it listens.
func (p *process) start() error {
	before := len(listening.FindAllString(p.log.String(), -1))

	p.command = exec.Command("sidereal") // which TestMain has made of this program
	p.command.Env = p.environment
	p.command.Stderr = p.log
	p.ended = make(chan struct{})

	if err := p.command.Start(); err != nil {
		return err
	}

	go func() {
		defer close(p.ended)

		_ = p.command.Wait()
	}()

	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if len(listening.FindAllString(p.log.String(), -1)) > before {
			return nil
		}

		select {
		case <-p.ended:
			return fmt.Errorf("the server at %s ended: %v\n%s", p.address, p.command.ProcessState, p.log)
		default:
		}
	}

	return fmt.Errorf("the server at %s does not start", p.address)
}

// kill ends it as a power cut of the process would: no handler runs, nothing is flushed.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	<-p.ended
}

// fixedAddress returns a loopback address that is free, and stays so while nobody listens there: its port is none of those that the system gives to connections.
func fixedAddress(t testing.TB) string {
	t.Helper()

	const lowest, highest = 10_000, 30_000 // Linux gives 32768 to 60999 (net.ipv4.ip_local_port_range), IANA's range is 49152 to 65535

	for range 100 {
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", lowest+rand.N(highest-lowest))); err == nil {
			defer l.Close()

			return l.Addr().String()
		}
	}

	t.Fatal("no port is free")

	return ""
}
