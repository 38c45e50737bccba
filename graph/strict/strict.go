// Package strict makes requests as strict as the reference implementation, graphql-js 16, makes them, where the parser, the validator and the coercion of
// variables beneath are laxer, and reads what they misread: block strings, numbers, surrogates, single values for lists, @oneOf, null for what must not be null.
//
// It promises one thing, which a test holds against graphql-js itself: for every request the two agree on whether it is accepted, at which stage it
// is refused, and on the values that its variables and arguments have.
package strict

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Config is what a Checker goes by. The zero value checks everything that is not a scalar of the schema's own, without limits and suggestions.
type Config struct {
	// Scalars tell for the schema's own scalars whether a value is of the right form: an error whose text may be shown. A scalar that has none takes all.
	Scalars map[string]func(value any) error

	// Parse parses a document, or says why it is no document, or none that may be executed; nil is the parser alone.
	Parse func(text string) (*ast.QueryDocument, *gqlerror.Error)
	// Forbid adds rules to those of the specification; nil adds none.
	Forbid func(set *rules.Rules)

	Documents   int  // how many checked documents are kept; 0 is 1000
	Suggestions bool // whether errors say what may have been meant, which tells names of the schema
}

// Checker checks requests before they are executed. It is an extension of the executor, to be used behind those that set a request's document (persisted
// queries), and the executor's cache of documents.
type Checker struct {
	schema    *ast.Schema
	config    Config
	documents *lru.LRU[*document]
}

var (
	_ interface {
		graphql.HandlerExtension
		graphql.OperationParameterMutator
	} = (*Checker)(nil)
	_ graphql.Cache[*ast.QueryDocument] = (*Checker)(nil)
)

// document is a valid document with the operation that is asked for, and what is known of it before there are variables.
type document struct {
	ast       *ast.QueryDocument
	operation *ast.OperationDefinition // nil when the document has several and no name was given, or none of that name
	nullable  []nullableUse
}

const (
	defaultDocuments = 1000
	maxKept          = 64 << 10 // bytes of a document's text; longer ones are checked each time
)

// New returns a checker of requests against a schema.
func New(schema *ast.Schema, config Config) *Checker {
	if config.Documents == 0 {
		config.Documents = defaultDocuments
	}

	if config.Parse == nil {
		config.Parse = parse
	}

	return &Checker{schema: schema, config: config, documents: lru.New[*document](config.Documents)}
}

// ExtensionName implements graphql.HandlerExtension.
func (*Checker) ExtensionName() string { return "Strict" }

// Validate implements graphql.HandlerExtension.
func (*Checker) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements graphql.OperationParameterMutator. It hands the executor the checked document and the coerced variables. Where more than
// one thing is wrong with a document, the error wraps a gqlerror.List of them all.
func (c *Checker) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	doc, err := c.load(ctx, request.Query, request.OperationName)
	if err != nil {
		return err
	}

	operation := graphql.GetOperationContext(ctx)
	operation.Doc = doc.ast

	if doc.operation == nil {
		return unknownOperation(doc.ast, request.OperationName)
	}

	operation.Operation = doc.operation

	variables, err := c.variables(doc, request.Variables)
	if err != nil {
		return err
	}

	request.Variables = variables

	return nil
}

// Get implements graphql.Cache: the document that was checked for this request.
func (*Checker) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc := graphql.GetOperationContext(ctx).Doc

	return doc, doc != nil
}

// Add implements graphql.Cache. The executor adds nothing: what is valid was there.
func (*Checker) Add(context.Context, string, *ast.QueryDocument) {}

// Check returns what is wrong with a document before it is asked for, whichever of its operations is asked for; nil when nothing is.
func (c *Checker) Check(text string) error {
	doc, err := c.parse(text)
	if err != nil {
		return err
	}

	if errs := c.validate(doc); len(errs) > 0 {
		return errs
	}

	return nil
}

// load returns the checked document, from the cache where it is there, or what is wrong with it.
func (c *Checker) load(ctx context.Context, query, operation string) (*document, *gqlerror.Error) {
	doc, ok := c.documents.Get(ctx, query)
	if ok && len(doc.ast.Operations) == 1 {
		return doc.named(operation), nil
	}

	if ok { // the operations of a document may share fragments, whose variables are those of the operation: each has a document of its own
		if doc, ok = c.documents.Get(ctx, operation+"\x00"+query); ok {
			return doc, nil
		}
	}

	parsed, err := c.parse(query)
	if err != nil {
		return nil, err
	}

	if errs := c.validate(parsed); len(errs) == 1 {
		return nil, errs[0]
	} else if len(errs) > 1 {
		return nil, &gqlerror.Error{Message: "the document has more than one error", Err: errs}
	}

	doc = &document{ast: parsed, operation: parsed.Operations.ForName(operation)}
	if doc.operation != nil {
		c.settle(doc)

		doc.nullable = c.nullableUses(doc.operation)
	}

	c.keep(ctx, query, operation, doc)

	return doc, nil
}

// settle makes a valid document ready for its operation: variables of fragments that operations share are those of this one, and an integer that stands for
// a Float or an ID is one, whatever its size.
func (c *Checker) settle(doc *document) {
	var events validator.Events

	events.OnValue(func(_ *validator.Walker, value *ast.Value) {
		if value.Kind != ast.IntValue || value.Definition == nil {
			return
		}

		switch value.Definition.Name {
		case "Float":
			value.Kind = ast.FloatValue
		case "ID":
			value.Kind = ast.StringValue
		}
	})

	validator.Walk(c.schema, &ast.QueryDocument{Operations: ast.OperationList{doc.operation}, Fragments: doc.ast.Fragments}, &events)
}

// keep puts a document into the cache, unless it is long, or no operation of it was found: names are endless.
func (c *Checker) keep(ctx context.Context, query, operation string, doc *document) {
	if doc.operation == nil || len(query) > maxKept {
		return
	}

	c.documents.Add(ctx, query, doc)

	if len(doc.ast.Operations) > 1 {
		c.documents.Add(ctx, operation+"\x00"+query, doc)
	}
}

// named returns the document, which has one operation, without the operation if it has another name.
func (d *document) named(operation string) *document {
	if operation == "" || operation == d.operation.Name {
		return d
	}

	return &document{ast: d.ast}
}

// parse returns the document of a text.
func (c *Checker) parse(query string) (*ast.QueryDocument, *gqlerror.Error) {
	text, blocks, err := scan(query)
	if err != nil {
		return nil, err
	}

	doc, err := c.config.Parse(text)
	if err != nil {
		return nil, err
	}

	if err := checkSyntax(doc); err != nil {
		return nil, err
	}

	if len(blocks) > 0 {
		c.setBlockStrings(doc, blocks)
	}

	return doc, nil
}

func parse(text string) (*ast.QueryDocument, *gqlerror.Error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return nil, gqlerror.WrapIfUnwrapped(err)
	}

	return doc, nil
}

func unknownOperation(doc *ast.QueryDocument, name string) *gqlerror.Error {
	if name == "" {
		return gqlerror.Errorf("the document has %d operations: operationName must say which one", len(doc.Operations))
	}

	return gqlerror.Errorf("the document has no operation %.80q", name)
}
