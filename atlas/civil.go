package atlas

import (
	"errors"
	"fmt"
	"time"
)

// Date is a calendar date, in the proleptic Gregorian calendar where nothing else is said.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Clock is the reading of a wall clock.
type Clock struct {
	Hour, Minute, Second int
}

// Noon is what a birth of unknown time is cast for.
var Noon = Clock{Hour: 12}

// errForm and errDay are what ParseDate and ParseClock refuse with.
var (
	errDateForm  = errors.New("is not a date of the form 1990-01-15")
	errDay       = errors.New("is not a day of the calendar")
	errClockForm = errors.New("is not a time of the form 10:30 or 10:30:00, from 00:00 to 23:59:59")
)

// ParseDate reads a date of the form 1990-01-15. It accepts the days of both calendars: whether 1900-02-29 is one depends on the calendar that it is
// dated by, which Calendar.Has tells.
func ParseDate(text string) (Date, error) {
	const form = "0000-00-00"
	if !matches(text, form) {
		return Date{}, fmt.Errorf("%.40q %w", text, errDateForm)
	}

	d := Date{Year: number(text[0:4]), Month: time.Month(number(text[5:7])), Day: number(text[8:10])}
	if !Gregorian.Has(d) && !Julian.Has(d) {
		return Date{}, fmt.Errorf("%q %w", text, errDay)
	}

	return d, nil
}

// ParseClock reads a time of day of the form 10:30 or 10:30:00. 24:00 and leap seconds are refused.
func ParseClock(text string) (Clock, error) {
	c := Clock{}

	switch {
	case matches(text, "00:00"):
	case matches(text, "00:00:00"):
		c.Second = number(text[6:8])
	default:
		return Clock{}, fmt.Errorf("%.40q %w", text, errClockForm)
	}

	c.Hour, c.Minute = number(text[0:2]), number(text[3:5])
	if c.Hour > 23 || c.Minute > 59 || c.Second > 59 {
		return Clock{}, fmt.Errorf("%q %w", text, errClockForm)
	}

	return c, nil
}

// matches says whether text has a digit where form has a 0, and form's own character everywhere else.
func matches(text, form string) bool {
	if len(text) != len(form) {
		return false
	}

	for i := range len(form) {
		isDigit := text[i] >= '0' && text[i] <= '9'
		if form[i] == '0' && !isDigit || form[i] != '0' && text[i] != form[i] {
			return false
		}
	}

	return true
}

func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}

	return n
}

// At returns what a clock in UT shows; day and clock may overflow into the next unit.
func (d Date) At(c Clock) time.Time {
	return time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, time.UTC)
}

// Next returns the day after d.
func (d Date) Next() Date { return DateOf(d.At(Noon).AddDate(0, 0, 1)) }

// String returns the date in the form 1990-01-15.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// String returns the time of day in the form 10:30:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d:%02d", c.Hour, c.Minute, c.Second) }

// DateOf returns the date that t shows.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()

	return Date{Year: year, Month: month, Day: day}
}

// ClockOf returns the time of day that t shows.
func ClockOf(t time.Time) Clock {
	hour, minute, second := t.Clock()

	return Clock{Hour: hour, Minute: minute, Second: second}
}
