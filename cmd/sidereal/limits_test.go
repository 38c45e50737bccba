package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/introspection"

	"sidereal/account"
	"sidereal/internal/everyfield"
	"sidereal/internal/redistest"
)

// costReport is extensions.cost.
type costReport struct {
	Requested int64 `json:"requestedQueryCost"`
	Actual    int64 `json:"actualQueryCost"`
	Throttle  *struct {
		Maximum   int64 `json:"maximumAvailable"`
		Available int64 `json:"currentlyAvailable"`
		Rate      int64 `json:"restoreRate"`
	} `json:"throttleStatus"`
}

// cost returns the cost of an answer that must have one.
func (a answer) cost(t testing.TB) costReport {
	t.Helper()

	var report costReport

	if err := json.Unmarshal(a.Extensions["cost"], &report); err != nil {
		t.Fatalf("extensions.cost: %v in %s", err, a.Extensions)
	}

	return report
}

// rates is the environment of a server that limits rates: the points of nobody and of a user, and how many come back to either.
func rates(environment []string, nobody, perSecond, user int) []string {
	return append(environment, fmt.Sprintf("SIDEREAL_RATE_ANONYMOUS_POINTS=%d", nobody), fmt.Sprintf("SIDEREAL_RATE_ANONYMOUS_PER_SECOND=%d", perSecond),
		fmt.Sprintf("SIDEREAL_RATE_POINTS=%d", user), fmt.Sprintf("SIDEREAL_RATE_PER_SECOND=%d", perSecond))
}

func TestEveryAnswerSaysWhatItCost(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, rates(environment, 5000, 1, 9000))
		hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
		nobody, signedIn := []string(nil), administrator(t)

		for name, test := range map[string]struct {
			document          string
			header            []string
			requested, actual int64
		}{
			"nothing much":                {`{ __typename }`, nobody, 1, 1},
			"a chart":                     {fmt.Sprintf(`{ chart(hash: %q) { hash } }`, hash), nobody, 12, 12},
			"a list as long as assumed":   {fmt.Sprintf(`{ chart(hash: %q) { positions { body } } }`, hash), nobody, 34, 34},
			"a list by its argument":      {fmt.Sprintf(`{ chart(hash: %q) { positions(bodies: [SUN, MOON]) { body } } }`, hash), nobody, 15, 15},
			"a page with one chart on it": {`{ charts(first: 50) { nodes { hash } } }`, signedIn, 72, 23},
			"edges of the same":           {`{ charts(first: 50) { edges { node { hash } } } }`, signedIn, 122, 24},
			"lists in lists":              {`{ charts(first: 50) { nodes { positions { body } } } }`, signedIn, 22 + 50*23, 22 + 23},
			"an error in a field":         {`{ charts(first: -1) { nodes { hash } } }`, signedIn, 122, 22},
			"introspection":               {`{ __type(name: "Chart") { fields { name } } }`, nobody, 2, 2},
		} {
			t.Run(name, func(t *testing.T) {
				got := s.post(t, test.document, nil, test.header...).cost(t)
				if got.Requested != test.requested || got.Actual != test.actual {
					t.Errorf("want %d points requested and %d used, got %+v", test.requested, test.actual, got)
				}

				maximum := int64(5000)
				if test.header != nil {
					maximum = 9000
				}

				if got.Throttle == nil || got.Throttle.Maximum != maximum || got.Throttle.Rate != 1 {
					t.Errorf("want a bucket of %d that gets 1 back a second, got %+v", maximum, got.Throttle)
				}
			})
		}
	})
}

// searching costs 111 points, and finds as many people as it may.
const searching = `{ famousPeople(first: 59) { nodes { name } } }`

func TestWhoAsksTooMuchIsAskedToWait(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, rates(environment, 200, 20, 150))

		if got := s.post(t, searching, nil).cost(t); got.Actual != 111 || got.Throttle.Available < 89 || got.Throttle.Available > 110 {
			t.Errorf("want 111 points used and 89 left, got %+v, %+v", got, got.Throttle)
		}

		a := s.post(t, searching, nil)
		e := a.wantError(t, "RATE_LIMITED", "")

		if cost := a.cost(t); cost.Requested != 111 || cost.Actual != 0 || a.Data != nil || a.Status != http.StatusOK || a.Header.Get("Retry-After") == "" {
			t.Errorf("want status 200, nothing used and no data, got %d, %+v, %s", a.Status, cost, a.Data)
		}

		if other := s.send(t, http.MethodPost, "/graphql", `{"query": "`+searching+`"}`, "Content-Type", "application/json",
			"Accept", "application/graphql-response+json"); other.Status != http.StatusTooManyRequests || other.Header.Get("Retry-After") == "" {
			t.Errorf("want status 429 and Retry-After, got %d and %s", other.Status, other.Header)
		}

		// Somebody who signed in has a bucket of their own.
		user := bearer(t, account.User, time.Hour)
		s.post(t, searching, nil, "Authorization", user).into(t, new(any))
		s.post(t, searching, nil, "Authorization", user).wantError(t, "RATE_LIMITED", "")

		wait, _ := e.Extensions["retryAfterMs"].(float64)
		if wait < 1 || wait > 1101 {
			t.Fatalf("want a wait of at most 1101 ms, got %v", e.Extensions)
		}

		time.Sleep(time.Duration(wait) * time.Millisecond)
		s.post(t, searching, nil).into(t, new(any))
	})
}

// Two processes with one Redis take from one bucket.
func TestProcessesShareTheirLimits(t *testing.T) {
	redis := "SIDEREAL_REDIS_URL=" + redistest.Start(t).URL()
	one, other := start(t, append(rates(embedded(t), 200, 1, 0), redis)), start(t, append(rates(embedded(t), 200, 1, 0), redis))

	one.post(t, searching, nil).into(t, new(any))
	other.post(t, searching, nil).wantError(t, "RATE_LIMITED", "")
}

func TestLimitsOfTheAPI(t *testing.T) {
	s := start(t, append(rates(embedded(t), 5000, 500, 0), "SIDEREAL_MAX_COST=3000", "SIDEREAL_MAX_DEPTH=5", "SIDEREAL_MAX_ALIASES=2",
		"SIDEREAL_MAX_ROOT_FIELDS=3", "SIDEREAL_MAX_FIELDS=30", "SIDEREAL_MAX_TOKENS=100", "SIDEREAL_MAX_BODY_BYTES=2000"))

	const deep = `{ charts { nodes { birth { resolution { zone } } } } }`

	for name, test := range map[string]struct {
		document, code string
		limit, actual  any
	}{
		"depth":       {strings.Replace(deep, "{ nodes {", "{ edges { node {", 1) + "}", "DEPTH_LIMIT", 5., 6.},
		"aliases":     {`{ a: __typename b: __typename c: __typename }`, "COMPLEXITY_LIMIT", 2., 3.},
		"root fields": {`{ __typename ...F } fragment F on Query { __typename __typename __typename }`, "COMPLEXITY_LIMIT", 3., 4.},
		"fields":      {`{ charts { nodes { ` + strings.Repeat("id ", 30) + `} } }`, "COMPLEXITY_LIMIT", 30., 32.},
		"tokens":      {`{ charts { nodes { ` + strings.Repeat("id ", 100) + `} } }`, "COMPLEXITY_LIMIT", 100., nil},
		"cost":        {`{ charts(first: 100) { nodes { positions { body } aspects { kind } } } }`, "COMPLEXITY_LIMIT", 3000., 22. + 100*(1+22+41)},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.post(t, test.document, nil)
			e := a.wantError(t, test.code, "")

			if e.Extensions["limit"] != test.limit || e.Extensions["actual"] != test.actual || a.Data != nil || a.Status != http.StatusOK {
				t.Errorf("want status 200 and the limit %v with %v, got %d and %v", test.limit, test.actual, a.Status, e.Extensions)
			}
		})
	}

	t.Run("at the limits", func(t *testing.T) {
		s.post(t, deep, nil, administrator(t)...).into(t, new(any))
	})

	t.Run("body", func(t *testing.T) {
		if got := s.post(t, "{ __typename } #"+strings.Repeat("x", 2000), nil); got.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("want status 413, got %d", got.Status)
		}
	})

	t.Run("more than a full bucket has", func(t *testing.T) {
		s := start(t, rates(embedded(t), 100, 1, 0))
		if e := s.post(t, searching, nil).wantError(t, "COMPLEXITY_LIMIT", ""); e.Extensions["limit"] != 100. || e.Extensions["actual"] != 111. {
			t.Errorf("want the limit 100 with 111, got %v", e.Extensions)
		}
	})
}

// The limits as they come let through what people ask for.
func TestUsualDocumentsAreWithinTheLimits(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_RATE_ANONYMOUS_POINTS=10000", "SIDEREAL_RATE_POINTS=100000")) // the defaults

	everything, err := everyfield.Selection("../../schema.graphqls", "CalculateChartPayload")
	if err != nil {
		t.Fatal(err)
	}

	for name, test := range map[string]struct {
		document string
		header   []string
	}{
		"everything":    {"mutation($birth: BirthInput!) { calculateChart(input: $birth) " + everything + "}", nil},
		"a page":        {`{ charts(first: 50) { totalCount nodes { hash positions { body longitude house } aspects { first second kind orb } } } }`, administrator(t)},
		"introspection": {introspection.Query, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if a := s.post(t, test.document, birth("1990-01-15", "10:30"), test.header...); len(a.Errors) > 0 {
				t.Errorf("want no errors, got %+v", a.Errors)
			}
		})
	}
}

func TestAnOperationMayNotTakeForEver(t *testing.T) {
	const document = `{ charts { nodes { hash } } }`

	forms(t, func(t *testing.T, environment []string) {
		s := start(t, append(environment, "SIDEREAL_MAX_EXECUTION_TIME=1us", "SIDEREAL_CACHE_CHARTS=0"))

		a := outOfTime(t, func() answer { return s.post(t, document, nil, administrator(t)...) })
		a.wantError(t, "TIMEOUT", "")

		if a.cost(t).Actual != 22 {
			t.Errorf("want 22 points used, got %+v", a.cost(t))
		}

		a = outOfTime(t, func() (a answer) {
			socket := s.dial(t, bearer(t, account.Admin, time.Hour))
			subscribe(t, socket, document)

			m, err := receive(t, socket)
			if err == nil && m.Type == "error" { // it had not begun
				err = json.Unmarshal(m.Payload, &a.Errors)
			} else if err == nil {
				err = json.Unmarshal(m.Payload, &a)
			}

			if err != nil {
				t.Fatalf("over a WebSocket: want an answer, got %s, %v", m.Type, err)
			}

			return a
		})
		if a.Errors[0].Extensions["code"] != "TIMEOUT" {
			t.Errorf("over a WebSocket: want TIMEOUT, got %+v", a.Errors)
		}
	})
}

// outOfTime asks until an answer has errors: now and then the clock that ends an operation is late, and the operation done.
func outOfTime(t *testing.T, ask func() answer) answer {
	t.Helper()

	for range 50 {
		if a := ask(); len(a.Errors) > 0 {
			return a
		}
	}

	t.Fatal("no operation runs out of time")

	return answer{}
}

// A subscription pays once, when it begins, and its first event says so; an operation that is refused over a WebSocket says when to come back.
func TestSubscriptionsPayOnce(t *testing.T) {
	s := start(t, rates(embedded(t), 0, 1, 200))
	socket := s.open(t)

	begin(t, socket, "1", `subscription { operationsSnapshots(everyMs: 20) { goroutines } }`)

	for i := range 3 {
		var payload answer

		m, err := receive(t, socket)
		if err != nil || m.Type != "next" || json.Unmarshal(m.Payload, &payload) != nil {
			t.Fatalf("want an event, got %+v, %v", m, err)
		}

		if i > 0 {
			if len(payload.Extensions) > 0 {
				t.Errorf("want no cost of a later event, got %s", m.Payload)
			}

			continue
		}

		if got := payload.cost(t); got.Requested != 102 || got.Actual != 102 || got.Throttle.Available < 98 || got.Throttle.Available > 190 {
			t.Errorf("want 102 points taken out of 200, got %+v, %+v", got, got.Throttle)
		}
	}

	begin(t, socket, "2", `subscription { operationsSnapshots(everyMs: 20) { goroutines } }`)

	for {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.ID != "2" {
			continue
		}

		var errs []answerError
		if m.Type != "error" || json.Unmarshal(m.Payload, &errs) != nil || len(errs) != 1 || errs[0].Extensions["code"] != "RATE_LIMITED" ||
			errs[0].Extensions["retryAfterMs"] == nil {
			t.Errorf("want RATE_LIMITED, got %s %s", m.Type, m.Payload)
		}

		return
	}
}
