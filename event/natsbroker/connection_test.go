package natsbroker

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheEmbeddedServerAnswersAndStops(t *testing.T) {
	dir := t.TempDir()

	for range 2 { // the second time over the first one's store
		c, err := Open(Config{StoreDir: dir, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := c.Ping(ctx); err != nil {
			t.Error(err)
		}

		cancel()
		c.Close()

		if err := c.Ping(t.Context()); err == nil {
			t.Error("want an error of a closed connection")
		}
	}
}

func TestAnOutsideServerThatIsDownIsSaidByPing(t *testing.T) {
	c, err := Open(Config{URL: "nats://127.0.0.1:1", Log: quiet})
	if err != nil {
		t.Fatalf("want to start without it, got %v", err)
	}
	defer c.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()

	if err := c.Ping(ctx); err == nil {
		t.Error("want an error")
	}
}
