package resolvers

import (
	"context"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/graph/model"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// known are readings; whatever else is asked of the service is a mistake.
type known struct {
	Readings

	byID map[string]reading.Reading
	err  error
}

// ByIDs implements Readings.
func (k *known) ByIDs(context.Context, []string) (map[string]reading.Reading, error) {
	return k.byID, k.err
}

func TestOneReadingIsFollowedByItsID(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

	for name, test := range map[string]struct {
		before, after string
		lost          uint64
		resume        uint64
		status        reading.Status
		ended         time.Duration // ago
		want, later   string
	}{
		"nothing yet":                            {after: "B.A.!", want: "", later: "3 4 5 end"},
		"the earlier of two":                     {before: "A.!B.", want: "1 2 3 end", later: "end"},
		"two at once":                            {before: "AB.a.", after: "b!a!", want: "1 4", later: "6 end"},
		"resumed":                                {before: "A..", resume: 2, after: "!", want: "3", later: "4 end"},
		"resumed behind its end":                 {before: "A!B.", resume: 2, status: reading.Completed, want: "end", later: "end"},
		"resumed at an event of another":         {before: "AB.", resume: 3, after: "a!", want: "", later: "4 end"},
		"resumed at the end of another":          {before: "AB!", resume: 3, after: "a!", want: "", later: "4 end"},
		"one that ended and is no longer kept":   {before: "A!B.", lost: 2, status: reading.Completed, ended: time.Hour, want: "end", later: "end"},
		"one whose end is on its way":            {before: "B.", status: reading.Completed, ended: time.Second, after: "A!", want: "", later: "3 4 end"},
		"one that is kept, and ended long ago":   {before: "A!", status: reading.Failed, ended: time.Hour, want: "1 2 end", later: "end"},
		"resumed where it ended and is not kept": {before: "A!B..", lost: 3, resume: 4, status: reading.Cancelled, ended: time.Hour, want: "end", later: "end"},
	} {
		t.Run(name, func(t *testing.T) {
			s := new(stream)
			r, _ := newTestResolver(s)
			r.now = func() time.Time { return now }

			key := event.NewID(now)
			r.readings = &known{byID: map[string]reading.Reading{
				key: {ID: key, Request: reading.Request{Chart: "the chart"}, Status: test.status, EndedAt: now.Add(-test.ended)},
			}}
			s.named = map[rune]string{'a': key}

			s.readings(test.before)
			s.lost = test.lost

			var after event.Cursor
			if test.resume > 0 {
				after = event.Cursor{Epoch: epoch, Sequence: test.resume}
			}

			filter := event.Filter{Types: model.ReadingEventTypes(), Subject: "the chart", Everybody: true}

			s.wantDrained(t, r.followReading(filter, relay.GlobalID(model.ReadingType, key), after), test.want, test.after, test.later)
		})
	}
}

func TestAReadingThatCannotBeLookedUpIsNotOver(t *testing.T) {
	s := new(stream)
	r, _ := newTestResolver(s)
	key := event.NewID(time.Now())
	readings := &known{byID: map[string]reading.Reading{key: {ID: key, Request: reading.Request{Chart: "the chart"}}}}
	r.readings = readings

	source, err := r.followReading(event.Filter{Subject: "the chart", Everybody: true}, relay.GlobalID(model.ReadingType, key), event.Cursor{})(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()

	readings.err = fault.New(fault.UpstreamUnavailable, "the database cannot be reached")

	if _, err := source.Next(t.Context()); fault.CodeOf(err) != fault.UpstreamUnavailable {
		t.Errorf("want %s, got %v", fault.UpstreamUnavailable, err)
	}

	readings.err = nil

	if item, err := source.Next(t.Context()); item != nil || err != nil {
		t.Errorf("want nothing yet, got %v, %v", item, err)
	}
}
