package loader

import "github.com/vektah/gqlparser/v2/ast"

// loading are the root fields that load objects by key.
var loading = map[string]bool{
	"chart": true, "node": true, "nodes": true, "explainDifference": true, "synastry": true, "composite": true, "davison": true,
	"reading": true,
}

// maxBatch bounds the fields of one batch. A field has 100 keys at most.
const maxBatch = 100

// Plan is what an operation will load by key, as far as its document tells.
type Plan struct {
	fields int // root fields that load
}

// PlanOf reads the plan of an operation.
func PlanOf(operation *ast.OperationDefinition) *Plan {
	p := new(Plan)
	p.add(operation.SelectionSet)

	return p
}

func (p *Plan) add(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if loading[s.Name] {
				p.fields++
			}
		case *ast.InlineFragment:
			p.add(s.SelectionSet)
		case *ast.FragmentSpread:
			p.add(s.Definition.SelectionSet)
		}
	}
}
