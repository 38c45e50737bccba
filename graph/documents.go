package graph

import (
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sidereal/graph/document"
	"sidereal/graph/limit"
	"sidereal/graph/scalar"
	"sidereal/graph/strict"
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
	server.SetDisableSuggestion(!cfg.Introspection)

	if cfg.Introspection {
		server.Use(extension.Introspection{})
	}
}

// ReadManifest reads a list of trusted documents, each of which must be one that this server would execute: it keeps the limits, too.
func ReadManifest(text []byte, introspection bool, limits limit.Config) (*document.Manifest, error) {
	return document.ReadManifest(text, newChecker(introspection, limit.New(limits, nil).Parse).Check)
}

// newChecker returns what checks requests. Without introspection nothing tells of the schema: neither introspection itself nor a message that suggests what may have
// been meant.
func newChecker(introspection bool, parse func(text string) (*ast.QueryDocument, *gqlerror.Error)) *strict.Checker {
	cfg := strict.Config{Scalars: scalar.Checks(), Suggestions: introspection, Parse: parse}

	if !introspection {
		cfg.Forbid = func(set *rules.Rules) { set.AddRule("NoSchemaIntrospection", noSchemaIntrospection) }
	}

	return strict.New(parsedSchema, cfg)
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
