package edge

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"sidereal/account"
	"sidereal/telemetry"
)

// record gives every request an id and its client's address, logs it, and answers a panic with 500. The line names neither the query string nor any header:
// both may hold secrets.
func (cfg Config) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := telemetry.NewRequestID(r.Header.Get("X-Request-ID"))
		address := cfg.Proxies.Client(r)
		ctx := account.WithAddress(telemetry.WithRequestID(r.Context(), id), address)
		recorder := &recorder{ResponseWriter: w, patience: newPatience(w, r, cfg.WriteTimeout)}

		w.Header().Set("X-Request-ID", id)

		defer func() {
			broken := false

			if panicked := recover(); panicked != nil {
				cfg.Log.ErrorContext(ctx, "panic in a handler", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))

				if broken = recorder.status != 0; !broken {
					w.Header().Del("Content-Encoding")
					w.Header().Del("Content-Length")
					http.Error(recorder, "internal error", http.StatusInternalServerError)
				}
			}

			recorder.finish()
			cfg.Log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", recorder.status), slog.Int64("bytes", recorder.bytes), slog.String("address", address.String()),
				slog.Duration("took", time.Since(start)))

			if broken {
				panic(http.ErrAbortHandler) // the client must not take half an answer for a whole one
			}
		}()

		next.ServeHTTP(recorder, r.WithContext(ctx))
	})
}

// recorder remembers the status and the size of an answer, and gives each of its writes the time that the client is given. It hands a connection over for
// WebSockets.
type recorder struct {
	http.ResponseWriter

	patience patience
	status   int
	bytes    int64
	hijacked bool
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if status >= http.StatusOK && r.status == 0 { // those below are only announcements
		r.status = status
	}

	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}

	r.patience.write()

	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)

	return n, err
}

// FlushError is for http.ResponseController.
func (r *recorder) FlushError() error {
	if r.status == 0 {
		r.status = http.StatusOK
	}

	r.patience.write()
	defer r.patience.stream()

	return http.NewResponseController(r.ResponseWriter).Flush()
}

// SetWriteDeadline is for http.ResponseController: the deadline of a handler that gives its client less time than the edge does.
func (r *recorder) SetWriteDeadline(deadline time.Time) error { return r.patience.set(deadline) }

// Flush implements http.Flusher.
func (r *recorder) Flush() { _ = r.FlushError() }

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Hijack implements http.Hijacker.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err == nil {
		r.status, r.hijacked = http.StatusSwitchingProtocols, true
	}

	return connection, buffered, err
}

// finish completes what the handler left to net/http: a status, and the time for the rest of the answer.
func (r *recorder) finish() {
	if r.hijacked {
		return
	}

	if r.status == 0 {
		r.status = http.StatusOK
	}

	r.patience.write()
}
