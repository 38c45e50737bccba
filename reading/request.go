package reading

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"sidereal/chart"
	"sidereal/fault"
)

// check puts the sections in their order, and what is included by the kind or a section as such. What is wrong, as can be told without the charts, is a fault of its field. model
// says whether there is a language model.
func (r *Request) check(model bool) error {
	switch {
	case r.Kind >= KindCount:
		return fault.Invalid("kind", "there is no such kind of reading")
	case r.Engine >= EngineChoiceCount:
		return fault.Invalid("engine", "there is no such engine")
	}

	if err := r.checkLanguage(model); err != nil {
		return err
	}

	if err := r.checkSections(); err != nil {
		return err
	}

	r.Sections = slices.Clone(r.Sections)
	slices.Sort(r.Sections)
	r.IncludeTransits = r.IncludeTransits || r.Kind == Forecast || slices.Contains(r.Sections, Transits)

	switch {
	case r.SynastryWith == r.Chart:
		return fault.Invalid("includeSynastryWith", "must be another chart than chartHash")
	case r.SynastryWith == "" && r.Kind == Relationship:
		return fault.Invalid("includeSynastryWith", "a reading of the kind RELATIONSHIP needs the other chart")
	case r.SynastryWith == "" && slices.Contains(r.Sections, Synastry):
		return fault.Invalid("includeSynastryWith", "the section SYNASTRY needs the other chart")
	}

	return nil
}

func (r *Request) checkLanguage(model bool) error {
	name, known := LanguageName(r.Language)

	switch {
	case !known:
		return fault.Invalid("language", "no engine writes the language %q", r.Language)
	case r.Engine == OnlyLanguageModel && !model:
		away := fault.New(fault.UpstreamUnavailable, "no language model is configured")

		return away.Within("engine")
	case r.Language == English:
	case r.Engine == OnlyComposed:
		return fault.Invalid("language", "the built-in engine writes English only, not %s", name)
	case !model:
		return fault.Invalid("language", "no language model is configured, and the built-in engine writes English only, not %s", name)
	}

	return nil
}

func (r *Request) checkSections() error {
	if r.Sections != nil && len(r.Sections) == 0 {
		return fault.Invalid("sections", "needs at least one section; leave it out for those of the kind")
	}

	seen := make(map[SectionKind]bool, len(r.Sections))

	for _, kind := range r.Sections {
		if kind >= SectionKindCount {
			return fault.Invalid("sections", "there is no such section")
		}

		if seen[kind] {
			return fault.Invalid("sections", "names %s twice", nameOf(kind))
		}

		seen[kind] = true
	}

	return nil
}

// wanted returns the sections of a request that was checked, in their order: those that it names or its kind has, and what it includes. Nil is all that there is
// something for.
func (r *Request) wanted() []SectionKind {
	sections := slices.Clone(r.Sections)

	if sections == nil {
		if r.Kind == Natal {
			return nil
		}

		sections = []SectionKind{Overview, Synthesis}
	}

	if r.IncludeTransits && !slices.Contains(sections, Transits) {
		sections = append(sections, Transits)
	}

	if r.SynastryWith != "" && !slices.Contains(sections, Synastry) {
		sections = append(sections, Synastry)
	}

	slices.Sort(sections)

	return sections
}

// needsModel says whether the built-in engine cannot stand in: only the language model will do, or the language is one that only it writes.
func (r *Request) needsModel() bool { return r.Engine == OnlyLanguageModel || r.Language != English }

// order is what a job is given: all that the handler and the events of its end need.
type order struct {
	Request    Request   `json:"request"`
	TransitsOn time.Time `json:"transitsOn,omitzero"`
	Engine     Engine    `json:"engine"`            // that the request is for
	Instead    string    `json:"instead,omitempty"` // a sentence: why the built-in engine writes it all instead of the language model
	Account    string    `json:"account,omitempty"` // that asked first
}

// jobKind is the kind of jobs whose workers write it.
func (o *order) jobKind() string {
	if o.Engine == Composed || o.Instead != "" {
		return composedKind
	}

	return modelKind
}

// options are what the planner is asked for.
func (o *order) options(with *chart.Chart) Options {
	r := &o.Request

	return Options{Sections: r.wanted(), Zodiac: r.Zodiac, Houses: r.Houses, Detail: r.Detail, TransitsAt: o.TransitsOn, With: with}
}

// keyVersion changes when equal keys would stand for different readings.
const keyVersion = "1"

// key returns the reading's key: a digest of all that decides on the text. Who asks is no part of it, nor the kind, which decides on the sections only, nor the choice
// of an engine where it comes to the same.
func (c *Config) key(o *order) string {
	r := &o.Request
	sections := "all"

	if wanted := r.wanted(); wanted != nil {
		names := make([]string, len(wanted))
		for i, kind := range wanted {
			names[i] = kind.String()
		}

		sections = strings.Join(names, ",")
	}

	transits := "none"
	if !o.TransitsOn.IsZero() {
		transits = o.TransitsOn.Format(time.DateOnly)
	}

	engine := Composed.String()
	if o.Engine == LanguageModel {
		engine = fmt.Sprintf("%s %q, needed: %t", LanguageModel, c.Model.Name(), r.needsModel())
	}

	text := fmt.Sprintf("reading %s\nchart: %s\nsections: %s\nzodiac: %s\nhouses: %s\ndetail: %s\ntransits: %s\nwith: %s\nlanguage: %s\nengine: %s\ntexts: %q\n",
		keyVersion, r.Chart, sections, r.Zodiac, r.Houses, detailNames[r.Detail], transits, r.SynastryWith, r.Language, engine, c.Planner.Version())
	sum := sha256.Sum256([]byte(text))

	return hex.EncodeToString(sum[:])
}
