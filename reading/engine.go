package reading

import (
	"context"
	"iter"

	"sidereal/chart"
	"sidereal/fault"
)

// languages are those that a language model is asked to write in, by their codes, with their English names. The built-in engine writes English.
var languages = map[string]string{
	"de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ja": "Japanese",
}

// English is the language that all engines write.
const English = "en"

// LanguageName returns the English name of a language; false when nobody writes it.
func LanguageName(code string) (string, bool) {
	name, ok := languages[code]

	return name, ok
}

// Planner is the built-in engine: it weighs what a chart says, also for the language model.
type Planner interface {
	// Plan decides on the sections of a reading. Options that do not exist are a VALIDATION_FAILED fault of their field.
	Plan(natal *chart.Chart, o Options) (Plan, error)
	// Version tells its texts apart from others.
	Version() string
}

// Plan is a reading that is planned but not written.
type Plan interface {
	// Sections are those that the reading has, in their order.
	Sections() []SectionKind
	// Omitted are those that were asked for and that there is nothing for.
	Omitted() []Omission
	// Factors is what the chart says, strongest first.
	Factors() []Factor
	// Write writes all sections, each when it is asked for. The same plan is written the same each time.
	Write(ctx context.Context) iter.Seq2[Section, error]
}

// Assignment is what a language model is to write: one section.
type Assignment struct {
	Natal    *chart.Chart
	Options  Options
	Plan     Plan        // of the whole reading
	Kind     SectionKind // the section
	Source   Section     // what the built-in engine would write, with the factors of each sentence
	Before   []Section   // the sections before it, as they were written
	Language string      // of languages
}

// Listener hears a section while it is written. Its errors end the writing.
type Listener interface {
	// Begin says that the section begins, or begins anew: what was heard of it does not count.
	Begin(ctx context.Context) error
	// Text is the next piece of the section's text.
	Text(ctx context.Context, piece string) error
}

// ErrUnusable is what Model.Write's error is (errors.Is) where the service answered, but with nothing that can be used, even when asked twice: it is well, and may write another section.
var ErrUnusable = fault.New(fault.UpstreamUnavailable, "the language model's answer was not usable")

// Model writes sections with a language model.
type Model interface {
	// Name tells the model and its prompts apart from others: it is a part of a reading's key.
	Name() string
	// Ready says whether a call would be sent, or refused because the service is known to be away.
	Ready() bool
	// Write writes a section. What was used counts also where there is an error. Errors are faults: UPSTREAM_UNAVAILABLE or TIMEOUT where the service did not answer, or not
	// with anything usable, with a message for the caller; or the context's own.
	Write(ctx context.Context, a Assignment, listener Listener) (Section, Usage, error)
}
