package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/internal/nodetest"
)

// The guide for front ends shows the module that the next test runs.
func TestTheFrontEndGuideShowsItsModule(t *testing.T) {
	guide, err := os.ReadFile("../../docs/frontend.md")
	if err != nil {
		t.Fatal(err)
	}

	module, err := os.ReadFile("../../docs/frontend/sidereal.mjs")
	if err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(string(guide), "```js\n"+string(module)+"```\n") {
		t.Error("docs/frontend.md does not show docs/frontend/sidereal.mjs as it is")
	}
}

func TestTheFrontEndGuideWorks(t *testing.T) {
	const folder = "../../docs/frontend"

	nodetest.Install(t, folder)

	s := start(t, embedded(t))
	nodetest.Run(t, folder, nil, "try.mjs", s.url+"/graphql", strings.TrimPrefix(bearer(t, account.Admin, time.Hour), "Bearer "))
}

// What the README shows of a browser app does what it says, and goes on when its access token is refused.
func TestTheBrowserAppOfTheReadme(t *testing.T) {
	const (
		folder   = "../../docs/frontend"
		endpoint = "'http://127.0.0.1:8080/graphql'"
		later    = `
session = { ...session, accessToken: 'refused' }
console.log((await client.query(Viewer, {}, { requestPolicy: 'network-only' })).data.viewer.email)
`
	)

	programs := blocks(t, "js")
	if len(programs) != 1 || strings.Count(programs[0], endpoint) != 1 {
		t.Fatalf("the README has %d programs, or one that does not ask %s", len(programs), endpoint)
	}

	nodetest.Install(t, folder)

	s := start(t, embedded(t))
	program := strings.Replace(programs[0], endpoint, "'"+s.url+"/graphql'", 1) + later

	want := strings.Repeat("ada@example.org\n", 2)
	if got := nodetest.Run(t, folder, nil, "--input-type=module", "--eval", program); string(got) != want {
		t.Errorf("want %q, got %q", want, got)
	}
}
