package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/account"
	"sidereal/graph/live"
)

// kindEventStream is what a Meter calls a connection of these.
const kindEventStream = "sse"

const (
	defaultKeepAlive    = 15 * time.Second
	defaultWriteTimeout = 15 * time.Second
)

// SSE answers operations by Server-Sent Events where the client asks for text/event-stream: subscriptions, queries and, by POST, mutations. It speaks the distinct
// connections mode of the npm package graphql-sse (PROTOCOL.md), and implements graphql.Transport. It comes before HTTP, which takes every request.
//
// Each result is an event "next", and the last event is "complete". A result whose place in the stream of events is known has that as its id, which EventSource sends
// back as Last-Event-ID when it connects again; where the stream begins at a known place, an id without data comes first. What is not well-formed gets a status and JSON, as over HTTP; an operation that cannot be executed gets its errors as a
// result. A stream without a complete has broken off, as it does when the server stops: the client goes on by connecting again.
type SSE struct {
	Requests     HTTP // how requests are read
	Driver       *live.Driver
	Admit        Admit           // a RATE_LIMITED fault becomes status 429, others 503; nil admits all
	AdmitViewer  Admit           // as Admit; the context has the viewer
	Watch        StartWatch      // nil watches over no token
	Meter        Meter           // nil counts nothing
	Stopping     <-chan struct{} // closed when the server stops, which ends subscriptions; nil for never
	KeepAlive    time.Duration   // between two comments when there is nothing to say; 0 is 15 s
	WriteTimeout time.Duration   // for which a client may leave a write unread; 0 is 15 s
}

// Supports implements graphql.Transport.
func (SSE) Supports(r *http.Request) bool {
	return r.Header.Get("Upgrade") == "" && wantsEvents(r.Header.Values("Accept"))
}

// Do implements graphql.Transport. It returns when the answer is complete, or the client has gone.
func (t SSE) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	x := exchange{HTTP: t.Requests, w: w, r: r, exec: exec, accept: acceptable{mediaType: responseJSON}, events: true}
	x.read.Start = graphql.Now()

	release, err := t.enter(r.Context())
	if err != nil {
		x.refuse(refuseFor(noRoom(w.Header(), err), err)) //nolint:contextcheck // it is that of the request

		return
	}

	defer release()

	sent, refused := t.Requests.requests(w, r)
	x.read.End = graphql.Now()

	if sent.isList && refused == nil {
		refused = refuse(http.StatusBadRequest, "a list of requests is not answered by events")
	}

	if refused != nil {
		x.refuse(refused) //nolint:contextcheck // it is that of the request

		return
	}

	t.answer(x, sent.one) //nolint:contextcheck // it is that of the request
}

// enter makes room for a connection and counts it.
func (t SSE) enter(ctx context.Context) (leave func(), err error) {
	release, err := admit(ctx, t.Admit)
	if err != nil {
		return nil, err
	}

	releaseViewer, err := admit(ctx, t.AdmitViewer)
	if err != nil {
		release()

		return nil, err
	}

	t.meter().SocketOpened(kindEventStream)

	return func() {
		t.meter().SocketClosed(kindEventStream)
		releaseViewer()
		release()
	}, nil
}

func (t SSE) meter() Meter {
	if t.Meter == nil {
		return uncounted{}
	}

	return t.Meter
}

// answer executes the operation of a request and writes what comes of it.
func (t SSE) answer(x exchange, sent *request) {
	ctx, end := context.WithCancel(live.WithResume(x.r.Context(), x.r.Header.Get("Last-Event-ID")))
	defer end()

	out := &events{w: x.w, control: http.NewResponseController(x.w), timeout: orDefault(t.WriteTimeout, defaultWriteTimeout)}

	operation, _, refused := x.prepare(ctx, sent)

	switch {
	case refused != nil && refused.status != 0:
		x.refuse(refused)
	case refused != nil:
		out.finish(x.refusalOf(ctx, refused))
	case x.r.Method == http.MethodHead:
		out.head()
	case operation.Operation.Operation == ast.Subscription:
		t.stream(ctx, x, operation, out)
	default:
		out.finish(x.result(ctx, operation))
	}
}

// watch has the token of a request watched, if it has one. Ended has the reason when the token has come to its end.
func (t SSE) watch(ctx context.Context, r *http.Request) (ended <-chan string, stop func()) {
	viewer, signedIn := account.ViewerFrom(ctx)
	token, err := bearer(r.Header.Get("Authorization"))

	if t.Watch == nil || !signedIn || err != nil { // an error is that of nobody: the viewer comes from this header
		return nil, func() {}
	}

	reasons := make(chan string, 1)
	watch := t.Watch(ctx, token, viewer, func(reason string) { reasons <- reason })

	return reasons, watch.Stop
}
