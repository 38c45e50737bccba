package resolvers

import (
	"context"
	"time"

	"sidereal/fault"
	"sidereal/graph/live"
	"sidereal/graph/model"
	"sidereal/telemetry"
)

// The bounds of operationsSnapshots' interval.
const (
	minSnapshotMs = 20
	maxSnapshotMs = 60_000
)

// Operations resolves Query.operations.
func (r queries) Operations(context.Context) (*model.Operations, error) {
	return model.NewOperations(r.process.Snapshot()), nil
}

// OperationsSnapshots resolves Subscription.operationsSnapshots.
func (r subscriptions) OperationsSnapshots(ctx context.Context, everyMs int) (<-chan *model.OperationsSnapshot, error) {
	if everyMs < minSnapshotMs || everyMs > maxSnapshotMs {
		return nil, fault.Invalid("everyMs", "must be %d to %d, not %d", minSnapshotMs, maxSnapshotMs, everyMs)
	}

	every := time.Duration(everyMs) * time.Millisecond

	return live.Stream(ctx, r.snapshots.Every(every), func(snapshot any) *model.OperationsSnapshot {
		return model.NewOperationsSnapshot(snapshot.(telemetry.Snapshot)) //nolint:forcetypeassert // what the ticker makes
	})
}
