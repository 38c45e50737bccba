package loader

import "github.com/vektah/gqlparser/v2/ast"

// keysOf are the root fields that load objects by key, and how many keys each has; 0 is any number.
var keysOf = map[string]int{"chart": 1, "node": 1, "nodes": 0, "explainDifference": 1, "synastry": 2, "composite": 2, "davison": 2}

// Plan is what an operation will load by key, as far as its document tells.
type Plan struct {
	fields int  // root fields that load
	keys   int  // that they have together
	open   bool // one of them has any number
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
			if keys, ok := keysOf[s.Name]; ok {
				p.fields++
				p.keys += keys
				p.open = p.open || keys == 0
			}
		case *ast.InlineFragment:
			p.add(s.SelectionSet)
		case *ast.FragmentSpread:
			p.add(s.Definition.SelectionSet)
		}
	}
}

// alone says that no two fields load at the same time, so that there is nothing to wait for.
func (p *Plan) alone() bool { return p.fields <= 1 }

// maxBatch bounds the keys of one batch and so the parameters of one statement.
const maxBatch = 500

// batch returns how many keys make a batch: all that will come, where their number is known.
func (p *Plan) batch() int {
	if p.open || p.keys > maxBatch {
		return maxBatch
	}

	return max(p.keys, 1)
}
