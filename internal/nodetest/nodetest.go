// Package nodetest runs Node projects of this repository in tests. Without Node 20 or later tests are skipped, and fail where CI=true.
package nodetest

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Install installs what the project in a folder names in its package-lock.json, unless that has been done.
func Install(t testing.TB, folder string) {
	t.Helper()
	need(t)

	want, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}

	// npm leaves no trace of the lock file that it went by; this is one.
	mark := filepath.Join(folder, "node_modules", ".installed.json")
	if got, err := os.ReadFile(mark); err == nil && bytes.Equal(got, want) {
		return
	}

	install := exec.CommandContext(t.Context(), "npm", "ci", "--silent", "--no-audit", "--no-fund")
	install.Dir = folder

	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", folder, err, output)
	}

	if err := os.WriteFile(mark, want, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Run runs a script of a folder, whose project is installed if the script needs that, and returns what it writes. The test fails when the script does.
func Run(t testing.TB, folder string, input io.Reader, script string, args ...string) []byte {
	t.Helper()
	need(t)

	var output, errors bytes.Buffer

	node := exec.CommandContext(t.Context(), "node", append([]string{script}, args...)...)
	node.Dir, node.Stdin, node.Stdout, node.Stderr = folder, input, &output, &errors

	if err := node.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, output.String(), errors.String())
	}

	return output.Bytes()
}

// need skips or fails a test where Node is missing or too old.
func need(t testing.TB) {
	t.Helper()

	const check = "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)"
	if err := exec.CommandContext(t.Context(), "node", "-e", check).Run(); err == nil {
		return
	}

	if os.Getenv("CI") == "true" {
		t.Fatal("Node 20 or later is needed")
	}

	t.Skip("Node 20 or later is needed")
}
