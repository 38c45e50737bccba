package graph

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// The root field itself is no part of it: whoever has an event has its answer.
func TestWhatFollowsFromAnEventAlone(t *testing.T) {
	p := newPlainness(parsedSchema)

	for document, want := range map[string]bool{
		`subscription { operationsSnapshots { at __typename heapBytes } }`:                                                          true,
		`subscription { ...F } fragment F on Subscription { operationsSnapshots { ...G } } fragment G on OperationsSnapshot { at }`: true,
		`{ node(id: "x") { ... on User { id email } } }`:                                                                            true,
		`{ node(id: "x") { ... on User { apiKeys { edges { node { id } } } } } }`:                                                   false,
		`{ node(id: "x") { ...F } } fragment F on User { ... @include(if: false) { sessions { id } } }`:                             false,
		`{ node(id: "x") { id } }`: true,
		`subscription { readingEvents(chartHash: "x") { reading { status words sections { text } } ... on ReadingSectionReady { section { text paragraphs { text } } } } }`: true,
		`subscription { readingEvents(chartHash: "x") { reading { chart { hash } } } }`:                                                                                     false,
	} {
		doc, err := gqlparser.LoadQueryWithRules(parsedSchema, document, rules.NewDefaultRules())
		if err != nil {
			t.Errorf("%s: %v", document, err)

			continue
		}

		if got := p.of(&graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}); got != want {
			t.Errorf("%s: want %v, got %v", document, want, got)
		}
	}
}
