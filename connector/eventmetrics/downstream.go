package eventmetrics

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// downstream is one metrics pipeline behind the connector. It belongs to one
// goroutine at a time.
type downstream struct {
	name    string
	next    consumer.Metrics
	cursor  *eventmetrics.Cursor
	logger  *zap.Logger
	tel     *telemetry
	failing bool
}

// newDownstreams returns the pipelines that the collector put behind next, in
// the order of their names: each may refuse for itself, and then has a delta
// of its own to come. A consumer that does not tell its pipelines is one.
func newDownstreams(next consumer.Metrics, logger *zap.Logger, tel *telemetry) ([]*downstream, error) {
	router, ok := next.(connector.MetricsRouterAndConsumer)
	if !ok {
		return []*downstream{{name: pipeline.SignalMetrics.String(), next: next, logger: logger, tel: tel}}, nil
	}
	ids := router.PipelineIDs()
	slices.SortFunc(ids, func(a, b pipeline.ID) int { return cmp.Compare(a.String(), b.String()) })
	var list []*downstream
	for _, id := range ids {
		one, err := router.Consumer(id)
		if err != nil {
			return nil, err
		}
		list = append(list, &downstream{name: id.String(), next: one, logger: logger, tel: tel})
	}
	return list, nil
}

// send hands a batch on, and tells the cursor. A refusal loses nothing, because
// the next flush holds the same counts; so it is said once, until a flush
// succeeds.
func (d *downstream) send(ctx context.Context, md pmetric.Metrics) error {
	if md.ResourceMetrics().Len() == 0 {
		d.cursor.Accept()
		return nil
	}
	err := d.next.ConsumeMetrics(ctx, md)
	if err == nil {
		d.cursor.Accept()
		if d.failing {
			d.logger.Info("Event metrics are taken again", zap.String("pipeline", d.name))
		}
		d.failing = false
		return nil
	}
	d.cursor.Refuse()
	d.tel.Add(ctx, d.tel.builder.EventMetricsFlushFailures, 1)
	if !d.failing {
		d.logger.Warn("A pipeline refused a flush of event metrics. Counts are kept and sent with the next one",
			zap.String("pipeline", d.name), zap.Bool("permanent", consumererror.IsPermanent(err)))
	}
	d.failing = true
	return fmt.Errorf("pipeline %s: %w", d.name, errFlush)
}
