package resilience

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// misbehave is a server that does what the path says.
func misbehave(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/well":
		fmt.Fprint(w, `{"text":"well"}`)
	case "/hang":
		<-r.Context().Done()
	case "/cut":
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"text":"cut`)
	case "/drop":
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.Close()
	case "/nonsense":
		fmt.Fprint(w, `<html>`)
	case "/wait":
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	default:
		var status int

		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
	}
}

// get asks a server as a client of a service would.
func get(ctx context.Context, client *http.Client, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}

	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("get: %w", err)
	}
	defer response.Body.Close()

	if err := CheckStatus(response); err != nil {
		return "", fmt.Errorf("get: %w", err)
	}

	var answer struct{ Text string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("get: %w", err)
	}

	return answer.Text, nil
}

// The errors are those that net/http really makes. The key in every address must not be seen.
func TestWhatServersDoIsJudged(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(misbehave))
	defer server.Close()

	secure := httptest.NewUnstartedServer(http.HandlerFunc(misbehave))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the client that does not trust it
	secure.StartTLS()

	defer secure.Close()

	closed := httptest.NewServer(nil)
	closed.Close()

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()

	for name, c := range map[string]struct {
		address  string
		want     Verdict
		describe string
	}{
		"it hangs":                     {server.URL + "/hang", Transient, "timeout"},
		"it cuts the answer":           {server.URL + "/cut", Transient, "the connection ended early"},
		"it drops the connection":      {server.URL + "/drop", Transient, "the connection ended early"},
		"it is not there":              {closed.URL + "/well", Transient, "connection refused"},
		"it answers nonsense":          {server.URL + "/nonsense", Failed, "an error of type *json.SyntaxError"},
		"nobody vouches for it":        {secure.URL + "/well", Failed, "its certificate is not accepted"},
		"it asks to wait":              {server.URL + "/wait", Transient, "status 429 Too Many Requests"},
		"it takes too long for itself": {server.URL + "/408", Transient, "status 408 Request Timeout"},
		"it is too early":              {server.URL + "/425", Transient, "status 425 Too Early"},
		"it fails":                     {server.URL + "/500", Transient, "status 500 Internal Server Error"},
		"it is overrun":                {server.URL + "/503", Transient, "status 503 Service Unavailable"},
		"it fails in its own way":      {server.URL + "/599", Transient, "status 599"},
		"it knows nothing":             {server.URL + "/404", Answered, "status 404 Not Found"},
		"it does not know us":          {server.URL + "/401", Answered, "status 401 Unauthorized"},
		"the address is none":          {"http://%zz/", Failed, "an error of type url.EscapeError"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if c.address != server.URL+"/hang" {
			ctx = t.Context()
		}

		_, err := get(ctx, client, c.address+"?key=sesame")

		cancel()

		if err == nil {
			t.Errorf("%s: want an error, got none", name)

			continue
		}

		if got := Classify(err); got != c.want {
			t.Errorf("%s: want the verdict %d, got %d on %v", name, c.want, got, err)
		}

		if got := Describe(err); got != c.describe || strings.Contains(got, "sesame") {
			t.Errorf("%s: want the words %q, got %q", name, c.describe, got)
		}
	}
}

func TestOtherErrorsAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		want     Verdict
		describe string
	}{
		"a host that does not exist":           {&net.OpError{Err: &net.DNSError{Err: "no such host", IsNotFound: true}}, Failed, "its host does not exist"},
		"a host that cannot be looked up now":  {&net.OpError{Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}, Transient, "its host could not be looked up"},
		"a resolver that hangs":                {&net.DNSError{Err: "i/o timeout", IsTimeout: true}, Transient, "timeout"},
		"a context that ended further in":      {context.Canceled, Failed, "an error of type *errors.errorString"},
		"a verdict of its own":                 {fmt.Errorf("call: %w", WithVerdict(io.EOF, Neutral)), Neutral, "the connection ended early"},
		"an open breaker further in":           {&RejectedError{Reason: ReasonOpen, After: time.Minute}, Failed, "a service that it depends on failed"},
		"spent tries further in":               {&ExhaustedError{Last: errAway}, Failed, "a service that it depends on failed"},
		"spent tries further in, with a view":  {WithVerdict(&ExhaustedError{Last: errAway}, Answered), Answered, "a service that it depends on failed"},
		"a status that is no refusal":          {&StatusError{Status: 302}, Failed, "status 302 Found"},
		"an error of which nothing is known":   {errors.New("sesame"), Failed, "an error of type *errors.errorString"},
		"a connection that this process ended": {fmt.Errorf("read: %w", net.ErrClosed), Transient, "the connection ended early"},
	} {
		if got := Classify(c.err); got != c.want {
			t.Errorf("%s: want the verdict %d, got %d", name, c.want, got)
		}

		if got := Describe(c.err); got != c.describe {
			t.Errorf("%s: want the words %q, got %q", name, c.describe, got)
		}
	}
}

// A dependency further in that is open does not hold the outer one back.
func TestAnInnerPauseIsNotTheOuterOnes(t *testing.T) {
	d := add(t, Policy{})

	_, err := Do(t.Context(), d, func(context.Context) (int, error) { return 0, &RejectedError{Reason: ReasonOpen, After: time.Minute} })
	if !errors.Is(err, ErrOpen) {
		t.Fatalf("want the inner error, got %v", err)
	}

	if err := answer(t.Context(), d); err != nil {
		t.Errorf("want the outer dependency called, got %v", err)
	}
}

func TestAnswersThatAreNoRefusal(t *testing.T) {
	for _, status := range []int{200, 204, 304} {
		if err := CheckStatus(&http.Response{StatusCode: status}); err != nil {
			t.Errorf("status %d: want no error, got %v", status, err)
		}
	}
}

var retryAfterNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestRetryAfterIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":                {http.Header{"Retry-After": {"120"}}, 2 * time.Minute},
		"a date":                 {http.Header{"Retry-After": {"Sun, 01 Mar 2026 12:00:30 GMT"}}, 30 * time.Second},
		"a date that has passed": {http.Header{"Retry-After": {"Sun, 01 Mar 2026 11:00:00 GMT"}}, 0},
		"milliseconds":           {http.Header{"Retry-After-Ms": {"1500"}, "Retry-After": {"2"}}, 1500 * time.Millisecond},
		"nonsense in ms":         {http.Header{"Retry-After-Ms": {"soon"}, "Retry-After": {"2"}}, 2 * time.Second},
		"a negative number":      {http.Header{"Retry-After": {"-3"}}, 0},
		"too large a number":     {http.Header{"Retry-After": {"9223372036854775807"}}, 0},
		"nonsense":               {http.Header{"Retry-After": {"soon"}}, 0},
		"nothing":                {nil, 0},
	} {
		if got := parseRetryAfter(c.header, retryAfterNow); got != c.want {
			t.Errorf("%s: want %v, got %v", name, c.want, got)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"120", "Sun, 01 Mar 2026 12:00:30 GMT", "Sunday, 01-Mar-26 12:00:30 GMT", "Sun Mar  1 12:00:30 2026", "-1", ""} {
		f.Add(seed, "")
		f.Add("", seed)
	}

	f.Fuzz(func(t *testing.T, seconds, ms string) {
		if got := parseRetryAfter(http.Header{"Retry-After": {seconds}, "Retry-After-Ms": {ms}}, retryAfterNow); got < 0 {
			t.Errorf("want no negative wait, got %v", got)
		}
	})
}

// The whole way over a real connection: a service that fails once is asked again, and answers.
func TestACallOverHTTP(t *testing.T) {
	failed := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !failed {
			failed = true
			r.URL.Path = "/503"
		}

		misbehave(w, r)
	}))

	defer server.Close()

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()

	d := add(t, Policy{Backoff: time.Millisecond})

	value, err := Do(t.Context(), d, func(ctx context.Context) (string, error) { return get(ctx, client, server.URL+"/well") })
	if err != nil || value != "well" {
		t.Errorf("want an answer, got %q, %v", value, err)
	}

	if got := d.Status(); got.Counters.Retries != 1 || got.LastFailure.Text != "status 503 Service Unavailable" {
		t.Errorf("want one retry after a 503, got %+v", got)
	}
}

func BenchmarkDo(b *testing.B) {
	d := add(b, Policy{AtOnce: 64, QueueFor: time.Minute})
	call := func(context.Context) (int, error) { return 1, nil }

	b.Run("answered", func(b *testing.B) {
		b.ReportAllocs()

		for b.Loop() {
			if _, err := Do(b.Context(), d, call); err != nil {
				b.Fatal(err)
			}
		}
	})

	b.Run("refused", func(b *testing.B) {
		d.breaker.setMode(ForceOpen)
		b.ReportAllocs()

		for b.Loop() {
			if _, err := Do(b.Context(), d, call); !errors.Is(err, ErrOpen) {
				b.Fatal(err)
			}
		}
	})
}
