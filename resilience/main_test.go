package resilience

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errAway = WithVerdict(errors.New("away"), Transient)

// add returns a dependency of a registry of its own.
func add(t testing.TB, policy Policy) *Dependency {
	t.Helper()

	d, err := New(Config{}).Add("model", policy)
	if err != nil {
		t.Fatal(err)
	}

	return d
}

// answer calls a dependency that answers.
func answer(ctx context.Context, d *Dependency) error {
	_, err := Do(ctx, d, func(context.Context) (string, error) { return "well", nil })

	return err
}

// fail calls a dependency that fails in a way which may pass.
func fail(ctx context.Context, d *Dependency) error {
	_, err := Do(ctx, d, func(context.Context) (string, error) { return "", errAway })

	return err
}

func wantState(t *testing.T, d *Dependency, want State) {
	t.Helper()

	if got := d.Status().State; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// wantRejected expects a refusal for a reason and with a wait.
func wantRejected(t *testing.T, err error, reason Reason, after time.Duration) {
	t.Helper()

	var rejected *RejectedError
	if !errors.As(err, &rejected) || rejected.Reason != reason || rejected.After != after {
		t.Errorf("want a refusal for %s with %v to wait, got %v", reason, after, err)
	}
}
