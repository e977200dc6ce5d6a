package eventmetrics

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

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
		return errors.Join(err, client.Close(ctx))
	}
	c.flusher.store = s
	return nil
}

func (c *eventMetrics) restoreFrom(ctx context.Context, s *store) error {
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	if err := c.count(key); err != nil {
		return err
	}
	data, err := s.load(ctx, snapshotKey)
	if err != nil || data == nil {
		return err
	}
	restored, err := c.engine.Restore(data, c.flusher.cursors()...)
	if err != nil {
		s.refused(err)
		return nil
	}
	windows, err := c.restoreSketches(ctx, s)
	if err != nil {
		return err
	}
	c.tel.Add(ctx, c.tel.builder.EventMetricsRestoredSeries, restored.Series)
	c.logger.Info("Counts go on from the stored snapshot", zap.Int("series", restored.Series), zap.Int("dropped", restored.Dropped),
		zap.Int("windows", windows), zap.Bool("funnels_and_pairs", !restored.OtherKey))
	return nil
}

func (c *eventMetrics) restoreSketches(ctx context.Context, s *store) (windows int, err error) {
	data, err := s.load(ctx, sketchesKey)
	if err != nil || data == nil {
		return 0, err
	}
	if windows, err = c.engine.RestoreWindows(data); err != nil {
		s.refused(err)
		return 0, nil
	}
	s.sketches.revision = c.engine.WindowsRevision()
	return windows, nil
}
