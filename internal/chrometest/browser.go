// Package chrometest drives a real, headless Chromium in tests, over the Chrome DevTools Protocol.
package chrometest

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait for the browser.
const patience = 60 * time.Second

// flags make Chromium run without a display, as any user, and without talking to its maker.
var flags = []string{
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
	"--disable-sync", "--disable-dev-shm-usage", "--window-size=1400,900", "--remote-debugging-port=0", "about:blank",
}

// Start starts a browser that ends with the test, and opens a page in it. Without a Chromium the test fails: there is nothing to skip to.
func Start(t testing.TB) *Page {
	t.Helper()

	path := ""

	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}

	if path == "" {
		t.Fatal("chromium is missing; `make deps` installs it")
	}

	// A context of its own: the test's ends before its cleanups run.
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, append([]string{"--user-data-dir=" + profile(t)}, flags...)...)

	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})

	addresses := make(chan string, 1)

	go func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if _, address, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
				addresses <- address
			}
		}
	}()

	select {
	case address := <-addresses:
		return openPage(t, address)
	case <-time.After(patience):
		t.Fatal("chromium does not start")
	}

	return nil
}

// profile returns a folder for a browser. Its helpers outlive it by a moment and write on, so the folder is taken away in more than one try, unlike the test's own.
func profile(t testing.TB) string {
	t.Helper()

	folder, err := os.MkdirTemp("", "browser-")
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		for deadline := time.Now().Add(removal); os.RemoveAll(folder) != nil; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("the browser does not leave %s", folder)

				return
			}
		}
	})

	return folder
}

// removal bounds how long the helpers of a browser may write on.
const removal = 10 * time.Second
