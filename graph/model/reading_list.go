package model

import (
	"context"
	"sync"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// ReadingLoader loads what belongs to readings, each in the order of the keys. *loader.Set is one.
type ReadingLoader interface {
	ListedCharts(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error)      // nil where there is none
	ListedSections(ctx context.Context, readings []string) ([]*[]reading.Section, error) // nil where there are none
}

// NewReadings returns the views of readings that are shown together. Their charts are loaded together, when the first one is asked for, and so are their sections.
func NewReadings(readings []reading.Reading, from ReadingLoader) []*Reading {
	views := make([]*Reading, len(readings))
	all := &readingList{readings: readings, from: from}

	for i, r := range readings {
		views[i] = &Reading{
			Reading:  r,
			chart:    func(ctx context.Context) (*Chart, error) { return all.chart(ctx, i) },
			sections: func(ctx context.Context) ([]reading.Section, error) { return all.sectionsOf(ctx, i) },
		}
	}

	return views
}

// NewReading returns the view of one reading.
func NewReading(r reading.Reading, from ReadingLoader) *Reading {
	return NewReadings([]reading.Reading{r}, from)[0]
}

// readingList is readings that are shown together.
type readingList struct {
	readings []reading.Reading
	from     ReadingLoader

	chartsOnce sync.Once
	charts     []*chart.Stored
	chartsErr  error

	sectionsOnce sync.Once
	sections     []*[]reading.Section
	sectionsErr  error
}

func (l *readingList) chart(ctx context.Context, i int) (*Chart, error) {
	l.chartsOnce.Do(func() {
		hashes := make([]chart.Hash, len(l.readings))
		for i := range l.readings {
			hashes[i] = l.readings[i].Request.Chart
		}

		l.charts, l.chartsErr = l.from.ListedCharts(ctx, hashes)
	})

	switch {
	case l.chartsErr != nil:
		return nil, l.chartsErr
	case l.charts[i] == nil:
		return nil, fault.New(fault.NotFound, "the chart is no longer stored").WithResource(ChartType, string(l.readings[i].Request.Chart))
	}

	return &Chart{Stored: *l.charts[i]}, nil
}

func (l *readingList) sectionsOf(ctx context.Context, i int) ([]reading.Section, error) {
	l.sectionsOnce.Do(func() {
		ids := make([]string, len(l.readings))
		for i := range l.readings {
			ids[i] = l.readings[i].ID
		}

		l.sections, l.sectionsErr = l.from.ListedSections(ctx, ids)
	})

	if l.sectionsErr != nil || l.sections[i] == nil {
		return nil, l.sectionsErr
	}

	return *l.sections[i], nil
}

// ReadingConnection is a page of readings.
type ReadingConnection struct {
	Edges    []ReadingEdge
	PageInfo relay.PageInfo

	count func(context.Context) (int, error)
}

// ReadingEdge is a reading in a list.
type ReadingEdge struct {
	Cursor string
	Node   *Reading
}

// NewReadingConnection returns the connection of the page that a query asked for. Count is called when the total is asked for.
func NewReadingConnection(page reading.Page, query reading.Query, from ReadingLoader, count func(context.Context) (int, error)) *ReadingConnection {
	connection := &ReadingConnection{Edges: make([]ReadingEdge, len(page.Readings)), count: count}
	cursors := make([]string, len(page.Readings))

	for i, view := range NewReadings(page.Readings, from) {
		cursors[i] = relay.ReadingCursor(view.Mark())
		connection.Edges[i] = ReadingEdge{Cursor: cursors[i], Node: view}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, query.Backward, page.More, query.After != nil, query.Before != nil)

	return connection
}

// Nodes returns the readings without their cursors.
func (c *ReadingConnection) Nodes() []*Reading {
	nodes := make([]*Reading, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}

// TotalCount counts what the query selects, in a statement of its own.
func (c *ReadingConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }
