//go:build e2e

package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/internal/chrometest"
)

// The program as a stranger has it: built, started with nothing but a folder, asked, and stopped by the system.
func TestTheProgramServesAndStopsBySignal(t *testing.T) {
	program := filepath.Join(t.TempDir(), "sidereal")

	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "urfave_cli_no_template", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")

	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}

	folder := t.TempDir()

	for turn, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		s := &testServer{log: new(lockedBuffer)}
		process := exec.CommandContext(t.Context(), program)
		process.Dir = folder
		process.Env = []string{"SIDEREAL_ADDR=127.0.0.1:0"} // and the data folder is where it is started
		process.Stderr = s.log

		if err := process.Start(); err != nil {
			t.Fatal(err)
		}

		for deadline := time.Now().Add(patience); s.url == ""; time.Sleep(5 * time.Millisecond) {
			if found := listening.FindStringSubmatch(s.log.String()); found != nil {
				s.url = found[1]
			} else if time.Now().After(deadline) {
				t.Fatalf("the program does not start:\n%s", s.log)
			}
		}

		if created := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Created; created != (turn == 0) {
			t.Errorf("start %d: created is %t", turn, created)
		}

		if err := process.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}

		if err := process.Wait(); err != nil {
			exit, _ := errors.AsType[*exec.ExitError](err)
			t.Errorf("%v: want exit code 0, got %v, %v\n%s", signal, err, exit, s.log)
		}
	}
}

// SIDEREAL_SCREENSHOT, where it is set, is the file that the picture of the playground goes to.
const screenshot = "SIDEREAL_SCREENSHOT"

func TestThePlaygroundWorksWithoutTheNetwork(t *testing.T) {
	s := start(t, embedded(t))
	page := chrometest.Start(t)

	page.Navigate(t, s.url+"/")
	page.WaitFor(t, `document.querySelector('.graphiql-query-editor')?.innerText.includes('CalculateChart')`)
	page.WaitFor(t, `document.querySelector('.graphiql-editor-tool')?.innerText.includes('1990-01-15')`)
	page.WaitFor(t, `location.pathname === '/playground'`)

	run := `document.querySelector('.graphiql-execute-button').click()`
	shown := func(words string) string {
		return fmt.Sprintf(`document.querySelector('.result-window')?.innerText.replaceAll('\u00a0', ' ').includes(%q)`, words)
	}

	// The first tab calculates a chart.
	page.Eval(t, run, nil)
	page.WaitFor(t, shown(`25°13′36″ Capricorn`))

	if path := os.Getenv(screenshot); path != "" {
		time.Sleep(time.Second) // fonts and colours settle
		page.Screenshot(t, path)
	}

	// The second lists people; nothing has to be put in for it.
	tab := func(n int, operation string) {
		page.Eval(t, fmt.Sprintf(`document.querySelectorAll('.graphiql-tab-button')[%d].click()`, n), nil)
		page.WaitFor(t, fmt.Sprintf(`document.querySelector('.graphiql-query-editor').innerText.replaceAll('\u00a0', ' ').includes(%q)`, operation))
	}

	tab(1, "query FamousPeople")
	page.Eval(t, run, nil)
	page.WaitFor(t, shown(`"Albert Einstein"`))

	// The third subscribes: with what stands for a token it is refused, out loud.
	tab(2, "subscription OperationsSnapshots")
	page.Eval(t, run, nil)
	page.WaitFor(t, shown(`4403 Forbidden`))

	// With one, put where the reader is told to, events come in until the button is pressed again.
	page.Eval(t, `[...document.querySelectorAll('.graphiql-editor-tools button')].find((b) => b.innerText === 'Headers').click()`, nil)
	page.Eval(t, fmt.Sprintf(`(() => {
		const model = __MONACO.editor.getModels().find((m) => m.getValue().includes('PUT-THE-TOKEN-HERE'));
		model.setValue(model.getValue().replace('Bearer PUT-THE-TOKEN-HERE', %q));
	})()`, bearer(t, account.Admin, time.Hour)), nil)
	page.Eval(t, run, nil)
	page.WaitFor(t, shown(`"uptimeMs"`))

	var first string

	page.Eval(t, `document.querySelector('.result-window').innerText`, &first)
	page.WaitFor(t, fmt.Sprintf(`document.querySelector('.result-window').innerText !== %q`, first))

	ours, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}

	for _, host := range page.Hosts() {
		if host != ours.Host {
			t.Errorf("the playground asked %s", host)
		}
	}

	if problems := page.Problems(); len(problems) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(problems, "\n"))
	}
}
