package geocoder

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sidereal/atlas/gazetteer"
	"sidereal/fault"
)

// Config configures a Nominatim client. UserAgent is required: the usage policy of the public service asks for one that names the application.
type Config struct {
	BaseURL   string        // of the service; DefaultBaseURL when empty
	UserAgent string        // names the application and where to reach its operator
	Email     string        // of the operator, sent with every request; empty for none
	Language  string        // of the labels, as in Accept-Language; "en" when empty
	Timeout   time.Duration // of a request, waiting for its turn not counted; 5 s when 0
	Interval  time.Duration // at least between the starts of two requests; 1 s when 0, as the policy of the public service asks
	MaxWait   time.Duration // for one's turn, from which on callers are turned away; 3 s when 0
	MaxBytes  int64         // of an answer; 256 kB when 0
	Client    *http.Client  // nil for one of its own
}

// DefaultBaseURL is the service of the OpenStreetMap Foundation. Its policy: at most one request a second, no autocompletion, results cached.
const DefaultBaseURL = "https://nominatim.openstreetmap.org"

const (
	source        = "© OpenStreetMap contributors, ODbL 1.0"
	maxResults    = 40
	maxRetryAfter = time.Hour
)

// Nominatim asks a service with Nominatim's search API (version 4, jsonv2). It is safe for concurrent use: requests wait for their turn. It does not
// retry: that is the caller's decision, who is told when a retry can help, and until then requests are refused without being sent.
type Nominatim struct {
	config Config
	search *url.URL
	zones  Zoner
	turns  *turns
}

var _ Geocoder = (*Nominatim)(nil)

// NewNominatim returns a client. It sends nothing yet.
func NewNominatim(config Config, zones Zoner) (*Nominatim, error) {
	config.BaseURL = cmp.Or(config.BaseURL, DefaultBaseURL)
	config.Language = cmp.Or(config.Language, "en")
	config.Timeout = cmp.Or(config.Timeout, 5*time.Second)
	config.Interval = cmp.Or(config.Interval, time.Second)
	config.MaxWait = cmp.Or(config.MaxWait, 3*time.Second)
	config.MaxBytes = cmp.Or(config.MaxBytes, 256<<10)
	config.Client = cmp.Or(config.Client, &http.Client{})

	base, err := url.Parse(config.BaseURL)

	switch {
	case err != nil:
		return nil, fmt.Errorf("geocoder: base URL: %w", err)
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, fmt.Errorf("geocoder: base URL %q is not one of http or https", config.BaseURL)
	case strings.TrimSpace(config.UserAgent) == "":
		return nil, errors.New("geocoder: a user agent is required")
	}

	return &Nominatim{config: config, search: base.JoinPath("search"), zones: zones, turns: newTurns(config.Interval, config.MaxWait)}, nil
}

// Geocode implements Geocoder.
func (n *Nominatim) Geocode(ctx context.Context, query string, limit int) ([]Result, error) {
	if err := gazetteer.CheckQuery(query); err != nil {
		return nil, err
	}

	if err := n.turns.wait(ctx); err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(ctx, n.config.Timeout)
	defer cancel()

	body, err := n.ask(ctx, query, min(max(limit, 1), maxResults))
	if err != nil {
		return nil, asFault(err)
	}

	return n.read(body, limit)
}

func (n *Nominatim) ask(ctx context.Context, query string, limit int) ([]byte, error) {
	values := url.Values{"q": {query}, "format": {"jsonv2"}, "addressdetails": {"1"}, "limit": {strconv.Itoa(limit)}, "accept-language": {n.config.Language}}
	if n.config.Email != "" {
		values.Set("email", n.config.Email)
	}

	target := *n.search
	target.RawQuery = values.Encode()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}

	request.Header.Set("User-Agent", n.config.UserAgent)
	request.Header.Set("Accept", "application/json")

	response, err := n.config.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // only read

	if response.StatusCode != http.StatusOK {
		return nil, n.refusal(response)
	}

	body, err := io.ReadAll(io.LimitReader(response.Body, n.config.MaxBytes+1))

	switch {
	case err != nil:
		return nil, fmt.Errorf("geocoder: answer: %w", err)
	case int64(len(body)) > n.config.MaxBytes:
		return nil, fmt.Errorf("geocoder: the answer has more than %d bytes", n.config.MaxBytes)
	}

	return body, nil
}

// refusal reads an answer that is not 200. When the service says how long to stay away, so do all requests.
func (n *Nominatim) refusal(response *http.Response) error {
	e := fault.Wrap(fmt.Errorf("geocoder: status %d", response.StatusCode), fault.UpstreamUnavailable, "the geocoding service refused the request")

	if response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusTooManyRequests {
		e.Message = "the geocoding service is not available at the moment"
		e.RetryAfter = max(retryAfter(response.Header.Get("Retry-After"), n.turns.now()), n.config.Interval)
		n.turns.pause(e.RetryAfter)
	}

	return e
}

// retryAfter reads a Retry-After header (RFC 9110, 10.2.3), 0 when it says nothing.
func retryAfter(header string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}

	return min(max(wait, 0), maxRetryAfter)
}

// asFault makes a fault of whatever went wrong with a request.
func asFault(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}

	if netErr := net.Error(nil); errors.Is(err, context.DeadlineExceeded) || errors.As(err, &netErr) && netErr.Timeout() {
		return fault.Wrap(err, fault.Timeout, "the geocoding service did not answer in time")
	}

	return fault.Wrap(err, fault.UpstreamUnavailable, "the geocoding service could not be asked")
}

// answer is an element of Nominatim's jsonv2.
type answer struct {
	Latitude  string `json:"lat"`
	Longitude string `json:"lon"`
	Label     string `json:"display_name"`
	Address   struct {
		CountryCode string `json:"country_code"`
	} `json:"address"`
}

func (n *Nominatim) read(body []byte, limit int) ([]Result, error) {
	var answers []answer
	if err := json.Unmarshal(body, &answers); err != nil {
		return nil, fault.Wrap(fmt.Errorf("geocoder: answer: %w", err), fault.UpstreamUnavailable, "the geocoding service gave an answer that makes no sense")
	}

	results := make([]Result, 0, len(answers))

	for _, a := range answers[:min(len(answers), max(limit, 1))] {
		latitude, err1 := strconv.ParseFloat(a.Latitude, 64)
		longitude, err2 := strconv.ParseFloat(a.Longitude, 64)

		// NaN compares false, so it is left out as well.
		if err1 != nil || err2 != nil || !(math.Abs(latitude) <= 90) || !(math.Abs(longitude) <= 180) || a.Label == "" {
			return nil, fault.Wrap(fmt.Errorf("geocoder: %q at %q, %q", a.Label, a.Latitude, a.Longitude), fault.UpstreamUnavailable,
				"the geocoding service gave an answer that makes no sense")
		}

		results = append(results, Result{
			Name: a.Label, CountryCode: strings.ToUpper(a.Address.CountryCode), Latitude: latitude, Longitude: longitude,
			Zone: n.zones.Zone(latitude, longitude), Source: source,
		})
	}

	return results, nil
}
