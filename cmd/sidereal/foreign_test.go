//go:build e2e

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sidereal/internal/chrometest"
)

// What a page of another site can do in a real browser: where it may not ask, it reads nothing, opens no WebSocket and stores no chart; where it may, it does.
func TestAForeignPageInABrowser(t *testing.T) {
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Elsewhere</title><iframe name=frame></iframe>")
	}))
	defer foreign.Close()

	elsewhere := strings.Replace(foreign.URL, "127.0.0.1", "localhost", 1) // another site than 127.0.0.1
	wary := start(t, append(embedded(t), "SIDEREAL_ENV=production"))
	named := start(t, append(embedded(t), "SIDEREAL_ENV=production", "SIDEREAL_CORS_ORIGINS="+elsewhere))
	page := chrometest.Start(t)

	var made struct {
		CalculateChart struct{ Chart struct{ Hash string } }
	}

	start(t, embedded(t)).post(t, `mutation { calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 40.7, longitude: -74, timeZone: "America/New_York"}}}) {
		chart { hash } } }`, nil).into(t, &made)

	stored := made.CalculateChart.Chart.Hash // of the chart that the page would store

	const try = `window.done = undefined; (async (url, hash) => {
		const document = 'mutation { calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 40.7, longitude: -74, timeZone: "America/New_York"}}}) { created } }';
		const body = JSON.stringify({ query: document });
		const outcome = (promise) => promise.then(() => 'ok', () => 'refused');
		const post = (type, mode) => outcome(fetch(url, { method: 'POST', body, mode, headers: type ? { 'Content-Type': type } : {} }).then((r) => mode === 'no-cors' ? r : r.json()));
		const results = {};

		// What needs no preflight.
		await post('text/plain', 'no-cors');
		await outcome(fetch(url, { method: 'POST', body: new URLSearchParams({ query: document }), mode: 'no-cors' }));
		const form = Object.assign(window.document.createElement('form'), { action: url, method: 'POST', target: 'frame', enctype: 'text/plain' });
		form.append(Object.assign(window.document.createElement('input'), { name: body.slice(0, -1) + ',"x":"', value: '"}' }));
		window.document.body.append(form);
		const framed = new Promise((done) => { frames.frame.frameElement.onload = done; frames.frame.frameElement.onerror = done; setTimeout(done, 2000); });
		form.submit();
		await framed;

		// What does.
		results.read = await outcome(fetch(url + '?query=' + encodeURIComponent('{ __typename }')).then((r) => r.json()));
		results.socket = await new Promise((done) => {
			const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
			socket.onopen = () => { done('ok'); socket.close(); };
			socket.onerror = () => done('refused');
		});
		results.before = JSON.stringify((await (await fetch(url + '?query=' + encodeURIComponent('{ chart(hash: "' + hash + '") { hash } }'))
			.then((r) => r.json()).catch(() => ({ data: 'hidden' })))).data);
		results.post = await post('application/json', 'cors');
		window.done = JSON.stringify([results.read, results.socket, results.before, results.post]);
	})(%q, %q)`

	for s, want := range map[*testServer]string{
		wary:  `["refused","refused","\"hidden\"","refused"]`,
		named: `["ok","ok","{\"chart\":null}","ok"]`,
	} {
		page.Navigate(t, elsewhere+"/")
		page.Eval(t, fmt.Sprintf(try, s.url+"/graphql", stored)+"; 0", nil)
		page.WaitFor(t, `window.done !== undefined`)

		var got string

		if page.Eval(t, `window.done`, &got); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}

	var p chartPage

	if wary.post(t, pages, nil, administrator(t)...).into(t, &p); p.Charts.TotalCount != 0 {
		t.Errorf("a foreign page stored %d charts", p.Charts.TotalCount)
	}

	if named.post(t, pages, nil, administrator(t)...).into(t, &p); p.Charts.TotalCount != 1 {
		t.Errorf("want the one chart of the page that may, got %d", p.Charts.TotalCount)
	}
}
