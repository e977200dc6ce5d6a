package eventmetrics

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/storageclient"
)

// restore opens the storage and adds what it holds, before anything counts.
func (c *eventMetrics) restore(ctx context.Context, host component.Host) error {
	client, err := storageclient.Open(ctx, host, c.cfg.Storage, component.KindConnector, c.id)
	if err != nil || client == nil {
		return err
	}
	s := &store{client: client, logger: c.logger, tel: c.tel}
	if err := c.restoreFrom(ctx, s); err != nil {
		return errors.Join(storageclient.Refused(err, c.cfg.Storage, component.KindConnector, c.id), client.Close(ctx))
	}
	c.flusher.store = s
	return nil
}

// restoreFrom writes nothing before all that is stored was understood.
func (c *eventMetrics) restoreFrom(ctx context.Context, s *store) error {
	all, err := s.loadAll(ctx)
	if err != nil {
		return err
	}
	key, known := all.userKey()
	if err := c.count(key); err != nil {
		return err
	}
	if err := c.restoreCounts(ctx, s, all); err != nil {
		return err
	}
	if !known {
		return s.keepKey(ctx, key)
	}
	return nil
}

func (c *eventMetrics) restoreCounts(ctx context.Context, s *store, all stored) error {
	if all.snapshot == nil {
		return nil
	}
	restored, err := c.engine.Restore(all.snapshot, c.flusher.cursors()...)
	if err != nil {
		return errOfValue(snapshotKey, err)
	}
	windows, err := c.restoreSketches(s, all.sketches)
	if err != nil {
		return err
	}
	c.tel.Add(ctx, c.tel.builder.EventMetricsRestoredSeries, restored.Series)
	c.logger.Info("Counts go on from the stored snapshot", zap.Int("series", restored.Series), zap.Int("dropped", restored.Dropped),
		zap.Int("windows", windows), zap.Bool("funnels_and_pairs", !restored.OtherKey))
	return nil
}

func (c *eventMetrics) restoreSketches(s *store, data []byte) (windows int, err error) {
	if data == nil {
		return 0, nil
	}
	if windows, err = c.engine.RestoreWindows(data); err != nil {
		return 0, errOfValue(sketchesKey, err)
	}
	s.sketches.revision = c.engine.WindowsRevision()
	return windows, nil
}

// errOfValue is of a value that is whole by its checksum, and still not what this
// version writes. No disk did that, so it is as good as one of another version.
func errOfValue(key string, err error) error {
	return fmt.Errorf("read the counts: %w: the value %q: %w", sealed.ErrVersion, key, err)
}
