package strict

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// maxErrors is how many errors of a document are told before its check is given up, as graphql-js does (validate.ts, maxErrors): an answer must not be many times
// as large as the request that it refuses.
const maxErrors = 100

// tooMany is the last error of a document that has more.
const tooMany = "Too many validation errors, error limit reached. Validation aborted."

// enough ends the walk through a document: the validator has no other way to be stopped.
type enough struct{}

// validate returns what is wrong with a document: at most maxErrors, and that there are more.
func (c *Checker) validate(doc *ast.QueryDocument) (errs gqlerror.List) {
	defer func() {
		if stopped := recover(); stopped != nil && stopped != any(enough{}) {
			panic(stopped)
		}
	}()

	var events validator.Events

	set := c.rules().GetInner()
	for _, name := range slices.Sorted(maps.Keys(set)) {
		set[name](&events, func(options ...validator.ErrorOption) {
			if len(errs) == maxErrors {
				errs = append(errs, &gqlerror.Error{Message: tooMany})

				panic(enough{})
			}

			err := &gqlerror.Error{Rule: name}
			for _, option := range options {
				option(err)
			}

			errs = append(errs, err)
		})
	}

	validator.Walk(c.schema, doc, &events)

	return errs
}
