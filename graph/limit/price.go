package limit

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	hundred    = 100           // hundredths in a point
	maxWeight  = 1e6           // points
	maxPrice   = hundred << 46 // hundredths: where costs stop growing, within what JavaScript has whole numbers for
	openLength = 10            // of a list of which the schema says nothing
)

// introspectionWeight is what an object of introspection weighs, in hundredths: they are made beforehand, and the usual query asks for types within types much deeper
// than there are any.
const introspectionWeight = 2

// introspectionLengths are how long the lists of introspection are assumed to be, as in a schema of this size.
var introspectionLengths = map[string]int{
	"types": 150, "fields": 8, "args": 2, "inputFields": 4, "enumValues": 8, "interfaces": 1, "possibleTypes": 4, "directives": 10,
}

// price is what a field costs.
type price struct {
	field  int64 // hundredths, each time that the field is resolved
	object int64 // hundredths, each object that comes of it; 0 for scalars and enums
	list   bool  // of objects
	known  bool  // the list is as long as assumed: it is of introspection, where nobody counts

	assumed int      // the length of the list, or of the lists of the fields in sized, when no argument says it
	largest int      // that an argument may ask for; 0 when the schema names none
	slicing []slice  // the arguments that say it
	sized   []string // the fields of the object whose length it is
	span    *span    // nil for none
}

// slice is an argument that says how long a list is: a whole number, or a list that is as long.
type slice struct {
	argument string
	list     bool
}

// span is the price of a field that looks through a range of time.
type span struct {
	from, to string // the arguments
	years    float64
	weight   float64 // hundredths a year
	items    float64 // a year
}

// prices are the prices of the fields of a schema.
type prices struct {
	of    map[*ast.FieldDefinition]*price
	roots map[ast.Operation]int64 // of the root objects, hundredths
}

// errPrice says that the directives of the schema make no sense.
var errPrice = errors.New("limit: bad price in the schema")

func newPrices(schema *ast.Schema) (*prices, error) {
	p := &prices{of: make(map[*ast.FieldDefinition]*price), roots: make(map[ast.Operation]int64)}

	for operation, root := range map[ast.Operation]*ast.Definition{
		ast.Query: schema.Query, ast.Mutation: schema.Mutation, ast.Subscription: schema.Subscription,
	} {
		if root == nil {
			continue
		}

		weight, err := objectWeight(schema, root)
		if err != nil {
			return nil, err
		}

		p.roots[operation] = max(weight, hundred) // whatever is asked, it has to be read and answered
	}

	for _, of := range schema.Types {
		for _, field := range of.Fields {
			price, err := priceOf(schema, field)
			if err != nil {
				return nil, fmt.Errorf("%w: %s.%s: %w", errPrice, of.Name, field.Name, err)
			}

			p.of[field] = price
		}
	}

	return p, nil
}

func priceOf(schema *ast.Schema, field *ast.FieldDefinition) (p *price, err error) {
	p = &price{list: field.Type.Elem != nil, assumed: openLength}

	result := schema.Types[field.Type.Name()]
	if result == nil {
		return nil, fmt.Errorf("the type %s is unknown", field.Type.Name()) //nolint:err113 // for whoever changes the schema
	}

	if result.IsCompositeType() {
		if p.object, err = objectWeight(schema, result); err != nil {
			return nil, err
		}
	} else {
		p.list = false
	}

	if length, ok := introspectionLengths[field.Name]; ok && len(result.Name) > 2 && result.Name[:2] == "__" {
		p.assumed, p.known = length, true
	}

	if p.field, err = weightOf(field.Directives, 0); err != nil {
		return nil, err
	}

	if d := field.Directives.ForName("listSize"); d != nil {
		p.assumed = number(d, "assumedSize", openLength)
		p.largest = number(d, "maxSize", 0)

		for _, name := range words(d, "slicingArguments") {
			argument := field.Arguments.ForName(name)
			if argument == nil {
				return nil, fmt.Errorf("there is no argument %s", name) //nolint:err113 // for whoever changes the schema
			}

			p.slicing = append(p.slicing, slice{name, argument.Type.Elem != nil})
		}

		p.sized = words(d, "sizedFields")
	}

	p.span, err = spanOf(field.Directives.ForName("timeRange"))

	return p, errors.Join(err, p.check(schema, field))
}

// check tells whether the other names in the directives are those of arguments and fields.
func (p *price) check(schema *ast.Schema, field *ast.FieldDefinition) error {
	if s := p.span; s != nil && (field.Arguments.ForName(s.from) == nil || field.Arguments.ForName(s.to) == nil) {
		return fmt.Errorf("there are no arguments %s and %s", s.from, s.to) //nolint:err113 // for whoever changes the schema
	}

	for _, name := range p.sized {
		if schema.Types[field.Type.Name()].Fields.ForName(name) == nil {
			return fmt.Errorf("%s has no field %s", field.Type.Name(), name) //nolint:err113 // for whoever changes the schema
		}
	}

	return nil
}

// objectWeight returns what an object of a type weighs, hundredths; of an interface or a union, the heaviest.
func objectWeight(schema *ast.Schema, of *ast.Definition) (heaviest int64, err error) {
	if of.Name[:min(2, len(of.Name))] == "__" {
		return introspectionWeight, nil
	}

	if !of.IsAbstractType() {
		return weightOf(of.Directives, hundred)
	}

	for _, possible := range schema.GetPossibleTypes(of) {
		weight, err := weightOf(possible.Directives, hundred)
		if err != nil {
			return 0, err
		}

		heaviest = max(heaviest, weight)
	}

	return heaviest, nil
}

func weightOf(directives ast.DirectiveList, fallback int64) (int64, error) {
	d := directives.ForName("cost")
	if d == nil {
		return fallback, nil
	}

	return weight(d, "weight")
}

// weight reads a weight in points.
func weight(d *ast.Directive, name string) (int64, error) {
	text := d.Arguments.ForName(name).Value.Raw

	points, err := strconv.ParseFloat(text, 64)
	if err != nil || points < 0 || points > maxWeight || math.IsNaN(points) {
		return 0, fmt.Errorf("the weight %q is no number of points", text) //nolint:err113 // for whoever changes the schema
	}

	return int64(math.Round(points * hundred)), nil
}

func spanOf(d *ast.Directive) (*span, error) {
	if d == nil {
		return nil, nil //nolint:nilnil // as documented at price
	}

	yearly, err := weight(d, "weightPerYear")

	return &span{
		from: d.Arguments.ForName("from").Value.Raw, to: d.Arguments.ForName("to").Value.Raw,
		years: float64(number(d, "maxYears", 0)), weight: float64(yearly), items: float64(number(d, "itemsPerYear", 0)),
	}, err
}

func number(d *ast.Directive, name string, fallback int) int {
	argument := d.Arguments.ForName(name)
	if argument == nil {
		return fallback
	}

	n, err := strconv.Atoi(argument.Value.Raw)
	if err != nil {
		return fallback // null
	}

	return n
}

func words(d *ast.Directive, name string) (list []string) {
	if argument := d.Arguments.ForName(name); argument != nil {
		for _, child := range argument.Value.Children {
			list = append(list, child.Value.Raw)
		}
	}

	return list
}

// plus and times stop at maxPrice instead of overflowing. Neither takes negative numbers.
func plus(a, b int64) int64 { return min(a+b, maxPrice) }

func times(a, b int64) int64 {
	if a > 0 && b > maxPrice/a {
		return maxPrice
	}

	return a * b
}
