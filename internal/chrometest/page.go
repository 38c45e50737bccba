package chrometest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Page is a tab of the browser.
type Page struct {
	*connection

	session string
}

func openPage(t testing.TB, address string) *Page {
	t.Helper()

	c := dial(t, address)

	var target struct{ TargetID string }

	c.call(t, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)

	var attached struct{ SessionID string }

	c.call(t, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)

	p := &Page{c, attached.SessionID}
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		p.call(t, p.session, domain+".enable", nil, nil)
	}

	return p
}

// Navigate opens an address.
func (p *Page) Navigate(t testing.TB, address string) {
	t.Helper()

	var result struct{ ErrorText string }

	p.call(t, p.session, "Page.navigate", map[string]any{"url": address}, &result)

	if result.ErrorText != "" {
		t.Fatalf("navigate to %s: %s", address, result.ErrorText)
	}
}

// Eval evaluates a JavaScript expression, awaits it if it is a promise, and puts its value into out unless that is nil.
func (p *Page) Eval(t testing.TB, expression string, out any) {
	t.Helper()

	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}

	p.call(t, p.session, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &answer)

	if e := answer.ExceptionDetails; e != nil {
		t.Fatalf("%s\n%s: %s", expression, e.Text, e.Exception.Description)
	}

	if out != nil {
		if err := json.Unmarshal(answer.Result.Value, out); err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
	}
}

// WaitFor waits until a JavaScript expression is true.
func (p *Page) WaitFor(t testing.TB, expression string) {
	t.Helper()

	var ok bool

	p.Eval(t, fmt.Sprintf(`new Promise((resolve) => {
		const until = Date.now() + %d;
		const look = () => (%s) ? resolve(true) : Date.now() > until ? resolve(false) : setTimeout(look, 20);
		look();
	})`, patience.Milliseconds()/2, expression), &ok)

	if !ok {
		var text string

		p.Eval(t, "document.body.innerText", &text)
		t.Fatalf("never true: %s\nthe page says:\n%s\nproblems: %q", expression, text, p.Problems())
	}
}

// Screenshot writes a picture of the page as PNG.
func (p *Page) Screenshot(t testing.TB, path string) {
	t.Helper()

	var shot struct{ Data string }

	p.call(t, p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &shot)

	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		t.Fatal(err)
	}

	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Hosts returns where the page sent requests to, "host:port".
func (p *Page) Hosts() []string {
	var hosts []string

	for _, e := range p.events() {
		if e.Method != "Network.requestWillBeSent" && e.Method != "Network.webSocketCreated" {
			continue
		}

		var sent struct {
			URL     string
			Request struct{ URL string }
		}

		_ = json.Unmarshal(e.Params, &sent)

		if u, err := url.Parse(sent.URL + sent.Request.URL); err == nil && u.Host != "" {
			hosts = append(hosts, u.Host)
		}
	}

	return hosts
}

// Problems returns what the page complained of: exceptions, errors on the console, failed requests, what the content security policy blocked.
func (p *Page) Problems() []string {
	var problems []string

	for _, e := range p.events() {
		params := string(e.Params)

		switch {
		case e.Method == "Runtime.exceptionThrown", e.Method == "Network.loadingFailed" && !strings.Contains(params, `"canceled":true`):
			problems = append(problems, params)
		case e.Method == "Log.entryAdded" && strings.Contains(params, `"level":"error"`):
			problems = append(problems, params)
		case e.Method == "Runtime.consoleAPICalled" && strings.Contains(params, `"type":"error"`):
			problems = append(problems, params)
		}
	}

	return problems
}
