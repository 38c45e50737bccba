// Package gqlerr is the one place where an error becomes what a client sees of it.
package gqlerr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/telemetry"
)

// internalMessage is all that a client learns of a fault that is ours.
const internalMessage = "something went wrong on our side; the log has it under the request id"

// Presenter turns errors into entries of a response's errors.
type Presenter struct {
	log         *slog.Logger
	development bool
}

// NewPresenter returns a presenter that logs the causes of INTERNAL and, in development, adds the context of an error to its extensions.
func NewPresenter(log *slog.Logger, development bool) *Presenter {
	return &Presenter{log: log, development: development}
}

// Present implements graphql.ErrorPresenterFunc.
func (p *Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	f := classify(err)
	shown := &gqlerror.Error{Message: f.Message, Path: graphql.GetPath(ctx)}

	if g, ok := errors.AsType[*gqlerror.Error](err); ok {
		shown.Locations = g.Locations

		if g.Path != nil {
			shown.Path = g.Path
		}
	}

	if input, ok := inputField(ctx, shown.Path, f); ok {
		shown.Path = responsePath(ctx, shown.Path)
		f.Field = input
	}

	if f.Code == fault.Internal {
		p.log.ErrorContext(ctx, "internal error", "error", err.Error(), "path", shown.Path.String(), "operation", operationName(ctx))
	}

	shown.Extensions = p.extensions(ctx, f, err)

	return shown
}

// Recover implements graphql.RecoverFunc: a panic becomes INTERNAL, and the log gets the stack.
func (p *Presenter) Recover(ctx context.Context, panicked any) error {
	p.log.ErrorContext(ctx, "panic in a resolver", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()), "operation", operationName(ctx))

	return fault.New(fault.Internal, "panic: %v", panicked)
}

// classify returns a copy of the fault that err stands for, with the message that the client may see.
func classify(err error) fault.Error {
	if f, ok := fault.As(err); ok {
		shown := *f
		if shown.Code == fault.Internal {
			shown.Message = internalMessage
		}

		return shown
	}

	if errors.Is(err, context.DeadlineExceeded) {
		return fault.Error{Code: fault.Timeout, Message: "the operation took longer than it may"}
	}

	// The parser, the validator and the coercion of variables and arguments speak gqlerror; resolvers never do. An executor that finds null where
	// the schema forbids it is our mistake, though.
	if g, ok := errors.AsType[*gqlerror.Error](err); ok && g.Message != "must not be null" {
		return fault.Error{Code: fault.ValidationFailed, Message: g.Message}
	}

	return fault.Error{Code: fault.Internal, Message: internalMessage}
}

func (p *Presenter) extensions(ctx context.Context, f fault.Error, err error) map[string]any {
	extensions := make(map[string]any, len(f.Details)+6)
	maps.Copy(extensions, f.Details)

	extensions["code"] = string(f.Code)
	extensions["requestId"] = telemetry.RequestID(ctx)

	if f.Field != "" {
		extensions["field"] = f.Field
	}

	if f.ResourceType != "" {
		extensions["resourceType"] = f.ResourceType
	}

	if f.ResourceID != "" {
		extensions["resourceId"] = f.ResourceID
	}

	if f.RetryAfter > 0 {
		extensions["retryAfterMs"] = f.RetryAfter.Milliseconds()
	}

	if p.development {
		extensions["context"] = map[string]any{"operation": operationName(ctx), "error": err.Error()}
	}

	return extensions
}

// inputField returns the path of the input field whose coercion failed. Coercion of variables has the path variable.NAME…; coercion of literal
// arguments has the response path of the field, then the argument's.
func inputField(ctx context.Context, path ast.Path, f fault.Error) (string, bool) {
	if f.Field != "" || f.Code != fault.ValidationFailed || len(path) == 0 {
		return "", false
	}

	if path[0] == ast.PathName("variable") {
		return join(path[1:]), len(path) > 1
	}

	at := len(responsePath(ctx, path))

	return join(path[at:]), at < len(path)
}

// responsePath returns the part of a path that lies in the response: down to the field that the error belongs to.
func responsePath(ctx context.Context, path ast.Path) ast.Path {
	if len(path) == 0 || path[0] == ast.PathName("variable") || !graphql.HasOperationContext(ctx) {
		return nil
	}

	op := graphql.GetOperationContext(ctx).Operation
	if op == nil {
		return nil
	}

	selections := op.SelectionSet

	for i, element := range path {
		name, ok := element.(ast.PathName)
		if !ok {
			continue // an index into a list
		}

		field := selected(selections, string(name))
		if field == nil {
			return path[:i]
		}

		selections = field.SelectionSet
	}

	return path
}

// selected returns the field with that response name, fragments included.
func selected(set ast.SelectionSet, alias string) *ast.Field {
	for _, selection := range set {
		var inner ast.SelectionSet

		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias == alias {
				return s
			}
		case *ast.InlineFragment:
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			inner = s.Definition.SelectionSet
		}

		if field := selected(inner, alias); field != nil {
			return field
		}
	}

	return nil
}

// join writes a path as a client would: input.orbs[2].limit.
func join(path ast.Path) string {
	var b strings.Builder

	for _, element := range path {
		switch e := element.(type) {
		case ast.PathIndex:
			fmt.Fprintf(&b, "[%d]", int(e))
		case ast.PathName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}

			b.WriteString(string(e))
		}
	}

	return b.String()
}

func operationName(ctx context.Context) string {
	if !graphql.HasOperationContext(ctx) {
		return ""
	}

	return graphql.GetOperationContext(ctx).OperationName
}
