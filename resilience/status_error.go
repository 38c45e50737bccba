package resilience

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// StatusError is an answer over HTTP that is a refusal.
type StatusError struct {
	Status int
	After  time.Duration // how long the service asked to wait; 0 when it did not
}

// CheckStatus returns a *StatusError for an answer whose status is 400 or above, with its Retry-After, and nil for any other. The body is left to the caller.
func CheckStatus(response *http.Response) error {
	if response.StatusCode < http.StatusBadRequest {
		return nil
	}

	return &StatusError{Status: response.StatusCode, After: parseRetryAfter(response.Header, time.Now())}
}

// Error implements error.
func (e *StatusError) Error() string {
	if text := http.StatusText(e.Status); text != "" {
		return fmt.Sprintf("status %d %s", e.Status, text)
	}

	return fmt.Sprintf("status %d", e.Status)
}

// RetryAfter implements what the function RetryAfter asks.
func (e *StatusError) RetryAfter() time.Duration { return e.After }

// parseRetryAfter reads Retry-After, in seconds or as a date (RFC 9110, 10.2.3), or Retry-After-Ms, in milliseconds, which OpenAI and those like it send as well. It
// returns 0 when neither says anything.
func parseRetryAfter(header http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseUint(header.Get("Retry-After-Ms"), 10, 31); err == nil {
		return time.Duration(ms) * time.Millisecond
	}

	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}

	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}

	return 0
}
