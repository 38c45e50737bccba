package model

import (
	"context"
	"sync"

	"sidereal/account/collection"
	"sidereal/chart"
	"sidereal/graph/relay"
)

// SavedChartType is the name of the type SavedChart in global ids.
const SavedChartType = "SavedChart"

// ChartLoader loads charts by their hashes, in their order, nil where there is none.
type ChartLoader func(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error)

// SavedChart is the view of a chart in a collection.
type SavedChart struct {
	collection.Saved

	chart func(ctx context.Context) (*Chart, error)
}

// NewSavedCharts returns the views of charts that are shown together. Their charts are loaded together, when the first one is asked for.
func NewSavedCharts(saved []collection.Saved, load ChartLoader) []*SavedChart {
	views := make([]*SavedChart, len(saved))
	all := &savedCharts{hashes: make([]chart.Hash, len(saved)), load: load}

	for i, s := range saved {
		all.hashes[i] = s.Chart
		views[i] = &SavedChart{Saved: s, chart: func(ctx context.Context) (*Chart, error) { return all.at(ctx, i) }}
	}

	return views
}

// savedCharts are the charts of a list of saved ones.
type savedCharts struct {
	hashes []chart.Hash
	load   ChartLoader

	once   sync.Once
	charts []*chart.Stored
	err    error
}

func (s *savedCharts) at(ctx context.Context, i int) (*Chart, error) {
	s.once.Do(func() { s.charts, s.err = s.load(ctx, s.hashes) })

	if s.err != nil || s.charts[i] == nil {
		return nil, s.err
	}

	return &Chart{Stored: *s.charts[i]}, nil
}

// ID returns the global id.
func (s *SavedChart) ID() string { return relay.GlobalID(SavedChartType, string(s.Saved.ID)) }

// Note returns what its owner noted, nil for nothing.
func (s *SavedChart) Note() *string { return orNil(s.Saved.Note) }

// Chart returns the chart, loaded together with those of the same list.
func (s *SavedChart) Chart(ctx context.Context) (*Chart, error) { return s.chart(ctx) }

// SavedChartConnection is a page of a collection.
type SavedChartConnection struct {
	Edges    []SavedChartEdge
	PageInfo relay.PageInfo

	count func(context.Context) (int, error)
}

// SavedChartEdge is a chart in a list of a collection.
type SavedChartEdge struct {
	Cursor string
	Node   *SavedChart
}

// NewSavedChartConnection returns the connection of the page that a query asked for. Count is called when the total is asked for.
func NewSavedChartConnection(
	page collection.Page, query collection.Query, load ChartLoader, count func(context.Context) (int, error),
) *SavedChartConnection {
	connection := &SavedChartConnection{Edges: make([]SavedChartEdge, len(page.Saved)), count: count}
	cursors := make([]string, len(page.Saved))

	for i, view := range NewSavedCharts(page.Saved, load) {
		cursors[i] = relay.SavedChartCursor(view.Mark())
		connection.Edges[i] = SavedChartEdge{Cursor: cursors[i], Node: view}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, query.FromEnd, page.More, query.After != nil, query.Before != nil)

	return connection
}

// Nodes returns the charts without their cursors.
func (c *SavedChartConnection) Nodes() []*SavedChart {
	nodes := make([]*SavedChart, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}

// TotalCount counts the collection, in a statement of its own.
func (c *SavedChartConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }
