package reading_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sidereal/db"
	"sidereal/event"
)

// events returns all that was told so far, each in a line.
func (f *fixture) events() []string {
	f.Helper()

	pending, err := db.NewOutbox(f.db).Pending(f.Context(), 10_000)
	if err != nil {
		f.Fatal(err)
	}

	lines := make([]string, len(pending))
	for i, e := range pending {
		lines[i] = line(e)
	}

	return lines
}

func line(e event.Event) string {
	var data struct {
		Sections   []string
		Section    string
		Number     int
		Text       string
		Done       int
		Total      int
		Percent    float64
		TimeLeftMs *float64
		Reason     string
	}

	raw, _ := e.Data.(json.RawMessage)
	if err := json.Unmarshal(raw, &data); err != nil {
		return err.Error()
	}

	name := strings.TrimPrefix(string(e.Type), "reading.")

	switch e.Type {
	case event.ReadingStarted:
		return name + " " + strings.Join(data.Sections, " ")
	case event.ReadingSection, event.ReadingReady:
		return fmt.Sprintf("%s %d %s", name, data.Number, data.Section)
	case event.ReadingText:
		return fmt.Sprintf("%s %d %s", name, data.Number, data.Text)
	case event.ReadingProgress:
		left := "?"
		if data.TimeLeftMs != nil {
			left = fmt.Sprint(*data.TimeLeftMs)
		}

		return fmt.Sprintf("%s %d of %d, %.1f %%, %s ms", name, data.Done, data.Total, data.Percent, left)
	case event.ReadingFailed:
		return name + " " + data.Reason
	default:
		return name
	}
}

// wantEvents compares all that was told.
func (f *fixture) wantEvents(want ...string) {
	f.Helper()

	if got := f.events(); !slices.Equal(got, want) {
		f.Errorf("want\n\t%s\ngot\n\t%s", strings.Join(want, "\n\t"), strings.Join(got, "\n\t"))
	}
}
