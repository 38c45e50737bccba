package natstest

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Cluster is several NATS servers that keep their streams together.
type Cluster struct{ Nodes []*Server }

// StartCluster starts a cluster of n servers that stops when the test ends, and returns when JetStream answers.
func StartCluster(t testing.TB, n int) *Cluster {
	t.Helper()

	c := &Cluster{Nodes: make([]*Server, n)}
	ports := freePorts(t, 2*n)
	routes := make([]string, n)

	for i := range routes {
		routes[i] = fmt.Sprintf("nats://127.0.0.1:%d", ports[n+i])
	}

	for i := range c.Nodes {
		c.Nodes[i] = &Server{dir: t.TempDir(), port: ports[i], cluster: true, change: func(o *server.Options) {
			o.ServerName = fmt.Sprintf("node-%d", i)
			o.Cluster = server.ClusterOpts{Name: "natstest", Host: "127.0.0.1", Port: ports[n+i]}
			o.Routes = server.RoutesFromStr(strings.Join(routes, ","))
		}}
		c.Nodes[i].Restart(t)
		t.Cleanup(c.Nodes[i].Stop)
	}

	c.wait(t)

	return c
}

// URL is where the servers listen.
func (c *Cluster) URL() string {
	urls := make([]string, len(c.Nodes))
	for i, s := range c.Nodes {
		urls[i] = s.URL()
	}

	return strings.Join(urls, ",")
}

// Leader returns the server that leads a stream.
func (c *Cluster) Leader(t testing.TB, stream string) *Server {
	t.Helper()

	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for _, s := range c.Nodes {
			if s.running != nil && s.running.JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, stream) {
				return s
			}
		}
	}

	t.Fatalf("nobody leads %s", stream)

	return nil
}

// wait returns when the servers have a leader that answers.
func (c *Cluster) wait(t testing.TB) {
	t.Helper()

	conn, err := nats.Connect(c.URL(), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()

	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}

	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err := js.AccountInfo(ctx)

		cancel()

		if err == nil {
			return
		}

		if time.Now().After(deadline) {
			t.Fatalf("the cluster does not come up: %v", err)
		}
	}
}

// freePorts returns ports that nobody listened on a moment ago: the servers have to know one another's before they start.
func freePorts(t testing.TB, n int) []int {
	t.Helper()

	ports := make([]int, n)

	for i := range ports {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()

		ports[i] = listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // of tcp
	}

	return ports
}
