package limit

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// cost is what an operation costs with given variables, hundredths.
type cost struct {
	total int64   // with lists as long as they may become
	fixed int64   // of this, what does not belong to the elements of lists
	each  []int64 // list by list, what an element costs, without the elements of lists in it
}

// costOf walks a plan with the variables of an operation.
func (p *plan) costOf(variables map[string]any) cost {
	w := walk{variables: variables, each: make([]int64, p.count)}
	c := cost{total: p.root, fixed: p.root, each: w.each}

	for i := range p.nodes {
		total, fixed := w.node(&p.nodes[i], -1)
		c.total, c.fixed = plus(c.total, total), plus(c.fixed, fixed)
	}

	return c
}

type walk struct {
	variables map[string]any
	each      []int64
}

// node returns what a field costs each time that it is resolved. Given is the length of the list that a field above has said, -1 for none.
func (w *walk) node(n *node, given int) (total, fixed int64) {
	if !w.included(n) {
		return 0, 0
	}

	p := n.price
	own, length := p.field, w.length(n)

	if p.span != nil {
		years := w.years(n)
		own = plus(own, int64(math.Ceil(years*p.span.weight)))
		length = min(length, int(math.Ceil(years*p.span.items)))
	}

	total, fixed = p.object, p.object

	for i := range n.below {
		inner := -1
		if len(p.sized) > 0 && slices.Contains(p.sized, n.below[i].field.Name) {
			inner = length
		}

		t, f := w.node(&n.below[i], inner)
		total, fixed = plus(total, t), plus(fixed, f)
	}

	if !p.list {
		return plus(own, total), plus(own, fixed)
	}

	if p.known {
		return plus(own, times(int64(length), total)), plus(own, times(int64(length), fixed))
	}

	w.each[n.list] = max(w.each[n.list], fixed)

	if given >= 0 {
		length = given
	}

	return plus(own, times(int64(length), total)), own
}

func (w *walk) included(n *node) bool { return n.when == nil || slices.ContainsFunc(n.when, w.holds) }

func (w *walk) holds(o occurrence) bool {
	for _, c := range o {
		if value, _ := c.variable.Value(w.variables); value != c.value {
			return false
		}
	}

	return true
}

// length returns how long a field says that its list may become: as long as the argument that slices it asks for, at most as long as the field allows. What an
// argument asks for in vain, nothing or less, counts as all that the field allows: the field will refuse it.
func (w *walk) length(n *node) int {
	p := n.price

	for _, s := range p.slicing {
		asked, ok := s.count(w.argument(n.field, s.argument))
		if !ok {
			continue
		}

		if p.largest > 0 && (asked < 0 || asked > p.largest) {
			asked = p.largest
		}

		return max(asked, 0)
	}

	return p.assumed
}

// argument returns the value of an argument, its default when it is not given, nil when there is none.
func (w *walk) argument(f *ast.Field, name string) any {
	if a := f.Arguments.ForName(name); a != nil {
		if value, err := a.Value.Value(w.variables); err == nil && (value != nil || !unset(a.Value, w.variables)) {
			return value
		}
	}

	if d := f.Definition.Arguments.ForName(name); d != nil && d.DefaultValue != nil {
		value, _ := d.DefaultValue.Value(nil)

		return value
	}

	return nil
}

// unset tells whether a value is a variable that was not given, so that the argument is not given, either.
func unset(v *ast.Value, variables map[string]any) bool {
	_, given := variables[v.Raw]

	return v.Kind == ast.Variable && !given
}

// count returns the number that a value is, or how long the list is that it is; false for null.
func (s slice) count(value any) (int, bool) {
	if value == nil {
		return 0, false
	}

	if s.list {
		if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
			return list.Len(), true
		}

		return 1, true // an item in the place of a list of one
	}

	switch v := value.(type) {
	case int64: // a literal, and a variable as a rule
		return int(v), true
	case int:
		return v, true
	case json.Number:
		n, err := strconv.Atoi(string(v))

		return n, err == nil
	default:
		n, err := strconv.Atoi(fmt.Sprint(v)) // in whatever form else the variables come

		return n, err == nil
	}
}

// years returns how long the range of time is that a field looks through, at most as long as it allows, and that if the range cannot be read.
func (w *walk) years(n *node) float64 {
	s := n.price.span

	from, ok := instant(w.argument(n.field, s.from))
	to, ok2 := instant(w.argument(n.field, s.to))

	if !ok || !ok2 {
		return s.years
	}

	const year = 365.2425 * 24 * 3600

	return min(max(float64(to.Unix()-from.Unix())/year, 0), s.years)
}

func instant(value any) (time.Time, bool) {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339Nano, text)

	return t, err == nil
}

// points rounds hundredths up to points.
func points(hundredths int64) int64 { return (hundredths + hundred - 1) / hundred }
