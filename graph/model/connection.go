package model

import (
	"context"

	"sidereal/chart"
	"sidereal/graph/relay"
)

// ChartConnection is a page of charts.
type ChartConnection struct {
	Edges    []ChartEdge
	PageInfo relay.PageInfo

	count func(context.Context) (int, error)
}

// ChartEdge is a chart in a list.
type ChartEdge struct {
	Cursor string
	Node   *Chart
}

// NewChartConnection returns the connection of the page that a query asked for. Count is called when the total is asked for.
func NewChartConnection(page chart.Listed, query chart.Query, count func(context.Context) (int, error)) *ChartConnection {
	key := query.Order.Key
	connection := &ChartConnection{Edges: make([]ChartEdge, len(page.Charts)), count: count}
	cursors := make([]string, len(page.Charts))

	for i, stored := range page.Charts {
		cursors[i] = relay.ChartCursor(key, stored.Mark(key))
		connection.Edges[i] = ChartEdge{Cursor: cursors[i], Node: &Chart{Stored: stored}}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, query.FromEnd, page.More, query.After != nil, query.Before != nil)

	return connection
}

// Nodes returns the charts without their cursors.
func (c *ChartConnection) Nodes() []*Chart {
	nodes := make([]*Chart, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}

// TotalCount counts what the filter selects, in a statement of its own.
func (c *ChartConnection) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }
