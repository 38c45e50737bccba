package graph

import (
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sidereal/graph/document"
	"sidereal/graph/transport"
)

// DocumentConfig says which documents are executed, and how they come.
type DocumentConfig struct {
	Library       document.Library
	Introspection bool // documents may ask for __schema and __type, and messages suggest names
	MaxBatch      int  // operations of one request; 0 and 1 take no lists
}

func (cfg DocumentConfig) apply(server *handler.Server) {
	server.Use(transport.Deferral{})
	server.SetValidationRulesFn(func() *rules.Rules { return validationRules(cfg.Introspection) })
	server.SetDisableSuggestion(!cfg.Introspection)

	if cfg.Introspection {
		server.Use(extension.Introspection{})
	}
}

// ReadManifest reads a list of trusted documents, each of which must be one that this server would execute.
func ReadManifest(text []byte, introspection bool) (*document.Manifest, error) {
	return document.ReadManifest(text, parsedSchema, validationRules(introspection))
}

// validationRules returns the rules for documents. Without introspection nothing tells of the schema: neither introspection itself nor a message that suggests
// what may have been meant.
func validationRules(introspection bool) *rules.Rules {
	r := rules.NewDefaultRules()
	if introspection {
		return r
	}

	r.AddRule("NoSchemaIntrospection", noSchemaIntrospection)

	for _, quiet := range []struct {
		replaced string
		by       validator.Rule
	}{
		{rules.FieldsOnCorrectTypeRule.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions},
		{rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions},
		{rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions},
		{rules.ScalarLeafsRule.Name, rules.ScalarLeafsRuleWithoutSuggestions},
		{rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions},
	} {
		r.RemoveRule(quiet.replaced)
		r.AddRule(quiet.by.Name, quiet.by.RuleFunc)
	}

	return r
}

// noSchemaIntrospection refuses documents that ask for the schema. __typename, which clients live by, stays.
func noSchemaIntrospection(observers *validator.Events, addError validator.AddErrFunc) {
	seen := make(map[*ast.Position]bool) // the fields of a fragment come once for it and once for every use

	observers.OnField(func(_ *validator.Walker, field *ast.Field) {
		if (field.Name == "__schema" || field.Name == "__type") && !seen[field.Position] {
			seen[field.Position] = true

			addError(validator.Message("introspection is off on this server, and %s is a part of it", field.Name), core.At(field.Position))
		}
	})
}
