package tail

import (
	"bytes"
	"context"
	"sync/atomic"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// originsKey is where the generations stand in storage, beside fileconsumer's keys.
const originsKey = "fileGenerations"

// checkpoints stands between fileconsumer and the storage, and lets through
// only positions that are right. fileconsumer moves on when its callback errs,
// and saves where it stands when it stops.
type checkpoints struct {
	client  storage.Client
	origins *origins
	// refused is set once lines were refused, or a handler was abandoned:
	// positions in memory are ahead of what was taken, and none is saved any more.
	refused atomic.Bool
	// cutShort is set where shutdown interrupted a poll. Polls and the stop that
	// follows them never overlap.
	cutShort bool
}

func (c *checkpoints) Get(ctx context.Context, key string) ([]byte, error) {
	return c.client.Get(ctx, key)
}

func (c *checkpoints) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

func (c *checkpoints) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

// Batch saves, and the generations with it, or does nothing where the positions
// are wrong. It is called at the end of each poll, and when reading stops.
func (c *checkpoints) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if c.refused.Load() {
		return nil
	}
	select {
	case <-ctx.Done():
		c.cutShort = true // the stop saves, right after this
		return nil
	default:
	}
	// fileconsumer takes a .gz for read to its end even where it was not.
	if c.cutShort && mentionsGzip(ops) {
		return nil
	}
	table, err := c.origins.save()
	if err != nil {
		return err
	}
	if table != nil {
		ops = append(ops, storage.SetOperation(originsKey, table))
	}
	if err := c.client.Batch(ctx, ops...); err != nil {
		return err
	}
	if table != nil {
		c.origins.saved()
	}
	return nil
}

// mentionsGzip says whether a .gz may be among the files of a checkpoint. A
// name with .gz in it counts as well: saving too seldom only costs reading again.
func mentionsGzip(ops []*storage.Operation) bool {
	for _, op := range ops {
		if bytes.Contains(op.Value, []byte(".gz")) {
			return true
		}
	}
	return false
}
