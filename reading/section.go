package reading

import (
	"fmt"
	"time"

	"sidereal/chart"
)

// SectionKind is what a section of a reading is about.
type SectionKind uint8

// The sections, in the order in which a reading has them.
const (
	Overview SectionKind = iota
	Planets
	Houses
	Aspects
	Patterns
	Transits
	Synastry
	Synthesis
	SectionKindCount = iota
)

var sectionKinds = [SectionKindCount]struct{ name, title string }{
	{"overview", "Overview"},
	{"planets", "The planets"},
	{"houses", "The houses"},
	{"aspects", "The aspects"},
	{"patterns", "The patterns"},
	{"transits", "The sky at the time"},
	{"synastry", "You and another"},
	{"synthesis", "Taken together"},
}

// String returns the section's English name in lower case.
func (k SectionKind) String() string { return sectionKinds[k].name }

// MarshalText implements encoding.TextMarshaler: checkpoints and orders of jobs have the section's name.
func (k SectionKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *SectionKind) UnmarshalText(text []byte) error {
	for kind := range SectionKind(SectionKindCount) {
		if kind.String() == string(text) {
			*k = kind

			return nil
		}
	}

	return fmt.Errorf("reading: there is no section %q", text)
}

// Title returns the section's heading in English.
func (k SectionKind) Title() string { return sectionKinds[k].title }

// Detail is how long a reading is.
type Detail uint8

// The details: a reading of a chart with a known time has about 600, 2 000 and 5 000 words, to which transits and synastry add a fifth each. One of an
// unknown time lacks the houses and is shorter by their part.
const (
	Brief Detail = iota
	Standard
	Comprehensive
	DetailCount = iota
)

var detailNames = [DetailCount]string{"brief", "standard", "comprehensive"}

// String returns the detail's English name in lower case.
func (d Detail) String() string { return detailNames[d] }

// Options choose what a reading is about.
type Options struct {
	// Sections are those wanted; when nil, all that there is something for. They come in the order of the kinds, whatever their order here.
	Sections []SectionKind
	Zodiac   chart.Zodiac
	Houses   chart.HouseSystem
	Detail   Detail
	// TransitsAt is the instant whose sky TRANSITS is about; there is no such section when it is zero.
	TransitsAt time.Time
	// With is the chart of the other person that SYNASTRY is about; there is no such section when it is nil.
	With *chart.Chart
}

// Sentence is a sentence with the factors that it stands on: "Sun in Capricorn", "Moon square Saturn, orb 1.2°". There is at least one.
type Sentence struct {
	Text    string
	Because []string
}

// Paragraph is a few sentences on one matter.
type Paragraph struct{ Sentences []Sentence }

// Section is a part of a reading. Each engine writes whole sections.
type Section struct {
	Kind       SectionKind
	Title      string
	Paragraphs []Paragraph
	Engine     Engine // that wrote it
}

// Omission is a section that was asked for and that there is nothing for.
type Omission struct {
	Kind   SectionKind
	Reason string // a sentence
}

// Strength is how much a factor counts, item by item.
type Strength struct {
	Body       float64 // how much the body is felt: the Sun and the Moon most, the slow ones least
	Angularity float64 // how near it stands to an angle, and whether its house is angular
	Dignity    float64 // whether its sign lets it act
	Ruler      float64 // whether it rules the Ascendant
	Closeness  float64 // of aspects: the weight of the kind over 1 + orb
}

// Total returns the sum of the items.
func (s Strength) Total() float64 { return s.Body + s.Angularity + s.Dignity + s.Ruler + s.Closeness }

// Factor is something that a chart says, and how strongly.
type Factor struct {
	Name     string // "Sun in Capricorn"
	Strength Strength
}
