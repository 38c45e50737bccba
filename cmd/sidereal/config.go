package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sidereal/resilience"
)

// prefix begins the name of every setting in the environment.
const prefix = "SIDEREAL_"

// config is the process's settings.
type config struct {
	Addr             string
	DataDir          string
	Production       bool
	DatabaseURL      string
	ReplicaURLs      []string
	NATSURL          string
	RedisURL         string
	LogLevel         slog.Level
	SlowQuery        time.Duration
	CacheCharts      int
	InitTimeout      time.Duration // of a WebSocket's connection_init
	ShutdownGrace    time.Duration
	GeocoderURL      string // empty for none
	GeocoderEmail    string
	GeocoderTimeout  time.Duration
	GeocoderInterval time.Duration // at least between two requests
	Account          accountConfig
	HTTP             httpConfig
	Limits           limitConfig
	Live             liveConfig
	Memory           memoryConfig
	Events           eventConfig
	Readings         readingConfig
	Model            modelConfig
	Resilience       resilience.Policy // see policy
	unknownVariables []string          // named SIDEREAL_…, but no setting of ours
}

// setting is one row of the configuration table.
type setting struct {
	name     string // without the prefix
	fallback string
	meaning  string
	read     func(c *config, value string) error
}

var errConfig = errors.New("bad configuration")

// settings is the configuration table; `sidereal serve --help` and docs/configuration.md print it.
var settings = slices.Concat(
	coreSettings, accountSettings, httpSettings, limitSettings, liveSettings, memorySettings, eventSettings, resilienceSettings, readingSettings, modelSettings,
)

// readConfig reads the settings from an environment of NAME=VALUE entries. Its error names every bad value.
func readConfig(environment []string) (config, error) {
	given := make(map[string]string)

	for _, entry := range environment {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, prefix) {
			given[strings.TrimPrefix(name, prefix)] = value
		}
	}

	var (
		c    config
		errs []error
	)

	for _, s := range settings {
		value := given[s.name]
		if value == "" {
			value = s.fallback
		}

		if err := s.read(&c, value); err != nil {
			errs = append(errs, fmt.Errorf("%s%s %w", prefix, s.name, err)) // without the value: it may be a secret
		}

		delete(given, s.name)
	}

	if c.Production && !c.Account.KeyGiven {
		errs = append(errs, fmt.Errorf("%sJWT_KEY is needed in production", prefix))
	}

	if c.DatabaseURL == "" {
		c.DatabaseURL = "sqlite:" + filepath.Join(c.DataDir, "sidereal.db")
	}

	if len(c.ReplicaURLs) > 0 && strings.HasPrefix(c.DatabaseURL, "sqlite:") {
		errs = append(errs, fmt.Errorf("%sDATABASE_REPLICA_URLS needs a PostgreSQL %sDATABASE_URL", prefix, prefix))
	}

	for name := range given {
		c.unknownVariables = append(c.unknownVariables, prefix+name)
	}

	slices.Sort(c.unknownVariables)

	if len(errs) > 0 {
		return c, fmt.Errorf("%w:\n  %w", errConfig, joined(errs))
	}

	return c, nil
}

// joined is errors.Join with the lines indented.
func joined(errs []error) error {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = err.Error()
	}

	return errors.New(strings.Join(lines, "\n  "))
}

func oneOf(value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}

	return fmt.Errorf("must be %s", strings.Join(allowed, " or "))
}

// urlOf checks that value, unless it is empty, is a URL of one of the schemes.
func urlOf(value string, schemes ...string) error {
	if value == "" {
		return nil
	}

	u, err := url.Parse(value)
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" && u.Opaque == "" && u.Path == "" {
		return fmt.Errorf("must be a URL with the scheme %s", strings.Join(schemes, " or "))
	}

	return nil
}

func duration(into *time.Duration, value string, least time.Duration) error {
	d, err := time.ParseDuration(value)
	if *into = d; err != nil || d < least {
		return fmt.Errorf("must be a duration of at least %s, such as 250ms or 5s", least)
	}

	return nil
}

func durationWithin(into *time.Duration, value string, least, most time.Duration) error {
	d, err := time.ParseDuration(value)
	if *into = d; err != nil || d < least || d > most {
		return fmt.Errorf("must be a duration from %s to %s", least, most)
	}

	return nil
}

func wholeNumber(into *int, value string, least, most int) error {
	n, err := strconv.Atoi(value)
	if *into = n; err != nil || n < least || n > most {
		return fmt.Errorf("must be a whole number from %d to %d", least, most)
	}

	return nil
}
