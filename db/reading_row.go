package db

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sidereal/chart"
	"sidereal/job"
	"sidereal/reading"
)

// readingRow is a row of the table reading, with what is read from its job's.
type readingRow struct {
	bun.BaseModel `bun:"table:reading,alias:r"`

	ID              string `bun:"id,pk"`
	Key             string `bun:"key"`
	ChartHash       string `bun:"chart_hash"`
	Request         string `bun:"request"`
	TransitsSeconds *int64 `bun:"transits_on_s"`
	CreatedMicros   int64  `bun:"created_at_us"`

	Status        string  `bun:"status,scanonly"`
	Progress      *string `bun:"progress,scanonly"`
	Result        *string `bun:"result,scanonly"`
	Reason        string  `bun:"reason,scanonly"`
	StartedMicros *int64  `bun:"started_at_us,scanonly"`
	EndedMicros   *int64  `bun:"ended_at_us,scanonly"`
}

// readingColumns are the columns that make a reading.Reading, of a reading r and its job j.
const readingColumns = "r.id, r.key, r.chart_hash, r.request, r.transits_on_s, r.created_at_us, j.status, j.progress, j.result, j.reason, j.started_at_us, j.ended_at_us"

// sectionRow is a row of the table reading_section.
type sectionRow struct {
	bun.BaseModel `bun:"table:reading_section"`

	ReadingID string `bun:"reading_id,pk"`
	Number    int    `bun:"number,pk"`
	Section   string `bun:"section"`
}

// followerRow is a row of the table reading_follower.
type followerRow struct {
	bun.BaseModel `bun:"table:reading_follower"`

	Account       string `bun:"account,pk"`
	ReadingID     string `bun:"reading_id,pk"`
	CreatedMicros int64  `bun:"created_at_us"`
	AskedMicros   int64  `bun:"asked_at_us"`
}

// usageRow is a row of the table model_usage.
type usageRow struct {
	bun.BaseModel `bun:"table:model_usage,alias:u"`

	Account          string `bun:"account,pk"`
	Day              string `bun:"day,pk"`
	PromptTokens     int    `bun:"prompt_tokens"`
	CompletionTokens int    `bun:"completion_tokens"`
	CostMicros       int64  `bun:"cost_micros"`
	Calls            int    `bun:"calls"`
}

// The words that the domain's enumerations are stored as; those of the API.
var (
	readingKindWords  = [reading.KindCount]string{"NATAL", "FORECAST", "RELATIONSHIP"}
	sectionWords      = [reading.SectionKindCount]string{"OVERVIEW", "PLANETS", "HOUSES", "ASPECTS", "PATTERNS", "TRANSITS", "SYNASTRY", "SYNTHESIS"}
	engineWords       = [reading.EngineCount]string{"COMPOSED", "LANGUAGE_MODEL"}
	engineChoiceWords = [reading.EngineChoiceCount]string{"AUTO", "COMPOSED", "LANGUAGE_MODEL"}
	detailWords       = [reading.DetailCount]string{"BRIEF", "STANDARD", "COMPREHENSIVE"}
	zodiacWords       = [chart.ZodiacCount]string{"TROPICAL", "TRUE_SIDEREAL", "LAHIRI", "FAGAN_BRADLEY", "KRISHNAMURTI", "RAMAN"}
	houseSystemWords  = [chart.HouseSystemCount]string{
		"PLACIDUS", "WHOLE_SIGN", "EQUAL", "KOCH", "PORPHYRY", "REGIOMONTANUS", "CAMPANUS", "ALCABITIUS", "MORINUS",
	}
)

// readingStatuses are the statuses of the jobs of readings, by those of the readings.
var readingStatuses = [reading.StatusCount]job.Status{job.Queued, job.Running, job.Completed, job.Failed, job.Cancelled}

// requestDocument is a reading.Request as JSON, without what the row has beside it.
type requestDocument struct {
	Kind            string     `json:"kind"`
	Sections        []string   `json:"sections"`
	Zodiac          string     `json:"zodiac"`
	Houses          string     `json:"houses"`
	Detail          string     `json:"detail"`
	IncludeTransits bool       `json:"includeTransits,omitempty"`
	SynastryWith    chart.Hash `json:"synastryWith,omitempty"`
	Engine          string     `json:"engine"`
	Language        string     `json:"language"`
	Regenerate      bool       `json:"regenerate,omitempty"`
}

// sectionDocument is a reading.Section as JSON: its paragraphs are lists of sentences.
type sectionDocument struct {
	Kind       string               `json:"kind"`
	Title      string               `json:"title"`
	Engine     string               `json:"engine"`
	Paragraphs [][]sentenceDocument `json:"paragraphs"`
}

type sentenceDocument struct {
	Text    string   `json:"text"`
	Because []string `json:"because"`
}

func newReadingRow(r reading.Reading) (*readingRow, error) {
	d := requestDocument{
		Kind: readingKindWords[r.Request.Kind], Zodiac: zodiacWords[r.Request.Zodiac], Houses: houseSystemWords[r.Request.Houses], Detail: detailWords[r.Request.Detail],
		IncludeTransits: r.Request.IncludeTransits, SynastryWith: r.Request.SynastryWith, Engine: engineChoiceWords[r.Request.Engine], Language: r.Request.Language,
		Regenerate: r.Request.Regenerate,
	}

	if r.Request.Sections != nil {
		d.Sections = make([]string, len(r.Request.Sections))
		for i, kind := range r.Request.Sections {
			d.Sections[i] = sectionWords[kind]
		}
	}

	text, err := json.Marshal(d)
	row := &readingRow{ID: r.ID, Key: r.Key, ChartHash: string(r.Request.Chart), Request: string(text), CreatedMicros: r.CreatedAt.UnixMicro()}

	if !r.TransitsOn.IsZero() {
		row.TransitsSeconds = new(r.TransitsOn.Unix())
	}

	return row, err
}

// of sets what is read from the job.
func (r *readingRow) of(j job.Job) *readingRow {
	r.Status, r.Reason = string(j.Status), j.Reason

	return r
}

func (r *readingRow) reading() (reading.Reading, error) {
	found := reading.Reading{
		ID: r.ID, Key: r.Key, Status: reading.Status(max(0, slices.Index(readingStatuses[:], job.Status(r.Status)))), Reason: r.Reason,
		CreatedAt: fromMicros(r.CreatedMicros), StartedAt: maybeMicros(r.StartedMicros), EndedAt: maybeMicros(r.EndedMicros),
	}

	if r.TransitsSeconds != nil {
		found.TransitsOn = time.Unix(*r.TransitsSeconds, 0).UTC()
	}

	var err error
	if found.Request, err = r.request(); err != nil {
		return reading.Reading{}, fmt.Errorf("request of the reading %s: %w", r.ID, err)
	}

	state := r.Result
	if state == nil {
		state = r.Progress
	}

	if state != nil {
		if err := json.Unmarshal([]byte(*state), &found.State); err != nil {
			return reading.Reading{}, fmt.Errorf("state of the reading %s: %w", r.ID, err)
		}
	}

	return found, nil
}

func (r *readingRow) request() (reading.Request, error) {
	var d requestDocument
	if err := json.Unmarshal([]byte(r.Request), &d); err != nil {
		return reading.Request{}, err
	}

	request := reading.Request{
		Chart: chart.Hash(r.ChartHash), Kind: reading.Kind(indexOf(readingKindWords[:], d.Kind)), Zodiac: chart.Zodiac(indexOf(zodiacWords[:], d.Zodiac)),
		Houses: chart.HouseSystem(indexOf(houseSystemWords[:], d.Houses)), Detail: reading.Detail(indexOf(detailWords[:], d.Detail)),
		IncludeTransits: d.IncludeTransits, SynastryWith: d.SynastryWith, Engine: reading.EngineChoice(indexOf(engineChoiceWords[:], d.Engine)),
		Language: d.Language, Regenerate: d.Regenerate,
	}

	if d.Sections != nil {
		request.Sections = make([]reading.SectionKind, len(d.Sections))
		for i, word := range d.Sections {
			request.Sections[i] = reading.SectionKind(indexOf(sectionWords[:], word))
		}
	}

	return request, nil
}

func newSectionRow(id string, number int, s reading.Section) (sectionRow, error) {
	d := sectionDocument{sectionWords[s.Kind], s.Title, engineWords[s.Engine], make([][]sentenceDocument, len(s.Paragraphs))}

	for i, p := range s.Paragraphs {
		d.Paragraphs[i] = make([]sentenceDocument, len(p.Sentences))
		for k, sentence := range p.Sentences {
			d.Paragraphs[i][k] = sentenceDocument(sentence)
		}
	}

	text, err := json.Marshal(d)

	return sectionRow{ReadingID: id, Number: number, Section: string(text)}, err
}

func (r *sectionRow) section() (reading.Section, error) {
	var d sectionDocument
	if err := json.Unmarshal([]byte(r.Section), &d); err != nil {
		return reading.Section{}, fmt.Errorf("section %d of the reading %s: %w", r.Number, r.ReadingID, err)
	}

	section := reading.Section{
		Kind: reading.SectionKind(indexOf(sectionWords[:], d.Kind)), Title: d.Title, Engine: reading.Engine(indexOf(engineWords[:], d.Engine)),
		Paragraphs: make([]reading.Paragraph, len(d.Paragraphs)),
	}

	for i, sentences := range d.Paragraphs {
		section.Paragraphs[i].Sentences = make([]reading.Sentence, len(sentences))
		for k, s := range sentences {
			section.Paragraphs[i].Sentences[k] = reading.Sentence(s)
		}
	}

	return section, nil
}
