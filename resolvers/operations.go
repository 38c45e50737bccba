package resolvers

import (
	"context"
	"time"

	"sidereal/fault"
	"sidereal/graph/model"
)

// The bounds of operationsSnapshots' interval.
const (
	minSnapshotMs = 20
	maxSnapshotMs = 60_000
)

// Operations resolves Query.operations.
func (r queries) Operations(context.Context) (*model.Operations, error) {
	return &model.Operations{Connections: model.NewConnectionFigures(r.process.Snapshot().Connections)}, nil
}

// OperationsSnapshots resolves Subscription.operationsSnapshots.
func (r subscriptions) OperationsSnapshots(ctx context.Context, everyMs int) (<-chan *model.OperationsSnapshot, error) {
	if everyMs < minSnapshotMs || everyMs > maxSnapshotMs {
		return nil, fault.Invalid("everyMs", "must be %d to %d, not %d", minSnapshotMs, maxSnapshotMs, everyMs)
	}

	snapshots := make(chan *model.OperationsSnapshot)

	go func() {
		defer close(snapshots)

		ticker := time.NewTicker(time.Duration(everyMs) * time.Millisecond)
		defer ticker.Stop()

		for {
			select {
			case snapshots <- model.NewOperationsSnapshot(r.process.Snapshot()):
			case <-ctx.Done():
				return
			}

			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()

	return snapshots, nil
}
