package eventmetrics

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// errFlush stands for the next consumer's error, whose text may quote points.
var errFlush = errors.New("the next consumer refused the last flush of event metrics; its own log says why")

// flusher sends the engine's series on. It belongs to one goroutine at a time.
type flusher struct {
	engine   *eventmetrics.Engine
	next     consumer.Metrics
	resource pcommon.Resource
	logger   *zap.Logger
	tel      *telemetry
	failing  bool
}

// flush sends all series. A refusal loses nothing, because the points of the
// next flush hold the same counts; so it is said once, until a flush succeeds.
func (f *flusher) flush(ctx context.Context) error {
	md := f.engine.Metrics(time.Now(), f.resource, metadata.ScopeName)
	if md.ResourceMetrics().Len() == 0 {
		return nil
	}
	err := f.next.ConsumeMetrics(ctx, md)
	if err == nil {
		if f.failing {
			f.logger.Info("Event metrics are taken again")
		}
		f.failing = false
		return nil
	}
	f.tel.Add(ctx, f.tel.builder.EventMetricsFlushFailures, 1)
	if !f.failing {
		f.logger.Warn("The next consumer refused a flush of event metrics. Counts are kept and sent with the next one",
			zap.Bool("permanent", consumererror.IsPermanent(err)))
	}
	f.failing = true
	return errFlush
}
