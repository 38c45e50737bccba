package event_test

import (
	"testing"

	"sidereal/event"
)

func TestAFilterPassesWhatSomebodyWantsAndMayHave(t *testing.T) {
	started := event.Event{Type: event.ReadingStarted, Subject: "chart", Owner: "ann"}
	warning := event.Event{Type: event.SystemWarning}

	tests := []struct {
		name             string
		filter           event.Filter
		started, warning bool
	}{
		{"the zero one passes nothing", event.Filter{}, false, false},
		{"an owner has what is his", event.Filter{Owners: []string{"ann"}}, true, false},
		{"and nothing of others", event.Filter{Owners: []string{"bob", "an", "anna"}}, false, false},
		{"events without an owner are asked for", event.Filter{Owners: []string{""}}, false, true},
		{"any of the owners will do", event.Filter{Owners: []string{"", "ann"}}, true, true},
		{"everybody is everybody and nobody", event.Filter{Everybody: true}, true, true},
		{"everybody needs no owner", event.Filter{Everybody: true, Owners: []string{"bob"}}, true, true},
		{"a type is asked for", event.Filter{Everybody: true, Types: []event.Type{event.SystemWarning}}, false, true},
		{"any of the types will do", event.Filter{Everybody: true, Types: []event.Type{event.SystemWarning, event.ReadingStarted}}, true, true},
		{"a subject is asked for", event.Filter{Everybody: true, Subject: "chart"}, true, false},
		{"a part of a subject is another one", event.Filter{Everybody: true, Subject: "char"}, false, false},
		{"a subject opens nothing that is another's", event.Filter{Owners: []string{"bob", ""}, Subject: "chart"}, false, false},
		{"a type opens nothing that is another's", event.Filter{Owners: []string{"bob"}, Types: []event.Type{event.ReadingStarted}}, false, false},
		{"all must hold", event.Filter{Owners: []string{"ann"}, Subject: "chart", Types: []event.Type{event.ReadingFailed}}, false, false},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.filter.Matches(&started); got != tt.started {
				t.Errorf("an event of ann: want %v, got %v", tt.started, got)
			}

			if got := tt.filter.Matches(&warning); got != tt.warning {
				t.Errorf("an event of nobody: want %v, got %v", tt.warning, got)
			}
		})
	}
}
