//go:build e2e

package main

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/internal/chrometest"
)

// livePage is the page of live events in a browser.
type livePage struct{ *chrometest.Page }

// openLive opens the page, chooses what to hear of and follows it.
func openLive(t *testing.T, s *testServer) livePage {
	t.Helper()

	p := livePage{chrometest.Start(t)}
	p.Navigate(t, s.url+"/playground/live")
	p.WaitFor(t, `document.querySelector('[name=types][value=USER_REGISTERED]')`)
	p.click(t, `[name=types][value=USER_REGISTERED]`)
	p.follow(t, bearer(t, account.Admin, time.Hour))
	p.waitForState(t, "live")

	return p
}

func (p livePage) click(t *testing.T, selector string) {
	t.Helper()
	p.Eval(t, fmt.Sprintf(`document.querySelector(%q).click()`, selector), nil)
}

func (p livePage) follow(t *testing.T, authorization string) {
	t.Helper()
	p.Eval(t, fmt.Sprintf(`document.getElementById('token').value = %q`, authorization), nil)
	p.click(t, "#follow")
}

// waitForState waits until the page says where it stands, and that in its details.
func (p livePage) waitForState(t *testing.T, state string, details ...string) {
	t.Helper()

	condition := fmt.Sprintf(`document.getElementById('status')?.dataset.state === %q`, state)
	for _, words := range details {
		condition += fmt.Sprintf(` && document.getElementById('detail').textContent.includes(%q)`, words)
	}

	p.WaitFor(t, condition)
}

// wantAccounts waits until as many events are shown as there are accounts, and checks that they are theirs, each once, the newest first.
func (p livePage) wantAccounts(t *testing.T, oldestFirst []string) {
	t.Helper()
	p.WaitFor(t, fmt.Sprintf(`document.querySelectorAll('#events > li').length >= %d`, len(oldestFirst)))

	var got []string

	p.Eval(t, `[...document.querySelectorAll('#events > li')].map((li) => li.dataset.type + ' ' + li.querySelector('dd').innerText)`, &got)

	want := make([]string, 0, len(oldestFirst))
	for _, id := range slices.Backward(oldestFirst) {
		want = append(want, "USER_REGISTERED "+id)
	}

	if !slices.Equal(want, got) {
		t.Errorf("want the events\n%q, got\n%q", want, got)
	}

	var repeated string

	if p.Eval(t, `document.getElementById('count-repeated').innerText`, &repeated); repeated != "0" {
		t.Errorf("want no event to come twice, got %s", repeated)
	}
}

// cutOff keeps the page from connecting to the server until the returned function is called: through another path there is no way.
func (p livePage) cutOff(t *testing.T) (restore func()) {
	t.Helper()
	p.Eval(t, `window.theirs = { WebSocket, fetch };
		window.fetch = () => Promise.reject(new TypeError('cut off'));
		window.WebSocket = class extends theirs.WebSocket { constructor(url, protocol) { super(url.replace('/graphql', '/healthz'), protocol); } };
		0`, nil)

	return func() {
		t.Helper()
		p.Eval(t, `Object.assign(window, theirs); 0`, nil)
	}
}

func TestThePageOfLiveEventsSurvivesARestart(t *testing.T) {
	environment := embedded(t)
	s := start(t, environment)
	p := openLive(t, s)

	var accounts []string

	join := func(name string) { accounts = append(accounts, s.join(t, name+"@example.org").Auth.Viewer.ID) }

	join("ada")
	join("bob")
	p.wantAccounts(t, accounts)

	// The server stops, and comes back on the same port with the same folder. What happens before the page has found it again comes, too.
	s.stop(t)
	p.waitForState(t, "waiting")

	restore := p.cutOff(t)
	s = start(t, append(environment, "SIDEREAL_ADDR="+strings.TrimPrefix(s.url, "http://")))

	join("cyd")
	join("dan")
	p.waitForState(t, "waiting")
	restore()
	p.click(t, "#now")
	p.waitForState(t, "live", "WebSocket")
	join("eve")
	p.wantAccounts(t, accounts)
	p.WaitFor(t, `document.getElementById('count-reconnected').innerText === '1' && document.getElementById('count-events').innerText === '5'`)

	if path := os.Getenv(screenshot); path != "" {
		p.Screenshot(t, strings.TrimSuffix(path, ".png")+"-live.png")
	}

	// So does the tab that is loaded anew: it follows at once, and shows what it showed.
	p.Eval(t, `window.old = true`, nil)
	p.Navigate(t, s.url+"/playground/live") // to where it is; that returns with the new page, in which there is nothing old
	p.WaitFor(t, `!window.old && document.getElementById('status')?.dataset.state === 'live'`)
	join("fay")
	p.wantAccounts(t, accounts)

	p.wantNothingFromOutside(t, s)
}

// Where WebSockets are blocked the same events come over server-sent events, and are resumed in the same way.
func TestThePageOfLiveEventsNeedsNoWebSocket(t *testing.T) {
	environment := embedded(t)
	s := start(t, environment)
	p := openLive(t, s)

	var accounts []string

	join := func(name string) { accounts = append(accounts, s.join(t, name+"@example.org").Auth.Viewer.ID) }

	join("ada")
	p.wantAccounts(t, accounts)

	p.cutOff(t)
	p.Eval(t, `window.fetch = theirs.fetch; 0`, nil)
	p.click(t, "#stop")
	p.waitForState(t, "idle")
	join("bob")
	p.click(t, "#follow")
	p.waitForState(t, "live", "server-sent events")
	join("cyd")
	p.wantAccounts(t, accounts)

	s.stop(t)
	p.waitForState(t, "waiting")

	s = start(t, append(environment, "SIDEREAL_ADDR="+strings.TrimPrefix(s.url, "http://")))

	join("dan")
	p.waitForState(t, "live", "server-sent events")
	join("eve")
	p.wantAccounts(t, accounts)

	// A token that is none is asked for again, over either way.
	for _, block := range []string{`0`, `window.WebSocket = theirs.WebSocket; 0`} {
		p.Eval(t, block, nil)
		p.follow(t, bearer(t, account.Admin, -time.Minute))
		p.waitForState(t, "refused", "expired")
		p.WaitFor(t, `document.activeElement.id === 'token'`)
	}

	p.wantNothingFromOutside(t, s)
}

// What happens while a page is cut off that has had no event comes, too, once it is back.
func TestThePageOfLiveEventsMissesNothingBeforeTheFirst(t *testing.T) {
	for _, way := range []string{"WebSocket", "server-sent events"} {
		t.Run(way, func(t *testing.T) {
			environment := embedded(t)
			s := start(t, environment)
			p := openLive(t, s)

			if way != "WebSocket" { // as a page that was never told where the stream is
				p.cutOff(t)
				p.click(t, "#stop")
				p.waitForState(t, "idle")
				p.Eval(t, `window.fetch = theirs.fetch;
					Object.keys(sessionStorage).filter((key) => key.startsWith('live:journal')).forEach((key) => sessionStorage.removeItem(key))`, nil)
				p.click(t, "#follow")
			}

			p.waitForState(t, "live", way)
			s.stop(t)
			p.waitForState(t, "waiting")

			restore := p.cutOff(t)
			s = start(t, append(environment, "SIDEREAL_ADDR="+strings.TrimPrefix(s.url, "http://")))
			ada := s.join(t, "ada@example.org").Auth.Viewer.ID

			restore()
			p.click(t, "#now")
			p.waitForState(t, "live", way)
			p.wantAccounts(t, []string{ada, s.join(t, "bob@example.org").Auth.Viewer.ID})
		})
	}
}

// wantNothingFromOutside checks that the page asked its own host only, and that all it complains of is that it could not connect.
func (p livePage) wantNothingFromOutside(t *testing.T, s *testServer) {
	t.Helper()

	ours, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}

	for _, host := range p.Hosts() {
		if host != ours.Host {
			t.Errorf("the page asked %s", host)
		}
	}

	for _, problem := range p.Problems() {
		if !strings.Contains(problem, `"source":"network"`) && !strings.Contains(problem, `"errorText":"net::ERR_`) {
			t.Errorf("the browser complains: %s", problem)
		}
	}
}
