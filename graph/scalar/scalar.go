// Package scalar reads and writes the API's own scalars. What is not of a scalar's form is a VALIDATION_FAILED fault.
package scalar

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// text returns the string that a scalar must be written as.
func text(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}

	return "", fault.New(fault.ValidationFailed, "must be a string, not %s", kind(v))
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number, int, int64, float64:
		return "a number"
	case []any:
		return "a list"
	default:
		return "an object"
	}
}

func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(s)) // only ever digits, letters and punctuation
	})
}

// MarshalDate writes a Date.
func MarshalDate(d atlas.Date) graphql.Marshaler { return quoted(d.String()) }

// UnmarshalDate reads a Date.
func UnmarshalDate(v any) (atlas.Date, error) {
	s, err := text(v)
	if err != nil {
		return atlas.Date{}, err
	}

	d, err := atlas.ParseDate(s)
	if err != nil {
		return d, fault.New(fault.ValidationFailed, "%s", err)
	}

	return d, nil
}

// MarshalLocalTime writes a LocalTime.
func MarshalLocalTime(c atlas.Clock) graphql.Marshaler { return quoted(c.String()) }

// UnmarshalLocalTime reads a LocalTime.
func UnmarshalLocalTime(v any) (atlas.Clock, error) {
	s, err := text(v)
	if err != nil {
		return atlas.Clock{}, err
	}

	c, err := atlas.ParseClock(s)
	if err != nil {
		return c, fault.New(fault.ValidationFailed, "%s", err)
	}

	return c, nil
}

// MarshalDateTime writes a DateTime in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(AppendDateTime(nil, t)) })
}

// AppendDateTime appends a DateTime in UTC.
func AppendDateTime(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.999999Z"`)
}

// UnmarshalDateTime reads a DateTime.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, err := text(v)
	if err != nil {
		return time.Time{}, err
	}

	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fault.New(fault.ValidationFailed, "%.40q is no instant of the form 1990-01-15T15:30:00Z", s)
	}

	return t.UTC(), nil
}

// MarshalChartHash writes a ChartHash.
func MarshalChartHash(h chart.Hash) graphql.Marshaler { return quoted(string(h)) }

// UnmarshalChartHash reads a ChartHash.
func UnmarshalChartHash(v any) (chart.Hash, error) {
	s, err := text(v)
	if err != nil {
		return "", err
	}

	h, ok := chart.ParseHash(s)
	if !ok {
		return "", fault.New(fault.ValidationFailed, "%.80q is no chart hash: 64 hexadecimal digits in lower case", s)
	}

	return h, nil
}
