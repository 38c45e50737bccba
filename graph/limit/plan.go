package limit

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// plan is what an operation costs, as far as its document tells: its fields without those that cost nothing, with the fragments spread out and fields of one
// response name merged, as the executor does it.
type plan struct {
	root  int64 // hundredths
	nodes []node
	lists map[*ast.Field]int // the lists, numbered; of merged fields each
	count int                // of numbers
}

// node is a field that costs something.
type node struct {
	field *ast.Field // for its name and its arguments, which all fields that were merged share
	price *price
	when  []occurrence // of which one must be included; nil when the field is included always
	below []node
	list  int // its number, for lists of objects
}

// occurrence is a place in the document where a field stands, by the directives around it that depend on variables.
type occurrence []condition

// condition holds when a variable has a value.
type condition struct {
	variable *ast.Value
	value    bool
}

func newPlan(prices *prices, operation *ast.OperationDefinition) *plan {
	p := &plan{root: prices.roots[operation.Operation], lists: make(map[*ast.Field]int)}
	p.nodes = p.merge(prices, []ast.SelectionSet{operation.SelectionSet})

	return p
}

// key is what fields are merged by. Fields of different types may share a response name.
type key struct {
	name       string
	definition *ast.FieldDefinition
}

// group is the fields that are merged into one.
type group struct {
	fields []*ast.Field
	when   []occurrence
	always bool
}

// merge returns the nodes of selection sets that belong to one object.
func (p *plan) merge(prices *prices, sets []ast.SelectionSet) (nodes []node) {
	c := collector{groups: make(map[key]*group)}

	for _, set := range sets {
		c.collect(set, nil)
	}

	for _, k := range c.order {
		g := c.groups[k]
		n := node{field: g.fields[0], price: prices.of[k.definition]}

		if !g.always {
			n.when = g.when
		}

		if n.price.list {
			n.list = p.number(g.fields)
		}

		below := make([]ast.SelectionSet, 0, len(g.fields))
		for _, f := range g.fields {
			below = append(below, f.SelectionSet)
		}

		n.below = p.merge(prices, below)

		if n.price.field > 0 || n.price.object > 0 || n.price.span != nil || len(n.below) > 0 {
			nodes = append(nodes, n)
		}
	}

	return nodes
}

// number gives a list its number. A fragment's field that is spread at several places keeps one.
func (p *plan) number(fields []*ast.Field) int {
	for _, f := range fields {
		if n, ok := p.lists[f]; ok {
			for _, same := range fields {
				p.lists[same] = n
			}

			return n
		}
	}

	for _, f := range fields {
		p.lists[f] = p.count
	}

	p.count++

	return p.count - 1
}

// collector gathers the fields of an object.
type collector struct {
	groups map[key]*group
	order  []key
}

func (c *collector) collect(set ast.SelectionSet, around occurrence) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if when, ok := around.within(s.Directives); ok && s.Definition != nil && s.Name != "__typename" {
				c.add(s, when)
			}
		case *ast.InlineFragment:
			if when, ok := around.within(s.Directives); ok {
				c.collect(s.SelectionSet, when)
			}
		case *ast.FragmentSpread:
			if when, ok := around.within(s.Directives); ok {
				c.collect(s.Definition.SelectionSet, when)
			}
		}
	}
}

func (c *collector) add(f *ast.Field, when occurrence) {
	k := key{f.Alias, f.Definition}

	g, ok := c.groups[k]
	if !ok {
		g = new(group)
		c.groups[k] = g
		c.order = append(c.order, k)
	}

	g.always = g.always || len(when) == 0
	g.when = append(g.when, when)

	if !slices.Contains(g.fields, f) { // its fragment may be spread twice
		g.fields = append(g.fields, f)
	}
}

// within adds the conditions of a field's or a fragment's directives; false when they rule it out whatever the variables are.
func (o occurrence) within(directives ast.DirectiveList) (occurrence, bool) {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}

		wanted := d.Name == "include"

		switch value := d.Arguments.ForName("if").Value; {
		case value.Kind == ast.Variable:
			o = append(slices.Clip(o), condition{value, wanted})
		case (value.Raw == "true") != wanted:
			return nil, false
		}
	}

	return o, true
}
