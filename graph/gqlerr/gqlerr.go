// Package gqlerr is the one place where an error becomes what a client sees of it.
package gqlerr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
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

func operationName(ctx context.Context) string {
	if !graphql.HasOperationContext(ctx) {
		return ""
	}

	operation := graphql.GetOperationContext(ctx)
	if operation.Operation != nil {
		return operation.Operation.Name
	}

	return operation.OperationName
}
