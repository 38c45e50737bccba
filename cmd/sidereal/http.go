package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/account/token"
	"sidereal/fault"
	"sidereal/graph/gqlerr"
	"sidereal/graph/transport"
	"sidereal/web"
	"sidereal/web/edge"
)

// routes is what the process answers.
func (a *app) routes(graphQL http.Handler, authenticate transport.Authenticator, keys *token.Keys) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("OPTIONS /graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", "GET, HEAD, OPTIONS, POST")
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("/graphql", authenticate.Handler(graphQL, a.refuse))

	if a.config.HTTP.Documents.Playground.in(a.config.Production) {
		playground := web.Playground(web.PlaygroundConfig{GraphQLPath: "/graphql", Title: "Sidereal"})
		mux.Handle("/playground", playground)
		mux.Handle("/playground/", playground)
		mux.Handle("GET /{$}", http.RedirectHandler("/playground", http.StatusFound))
	} else {
		mux.HandleFunc("/playground", noPlayground)
		mux.HandleFunc("/playground/", noPlayground)
	}

	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET "+keySetPath, keySet(keys))

	compression, err := edge.NewCompression(a.config.HTTP.Compression...)
	if err != nil {
		return nil, err
	}

	return edge.Handler(edge.Config{
		Log:          a.log,
		Proxies:      a.config.HTTP.Proxies,
		Origins:      a.config.HTTP.Origins,
		CORSMaxAge:   a.config.HTTP.CORSMaxAge,
		HSTSMaxAge:   a.config.HTTP.HSTSMaxAge,
		WriteTimeout: a.config.HTTP.WriteTimeout,
		Compression:  compression,
		Refuse:       a.refuse,
	}, mux), nil
}

// noPlayground says that there is none, to whoever remembers one.
func noPlayground(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "the playground is not served here; GraphQL is at /graphql", http.StatusNotFound)
}

// refuse answers a request that may not be made, for its token (401), for the page that makes it (403) or because its viewer could not be looked up (503), as GraphQL
// would.
func (a *app) refuse(w http.ResponseWriter, r *http.Request, err error) {
	ctx := graphql.WithResponseContext(r.Context(), graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	shown := gqlerr.NewPresenter(a.log, !a.config.Production).Present(ctx, err)
	status := http.StatusServiceUnavailable // the viewer could not be looked up

	if code := fault.CodeOf(err); code == fault.Forbidden {
		status = http.StatusForbidden
	} else if code == fault.Unauthenticated {
		status = http.StatusUnauthorized

		w.Header().Set("WWW-Authenticate", `Bearer realm="sidereal"`)
	}

	writeJSON(w, status, map[string]any{"errors": gqlerror.List{shown}})
}

// ready says whether requests can be answered: 200 or 503, with what each part says.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	checks, ready := a.check(r.Context())

	status, state := http.StatusOK, "ready"
	if !ready {
		status, state = http.StatusServiceUnavailable, "unavailable"
	}

	writeJSON(w, status, map[string]any{"status": state, "checks": checks})
}

// reason is what /readyz says of an error: nothing that tells a stranger about the inside.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || fault.CodeOf(err) == fault.Timeout {
		return "timeout"
	}

	return "unavailable"
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)

	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // the bodies are maps of strings; the client may be gone
}
