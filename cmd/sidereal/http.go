package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/account/token"
	"sidereal/fault"
	"sidereal/graph/gqlerr"
	"sidereal/graph/transport"
	"sidereal/telemetry"
	"sidereal/web"
)

// routes is what the process answers.
func (a *app) routes(graphQL http.Handler, signer *token.Signer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", transport.Authenticator(signer.Verify).Handler(graphQL, a.refuse))

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

	return a.edge(a.sockets.Handler(mux))
}

// noPlayground says that there is none, to whoever remembers one.
func noPlayground(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "the playground is not served here; GraphQL is at /graphql", http.StatusNotFound)
}

// edge gives every request an id, logs it, and answers a panic with 500.
func (a *app) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := telemetry.NewRequestID(r.Header.Get("X-Request-ID"))
		ctx := telemetry.WithRequestID(r.Context(), id)
		recorder := &statusRecorder{ResponseWriter: w}

		w.Header().Set("X-Request-ID", id)

		defer func() {
			if panicked := recover(); panicked != nil {
				a.log.ErrorContext(ctx, "panic in a handler", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
				http.Error(recorder, "internal error", http.StatusInternalServerError)
			}

			a.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", recorder.status), slog.Duration("took", time.Since(start)))
		}()

		next.ServeHTTP(recorder, r.WithContext(ctx))
	})
}

// statusRecorder remembers the status of an answer. It hands a connection over for WebSockets.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

// WriteHeader implements http.ResponseWriter.
func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (s *statusRecorder) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}

	return s.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Hijack implements http.Hijacker.
func (s *statusRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	s.status = http.StatusSwitchingProtocols

	return http.NewResponseController(s.ResponseWriter).Hijack()
}

// refuse answers a request with a bad token, as GraphQL would.
func (a *app) refuse(w http.ResponseWriter, r *http.Request, err error) {
	ctx := graphql.WithResponseContext(r.Context(), graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	shown := gqlerr.NewPresenter(a.log, !a.config.Production).Present(ctx, err)

	w.Header().Set("WWW-Authenticate", `Bearer realm="sidereal"`)
	writeJSON(w, http.StatusUnauthorized, map[string]any{"errors": gqlerror.List{shown}})
}

// readyTimeout bounds the checks of /readyz.
const readyTimeout = 2 * time.Second

// ready says whether requests can be answered: 200 or 503, with what each part says.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()

	status, state := http.StatusOK, "ready"
	checks := make(map[string]string)

	for name, ping := range map[string]func(context.Context) error{"database": a.database.Ping, "events": a.broker.Ping} {
		checks[name] = "ok"

		if err := ping(ctx); err != nil {
			a.log.WarnContext(ctx, "not ready", "part", name, "error", err)

			status, state, checks[name] = http.StatusServiceUnavailable, "unavailable", reason(err)
		}
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
