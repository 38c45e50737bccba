package people

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sidereal/atlas"
	"sidereal/fault"
)

const (
	batchSize   = 500
	maxProblems = 1000 // that a report lists; it counts all
)

// Locator finds places. It answers only when it is sure: a made-up birth place is worse than none.
type Locator interface {
	// Locate returns degrees, north and east positive, and the IANA zone of a place in free text, such as "Ulm, German Empire".
	Locate(text string) (latitude, longitude float64, zone string, ok bool)
}

// Report says what became of an import.
type Report struct {
	Saved // of the good rows

	Rows      int // that were read, the header and empty lines left out
	Rejected  int // rows with a problem; nothing of them was stored
	YearOnly  int // good rows without a day of birth: listed, but without a chart and in no match
	Unlocated int // good rows with a day but no located place: matched by the date, but without a chart
	Problems  []Problem
}

// Problem is why a row was rejected.
type Problem struct {
	Line   int // of the file, where the row begins; from 1
	Reason string
}

// importer is one import under way.
type importer struct {
	store    Store
	zones    *atlas.Zones
	places   Locator
	progress func(Report)
	list     string // version that is complete at the end

	report Report
	lines  map[Key]int // where each person stood
	batch  []Person
}

// run reads the file and stores it batch by batch. Whatever ends it early, the batches that the report counts are stored whole, and running it again
// takes up the rest.
func (im *importer) run(ctx context.Context, r io.Reader) (Report, error) {
	rows := newRecords(r)

	header, _, bad, err := rows.next()
	if bad != nil || errors.Is(err, io.EOF) {
		return im.report, fault.Invalid("file", "the first row must name the columns, among them name and birth_date")
	}

	if err != nil {
		return im.report, fmt.Errorf("people: import: %w", err)
	}

	at, err := newLayout(header)
	if err != nil {
		return im.report, err
	}

	for {
		fields, line, bad, err := rows.next()
		if errors.Is(err, io.EOF) {
			return im.report, im.flush(ctx, im.list)
		}

		if err != nil {
			return im.report, fmt.Errorf("people: import: line %d: %w", line, err)
		}

		if im.add(row{at, fields}, line, bad); len(im.batch) == batchSize {
			if err := im.flush(ctx, ""); err != nil {
				return im.report, err
			}
		}
	}
}

// add takes a row into the batch, or notes why not.
func (im *importer) add(r row, line int, bad error) {
	im.report.Rows++

	var p Person

	if bad == nil {
		p, bad = r.person(im.places)
	}

	if bad == nil {
		bad = im.accept(p, line)
	}

	if bad == nil {
		return
	}

	im.report.Rejected++

	if len(im.report.Problems) < maxProblems {
		im.report.Problems = append(im.report.Problems, Problem{Line: line, Reason: reason(bad)})
	}
}

// reason words an error without the operations that it came through.
func reason(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Message
	}

	return err.Error()
}

func (im *importer) accept(p Person, line int) error {
	if err := p.check(im.zones); err != nil {
		return err
	}

	key := p.Key()
	if earlier, again := im.lines[key]; again {
		return fmt.Errorf("the person of line %d again", earlier)
	}

	im.lines[key] = line
	im.batch = append(im.batch, p)

	switch {
	case p.YearOnly:
		im.report.YearOnly++
	case !p.Place.Located:
		im.report.Unlocated++
	}

	return nil
}

func (im *importer) flush(ctx context.Context, list string) error {
	if len(im.batch) > 0 || list != "" {
		saved, err := im.store.Save(ctx, Batch{People: im.batch, List: list})
		if err != nil {
			return fmt.Errorf("people: import: %w", err)
		}

		im.report.Created += saved.Created
		im.report.Changed += saved.Changed
		im.report.Unchanged += saved.Unchanged
		im.batch = im.batch[:0]
	}

	if im.progress != nil {
		im.progress(im.report)
	}

	return nil
}
