package web_test

import (
	"testing"

	"sidereal/internal/nodetest"
)

// What the page of live events does without a browser: it reads streams, keeps what came, and goes on when a connection is lost. A browser shows it in cmd/sidereal.
func TestTheLivePageFollowsWhateverHappens(t *testing.T) {
	nodetest.Run(t, "playground", nil, "test/live.test.js")
}
