package reading

import (
	"encoding/json"
	"strings"
	"time"

	"sidereal/event"
	"sidereal/job"
)

// teller makes the events of a reading.
type teller struct {
	id    string
	order *order
	now   func() time.Time
}

// nameOf returns the section's name in the schema.
func nameOf(kind SectionKind) string { return strings.ToUpper(kind.String()) }

func (t *teller) tell(what event.Type, data any) event.Event {
	return event.New(what, t.now(), string(t.order.Request.Chart), t.order.Account, data)
}

func (t *teller) reading() event.ReadingData { return event.ReadingData{Reading: t.id} }

func (t *teller) section(number int, kind SectionKind) event.ReadingSectionData {
	return event.ReadingSectionData{ReadingData: t.reading(), Section: nameOf(kind), Number: number}
}

func (t *teller) started(planned []SectionKind) event.Event {
	names := make([]string, len(planned))
	for i, kind := range planned {
		names[i] = nameOf(kind)
	}

	return t.tell(event.ReadingStarted, event.ReadingStartedData{ReadingData: t.reading(), Sections: names})
}

func (t *teller) begins(number int, kind SectionKind) event.Event {
	return t.tell(event.ReadingSection, t.section(number, kind))
}

func (t *teller) text(number int, kind SectionKind, piece string) event.Event {
	return t.tell(event.ReadingText, event.ReadingTextData{ReadingSectionData: t.section(number, kind), Text: piece})
}

func (t *teller) ready(number int, kind SectionKind) event.Event {
	return t.tell(event.ReadingReady, t.section(number, kind))
}

// progress tells how far the reading is; left is nil where it cannot be told.
func (t *teller) progress(done, total int, left *time.Duration) event.Event {
	data := event.ReadingProgressData{ReadingData: t.reading(), Done: done, Total: total, Percent: 100 * float64(done) / float64(total)}

	if left != nil {
		data.TimeLeftMs = new(float64(left.Microseconds()) / 1000)
	}

	return t.tell(event.ReadingProgress, data)
}

// endings tells of the end of a job that wrote a reading.
func (w *writer) endings(j job.Job) []event.Event {
	var o order
	if json.Unmarshal(j.Payload, &o) != nil { // then nobody knows of which chart to tell
		return nil
	}

	t := teller{j.ID, &o, w.Now}

	switch j.Status {
	case job.Completed:
		return []event.Event{t.tell(event.ReadingCompleted, t.reading())}
	case job.Failed:
		return []event.Event{t.tell(event.ReadingFailed, event.ReadingFailedData{ReadingData: t.reading(), Reason: j.Reason})}
	case job.Cancelled:
		return []event.Event{t.tell(event.ReadingCancelled, t.reading())}
	case job.Queued, job.Running: // no ends
	}

	return nil
}
