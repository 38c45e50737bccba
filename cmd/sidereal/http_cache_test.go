package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"sidereal/account"
)

func TestPersistedQueriesAreCached(t *testing.T) {
	hash := start(t, embedded(t)).calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash // here it is not calculated yet
	s := start(t, append(embedded(t), manifest(t, `{"chart": "{ chart(hash: \"`+hash+`\") { birth { timeKnown } } }", "wrong": "{ famousPeople(first: -1) { nodes { name } } }", "change": "mutation { __typename }"}`)))
	path := "/graphql?documentId=chart"

	first, text := s.raw(t, http.DefaultClient, http.MethodGet, path, "")
	tag := first.Header.Get("ETag")

	if first.StatusCode != http.StatusOK || !strings.HasPrefix(tag, `W/"`) || first.Header.Get("Cache-Control") != "public, no-cache" || !strings.HasPrefix(text, `{"data":{"chart":null},"extensions":{"cost":`) {
		t.Fatalf("unexpected: %d %v %s", first.StatusCode, first.Header, text)
	}

	for _, name := range []string{"Accept", "Accept-Encoding", "Authorization"} {
		if !strings.Contains(strings.Join(first.Header.Values("Vary"), ","), name) {
			t.Errorf("the answer does not vary by %s: %v", name, first.Header.Values("Vary"))
		}
	}

	for offered, status := range map[string]int{
		tag: 304, strings.TrimPrefix(tag, "W/"): 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, "": 200,
	} {
		again, text := s.raw(t, http.DefaultClient, http.MethodGet, path, "", "If-None-Match", offered)
		if again.StatusCode != status || (text == "") != (status == 304) || again.Header.Get("ETag") != tag || again.Header.Get("Cache-Control") == "" {
			t.Errorf("If-None-Match: %s: want %d, got %d %v %s", offered, status, again.StatusCode, again.Header, text)
		}
	}

	if own, _ := s.raw(t, http.DefaultClient, http.MethodGet, path, "", "Authorization", bearer(t, account.User, time.Hour)); own.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("an answer to somebody: %v", own.Header)
	}

	if newest, _ := s.raw(t, http.DefaultClient, http.MethodGet, path, "", "Accept", "application/graphql-response+json"); newest.Header.Get("ETag") == tag {
		t.Error("two media types have one tag")
	}

	s.calculate(t, "1990-01-15", "10:30")

	if changed, text := s.raw(t, http.DefaultClient, http.MethodGet, path, "", "If-None-Match", tag); changed.StatusCode != http.StatusOK || changed.Header.Get("ETag") == tag || !strings.Contains(text, `{"chart":{"birth":{"timeKnown":true}}}`) {
		t.Errorf("the answer has changed, and the tag has not: %d %s", changed.StatusCode, text)
	}

	for name, path := range map[string]string{
		"an error": "/graphql?documentId=wrong", "a document that is not persisted": "/graphql?query=" + url.QueryEscape("{ __typename }"),
		"a mutation": "/graphql?documentId=change", "a document that is unknown": "/graphql?documentId=none",
	} {
		if a, _ := s.raw(t, http.DefaultClient, http.MethodGet, path, ""); a.Header.Get("ETag") != "" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is cached: %v", name, a.Header)
		}
	}

	if a := s.sendBody(t, "documentId", "chart"); a.Header.Get("ETag") != "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a POST is cached: %v", a.Header)
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	s := start(t, append(embedded(t), manifest(t, `{"name": "{ __typename }"}`)))

	for _, path := range []string{"/graphql?query=" + url.QueryEscape("{ __typename }"), "/graphql?documentId=name", "/graphql?query=%7B", "/graphql?query=mutation%7B__typename%7D"} {
		get, text := s.raw(t, http.DefaultClient, http.MethodGet, path, "", "Accept", "application/graphql-response+json")
		head, none := s.raw(t, http.DefaultClient, http.MethodHead, path, "", "Accept", "application/graphql-response+json")

		if none != "" || get.StatusCode != head.StatusCode || get.Header.Get("Content-Length") != strconv.Itoa(len(text)) {
			t.Errorf("%s: %d %v with %s, and for HEAD %d with %s", path, get.StatusCode, get.Header, text, head.StatusCode, none)
		}

		for _, name := range []string{"Content-Type", "Content-Length", "ETag", "Cache-Control", "Allow"} {
			// The request id is part of an error, and every one is as long as another.
			if get.Header.Get(name) != head.Header.Get(name) {
				t.Errorf("%s: %s is %q, and for HEAD %q", path, name, get.Header.Get(name), head.Header.Get(name))
			}
		}
	}

	if other, _ := s.raw(t, http.DefaultClient, http.MethodPut, "/graphql", ""); other.StatusCode != http.StatusMethodNotAllowed || other.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("unexpected: %d %v", other.StatusCode, other.Header)
	}
}

// What may be left out may be null or empty, too; what has the wrong type is refused.
func TestParametersOfARequest(t *testing.T) {
	s := start(t, embedded(t))

	for text, status := range map[string]int{
		`{"query":"query A { __typename }","operationName":null,"variables":null,"extensions":null,"documentId":null}`: 200,
		`{"query":"query A { __typename }","operationName":"","documentId":""}`:                                        200,
		`{"query":"query A { __typename }","operationName":"A","unknown":[1]}`:                                         200,
		`{"query":"query A { __typename } query B { __typename }","operationName":"B"}`:                                200,
		`{"query":"query A { __typename } query B { __typename }","operationName":""}`:                                 400,
		`{"query":"query A { __typename } query B { __typename }"}`:                                                    400,
		`{"query":"{ __typename }","operationName":1}`:                                                                 400,
		`{"query":"{ __typename }","variables":[]}`:                                                                    400,
		`{"query":"{ __typename }","variables":"{}"}`:                                                                  400,
		`{"query":"{ __typename }","extensions":[]}`:                                                                   400,
		`{"query":"{ __typename }","extensions":{"persistedQuery":[]}}`:                                                400,
		`{"query":"{ __typename }","documentId":7}`:                                                                    400,
		`{"query":null}`:                        400,
		`null`:                                  400,
		`"{ __typename }"`:                      400,
		"{\"query\":\"{ __typename } # \xff\"}": 400,
	} {
		a := s.send(t, http.MethodPost, "/graphql", text, "Content-Type", "application/json", "Accept", "application/graphql-response+json")
		if a.Status != status || (len(a.Errors) > 0) == (status == 200) {
			t.Errorf("%s: want %d, got %d %+v", text, status, a.Status, a.Errors)
		}
	}

	for query, status := range map[string]int{
		"query=query+A%7B__typename%7D&operationName=&variables=&extensions=": 200,
		"query=%7B__typename%7D&operationName=A":                              400,
		"query=%7B__typename%7D&extensions=7":                                 400,
		"query=%7B__typename%7D&variables=%7B%7D%7B%7D":                       400,
		"query=%7B__typename%7D%20%23%FF":                                     400,
		"query=%zz":                                                           400,
	} {
		if a := s.send(t, http.MethodGet, "/graphql?"+query, "", "Accept", "application/graphql-response+json"); a.Status != status {
			t.Errorf("%s: want %d, got %d %+v", query, status, a.Status, a.Errors)
		}
	}
}
