package bench

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/connector/eventmetrics"
)

// connectors are the event_metrics of a configuration that stand among a pipeline's
// exporters, started.
type connectors map[component.ID]connector.Logs

// start makes the connector, or returns the one that there is: two pipelines share
// it. Its counts go nowhere, and are not kept.
func (c connectors) start(ctx context.Context, counter *collector.Counter) (consumer.Logs, error) {
	if started, ok := c[counter.ID]; ok {
		return started, nil
	}
	cfg, ok := counter.Config.(*eventmetrics.Config)
	if !ok {
		return nil, fmt.Errorf("connectors::%s: its config is of another type", counter.ID)
	}
	cfg.Storage = nil // an extension, and this is no collector
	nowhere, err := consumer.NewMetrics(func(context.Context, pmetric.Metrics) error { return nil })
	if err != nil {
		return nil, err
	}
	made, err := eventmetrics.NewFactory().CreateLogsToMetrics(ctx, connector.Settings{ID: counter.ID, TelemetrySettings: component.TelemetrySettings{
		Logger:         zap.NewNop(),
		TracerProvider: tracenoop.NewTracerProvider(),
		MeterProvider:  metricnoop.NewMeterProvider(),
		Resource:       pcommon.NewResource(),
	}}, cfg, nowhere)
	if err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", counter.ID, err)
	}
	if err := made.Start(ctx, noHost{}); err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", counter.ID, err)
	}
	c[counter.ID] = made
	return made, nil
}

// stop ends them all.
func (c connectors) stop(ctx context.Context) error {
	var errs []error
	for _, started := range c {
		errs = append(errs, started.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

// noHost is that of a collector without extensions.
type noHost struct{}

func (noHost) GetExtensions() map[component.ID]component.Component { return nil }
