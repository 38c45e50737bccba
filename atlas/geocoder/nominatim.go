package geocoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sidereal/atlas/gazetteer"
	"sidereal/fault"
	"sidereal/resilience"
)

// Config configures a Nominatim client. UserAgent and Dependency are required: the usage policy of the public service asks for an agent that names the application.
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
	// Dependency is what all requests pass. Its policy is one of Policy.
	Dependency *resilience.Dependency
}

// DefaultBaseURL is the service of the OpenStreetMap Foundation. Its policy: at most one request a second, no autocompletion, results cached.
const DefaultBaseURL = "https://nominatim.openstreetmap.org"

const (
	source     = "© OpenStreetMap contributors, ODbL 1.0"
	maxResults = 40
)

// Nominatim asks a service with Nominatim's search API (version 4, jsonv2). It is safe for concurrent use. Requests pass package resilience, and each of them, also one
// that is made again, waits for its turn.
type Nominatim struct {
	config Config
	search *url.URL
	zones  Zoner
	turns  *turns
}

var _ Geocoder = (*Nominatim)(nil)

// NewNominatim returns a client. It sends nothing yet.
func NewNominatim(config Config, zones Zoner) (*Nominatim, error) {
	config = config.complete()
	base, err := url.Parse(config.BaseURL)

	switch {
	case err != nil:
		return nil, fmt.Errorf("geocoder: base URL: %w", err)
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, fmt.Errorf("geocoder: base URL %q is not one of http or https", config.BaseURL)
	case strings.TrimSpace(config.UserAgent) == "":
		return nil, errors.New("geocoder: a user agent is required")
	case config.Dependency == nil:
		return nil, errors.New("geocoder: a dependency is required")
	}

	return &Nominatim{config: config, search: base.JoinPath("search"), zones: zones, turns: newTurns(config.Interval, config.MaxWait)}, nil
}

// Geocode implements Geocoder.
func (n *Nominatim) Geocode(ctx context.Context, query string, limit int) ([]Result, error) {
	if err := gazetteer.CheckQuery(query); err != nil {
		return nil, err
	}

	results, err := resilience.Do(ctx, n.config.Dependency, func(ctx context.Context) ([]Result, error) { return n.try(ctx, query, limit) })
	if err != nil {
		return nil, n.asFault(err)
	}

	return results, nil
}

// try sends a request when it is its turn. That it has none says nothing about the service.
func (n *Nominatim) try(ctx context.Context, query string, limit int) ([]Result, error) {
	if err := n.turns.wait(ctx); err != nil {
		return nil, resilience.WithVerdict(err, resilience.Neutral)
	}

	ctx, cancel := context.WithTimeout(ctx, n.config.Timeout)
	defer cancel()

	body, err := n.ask(ctx, query, min(max(limit, 1), maxResults))
	if err != nil {
		return nil, err
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

	switch err := resilience.CheckStatus(response); {
	case err != nil:
		return nil, err
	case response.StatusCode != http.StatusOK:
		return nil, &resilience.StatusError{Status: response.StatusCode}
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
