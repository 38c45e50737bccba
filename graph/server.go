package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph/gqlerr"
	"sidereal/graph/loader"
	"sidereal/graph/transport"
	"sidereal/telemetry"
)

const (
	maxBodyBytes   = 1 << 20 // of a request, or of a message over a WebSocket
	maxTokens      = 10_000  // of a document
	cachedDocs     = 1000    // parsed documents that are kept
	requestTimeout = 30 * time.Second
)

// ServerConfig is what the GraphQL server is built from.
type ServerConfig struct {
	Resolvers    ResolverRoot
	Sources      loader.Sources
	Process      *telemetry.Process
	Log          *slog.Logger
	Development  bool          // errors carry a context
	InitTimeout  time.Duration // of a WebSocket's connection_init
	Authenticate transport.Authenticator
	// Annotate adds the name of an operation to its context, for whoever logs below; nil adds nothing.
	Annotate func(ctx context.Context, operation string) context.Context
}

// NewServer returns the handler of the GraphQL endpoint: POST, GET and WebSocket.
func NewServer(cfg ServerConfig) http.Handler {
	presenter := gqlerr.NewPresenter(cfg.Log, cfg.Development)
	responses := responses{ServerConfig: cfg, planner: newPlanner()}

	server := handler.New(NewExecutableSchema(Config{Resolvers: cfg.Resolvers}))
	server.SetErrorPresenter(presenter.Present)
	server.SetRecoverFunc(presenter.Recover)
	server.SetParserTokenLimit(maxTokens)
	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedDocs))
	server.Use(extension.Introspection{})
	server.AddTransport(transport.WebSocket{Authenticate: cfg.Authenticate, InitTimeout: cfg.InitTimeout, MaxMessageBytes: maxBodyBytes})
	server.AddTransport(transport.HTTP{MaxBodyBytes: maxBodyBytes})
	server.AroundOperations(cfg.aroundOperation)
	server.AroundResponses(responses.around)

	return server
}

func (cfg ServerConfig) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)

	if cfg.Annotate != nil {
		name := operation.Operation.Name
		if name == "" {
			name = "anonymous " + string(operation.Operation.Operation)
		}

		ctx = cfg.Annotate(ctx, name)
	}

	return next(ctx)
}

// responses makes what the responses of a server need.
type responses struct {
	ServerConfig

	planner *planner
}

// around gives every operation, and every event of a subscription, its own loaders and bounds its time.
func (cfg responses) around(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx).Operation
	if operation == nil { // it never became one, and this is the error
		cfg.Process.CountOperation(true)

		return next(ctx)
	}

	if operation.Operation != ast.Subscription {
		var cancel context.CancelFunc

		ctx, cancel = context.WithTimeout(ctx, requestTimeout)
		defer cancel()
	}

	ctx, plans := cfg.planner.with(ctx, graphql.GetOperationContext(ctx))

	response := next(loader.WithSet(ctx, loader.NewSet(ctx, cfg.Sources, loader.PlanOf(operation))))
	if response == nil || response.HasNext == nil { // what is deferred is still being written
		plans.giveBack()
	}

	if response != nil {
		cfg.Process.CountOperation(len(response.Errors) > 0)
	}

	return response
}
