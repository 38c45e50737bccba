package graph

import (
	"context"

	"sidereal/graph/transport"
)

// ConnectionConfig is who asks and is told about long connections: WebSockets, and answers by Server-Sent Events. Its zero value lets everybody in and counts nothing.
type ConnectionConfig struct {
	Admit            transport.Admit      // before anything of a connection is read
	AdmitViewer      transport.Admit      // once it is known whose it is
	Watch            transport.StartWatch // over the token that it came with
	Meter            transport.Meter
	MaxSubscriptions int             // operations at once on a WebSocket; 0 for the usual 100
	Stopping         <-chan struct{} // closed when the server stops, which ends subscriptions by Server-Sent Events; nil for never
	// Now returns the cursor of this moment in the stream of events, which WebSockets are greeted with; empty when it is not known, nil when it never is.
	Now func(ctx context.Context) string
}
