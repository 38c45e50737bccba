package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph/gqlerr"
	"sidereal/graph/limit"
	"sidereal/graph/live"
	"sidereal/graph/loader"
	"sidereal/graph/transport"
	"sidereal/telemetry"
)

// ServerConfig is what the GraphQL server is built from.
type ServerConfig struct {
	Resolvers    ResolverRoot
	Sources      loader.Sources
	Process      *telemetry.Process
	Log          *slog.Logger
	Development  bool // errors carry a context
	Documents    DocumentConfig
	InitTimeout  time.Duration // of a WebSocket's connection_init
	Authenticate transport.Authenticator
	AllowOrigin  func(r *http.Request) bool // whether the page that opens a WebSocket may; nil lets those of our own host
	Limits       limit.Config               // of what an operation may ask for
	Buckets      limit.Buckets              // who has how many points left; nil when Limits limit no rate
	MaxBodyBytes int64                      // of a request, or of a message over a WebSocket
	MaxTime      time.Duration              // of a query, of a mutation, and of the answer to an event; 0 for no end
	Sockets      *transport.Sockets         // the WebSockets that are open
	Connections  ConnectionConfig
	// Annotate adds the name of an operation to its context, for whoever logs below; nil adds nothing.
	Annotate func(ctx context.Context, operation string) context.Context
}

// NewServer returns the handler of the GraphQL endpoint: POST, GET, Server-Sent Events and WebSocket.
func NewServer(cfg ServerConfig) http.Handler {
	presenter := gqlerr.NewPresenter(cfg.Log, cfg.Development)
	responses := responses{ServerConfig: cfg, planner: newPlanner()}

	guard := limit.New(cfg.Limits, cfg.Buckets)
	checker := newChecker(cfg.Documents.Introspection, guard.Parse)

	schema := NewExecutableSchema(Config{Resolvers: cfg.Resolvers, Directives: DirectiveRoot{Auth: auth}})
	driver := live.NewDriver(live.Config{Plain: newPlainness(schema.Schema()).of, MaxTime: cfg.MaxTime})

	server := handler.New(schema)
	server.SetErrorPresenter(presenter.Present)
	server.SetRecoverFunc(presenter.Recover)
	server.SetParserTokenLimit(cfg.Limits.MaxTokens)
	server.SetQueryCache(checker)
	cfg.Documents.apply(server)
	server.Use(checker)
	server.Use(guard)

	server.AddTransport(&transport.WebSocket{
		Driver: driver, Sockets: cfg.Sockets, Authenticate: cfg.Authenticate, AllowOrigin: cfg.AllowOrigin, Documents: &cfg.Documents.Library, InitTimeout: cfg.InitTimeout,
		MaxMessageBytes: cfg.MaxBodyBytes, MaxSubscriptions: cfg.Connections.MaxSubscriptions, Admit: cfg.Connections.Admit,
		AdmitViewer: cfg.Connections.AdmitViewer, Watch: cfg.Connections.Watch, Meter: cfg.Connections.Meter, Now: cfg.Connections.Now,
	})

	requests := transport.HTTP{MaxBodyBytes: cfg.MaxBodyBytes, MaxBatch: cfg.Documents.MaxBatch, Documents: &cfg.Documents.Library}
	server.AddTransport(transport.SSE{
		Requests: requests, Driver: driver, Admit: cfg.Connections.Admit, AdmitViewer: cfg.Connections.AdmitViewer, Watch: cfg.Connections.Watch,
		Meter: cfg.Connections.Meter, Stopping: cfg.Connections.Stopping,
	})
	server.AddTransport(requests)
	server.AroundOperations(cfg.aroundOperation)
	server.AroundResponses(responses.around)

	return server
}

// aroundOperation names an operation and bounds its time, to the last part of its answer. A subscription has no end of its own.
func (cfg ServerConfig) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx).Operation

	if cfg.Annotate != nil {
		name := operation.Name
		if name == "" {
			name = "anonymous " + string(operation.Operation)
		}

		ctx = cfg.Annotate(ctx, name)
	}

	if operation.Operation == ast.Subscription || cfg.MaxTime == 0 {
		return next(ctx)
	}

	ctx, cancel := context.WithTimeout(ctx, cfg.MaxTime)
	respond := next(ctx)

	return func(ctx context.Context) *graphql.Response {
		response := respond(ctx)
		if !hasNext(response) {
			cancel()
		}

		return response
	}
}

// responses makes what the responses of a server need.
type responses struct {
	ServerConfig

	planner *planner
}

// around gives every operation, and every event of a subscription, its own loaders and plans. What is deferred keeps those of the first part.
func (cfg responses) around(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx).Operation
	if operation == nil { // it never became one, and this is the error
		cfg.Process.CountOperation(true)

		return next(ctx)
	}

	ctx, plans := cfg.planner.with(ctx, graphql.GetOperationContext(ctx))

	response := next(loader.WithSet(ctx, loader.NewSet(ctx, cfg.Sources, loader.PlanOf(operation))))
	if response == nil || response.HasNext == nil { // what is deferred is still being written
		plans.giveBack()
	}

	if response != nil && !hasNext(response) {
		cfg.Process.CountOperation(len(response.Errors) > 0)
	}

	return response
}

// hasNext tells whether more parts of an answer follow a response.
func hasNext(response *graphql.Response) bool {
	return response != nil && response.HasNext != nil && *response.HasNext
}
