package event

import "slices"

// Filter says which events somebody wants, and may have.
type Filter struct {
	Types   []Type   // any of them; all types when empty
	Subject string   // what the event is about; anything when empty
	Owners  []string // whose it is, any of them; "" is that of events without an owner. Ignored when Everybody is set, and nobody's when empty
	// Everybody has the events of all owners, and those of none: for administrators, and where to know the subject is all that is asked for.
	Everybody bool
}

// Matches tells whether an event passes.
func (f Filter) Matches(e *Event) bool {
	return (len(f.Types) == 0 || slices.Contains(f.Types, e.Type)) &&
		(f.Subject == "" || f.Subject == e.Subject) &&
		(f.Everybody || slices.Contains(f.Owners, e.Owner))
}
