// Package reading is what a chart says: readings, written section by section in the background and followed while they are.
//
// A reading belongs to its chart, not to who asked for it: all who ask for the same of the same chart, at once or later, on whichever node, get the same reading, and
// whoever has the chart's hash may follow it. A reading is written by a job: it comes to exactly one end, and a section is kept once, in the transaction of the events
// that tell of it. What writes is an engine: the built-in one (package compose), or a language model (package model), for which the built-in one writes on when the
// model fails, unless who asked wants the model only.
package reading

import (
	"time"

	"sidereal/chart"
)

// Engine is what writes a section.
type Engine uint8

// The engines.
const (
	Composed      Engine = iota // the built-in one
	LanguageModel               // a language model
	EngineCount   = iota
)

var engineNames = [EngineCount]string{"composed", "language_model"}

// String returns the engine's name in lower case.
func (e Engine) String() string { return engineNames[e] }

// EngineChoice is which engine is asked for.
type EngineChoice uint8

// The choices.
const (
	AnyEngine         EngineChoice = iota // the language model where there is one and it answers; the built-in engine otherwise
	OnlyComposed                          // the built-in engine
	OnlyLanguageModel                     // the language model, or no reading
	EngineChoiceCount = iota
)

// Kind is what a reading is for. It decides on the sections where the request does not.
type Kind uint8

// The kinds.
const (
	Natal        Kind = iota // the birth: all sections but TRANSITS and SYNASTRY
	Forecast                 // the time at hand: OVERVIEW, TRANSITS and SYNTHESIS
	Relationship             // two charts: OVERVIEW, SYNASTRY and SYNTHESIS
	KindCount    = iota
)

var kindNames = [KindCount]string{"natal", "forecast", "relationship"}

// String returns the kind's English name in lower case.
func (k Kind) String() string { return kindNames[k] }

// Status is where a reading is.
type Status uint8

// The statuses. The last three are ends: a reading that has one keeps it.
const (
	Queued Status = iota
	Writing
	Completed
	Failed
	Cancelled
	StatusCount = iota
)

// Ended says whether nothing more happens to a reading.
func (s Status) Ended() bool { return s >= Completed }

// Request is what is asked for.
type Request struct {
	Chart           chart.Hash
	Kind            Kind
	Sections        []SectionKind // nil for those of the kind, with TRANSITS and SYNASTRY where they are included
	Zodiac          chart.Zodiac
	Houses          chart.HouseSystem
	Detail          Detail
	IncludeTransits bool
	SynastryWith    chart.Hash // empty for no second chart
	Engine          EngineChoice
	Language        string // a code of ISO 639-1, of Languages
	Regenerate      bool   // a new reading, even though there is one; one that is under way is followed all the same
}

// Usage is what a language model has used.
type Usage struct {
	PromptTokens     int   `json:"promptTokens,omitempty"`
	CompletionTokens int   `json:"completionTokens,omitempty"`
	CostMicros       int64 `json:"costMicros,omitempty"` // millionths of a US dollar
	Calls            int   `json:"calls,omitempty"`      // that were answered
}

// Add returns both together.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.PromptTokens + v.PromptTokens, u.CompletionTokens + v.CompletionTokens, u.CostMicros + v.CostMicros, u.Calls + v.Calls}
}

// Tokens returns all tokens.
func (u Usage) Tokens() int { return u.PromptTokens + u.CompletionTokens }

// State is how far a reading has come. It is the checkpoint of its job, and in the end its result.
type State struct {
	Planned        []SectionKind `json:"planned"`           // its sections, in their order
	Omitted        []Omission    `json:"omitted,omitempty"` // sections that were asked for and that there is nothing for
	Done           int           `json:"done"`              // so many of the planned sections are written
	Engine         Engine        `json:"engine"`            // that was to write it
	Degraded       bool          `json:"degraded,omitempty"`
	DegradedReason string        `json:"degradedReason,omitempty"` // a sentence: why the built-in engine wrote what the model was to write
	Usage          Usage         `json:"usage"`
}

// Reading is a reading without its sections.
type Reading struct {
	ID      string // a UUID of version 7, that of its job, too
	Key     string // what was asked for, with all that decides on the text: equal keys are equal readings
	Request Request
	// TransitsOn is the day, at 12:00 UTC, whose sky TRANSITS is about; zero where there is no such section.
	TransitsOn time.Time
	Status     Status
	State      State
	Reason     string    // a sentence: why it failed, or why the last attempt did
	CreatedAt  time.Time // UTC, to the microsecond, as are the others
	StartedAt  time.Time // zero before
	EndedAt    time.Time // zero before
}
