package bench

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/connector/eventmetrics"
)

// connectors are the event_metrics of a configuration: they stand among a
// pipeline's exporters, and count.
type connectors struct {
	settings map[component.ID]map[string]any
	started  map[component.ID]connector.Logs
}

func loadConnectors(ctx context.Context, uris []string) (*connectors, error) {
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              uris,
		ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), fileprovider.NewFactory(), yamlprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	if err != nil {
		return nil, err
	}
	conf, err := resolver.Resolve(ctx)
	if err != nil {
		return nil, errors.Join(err, resolver.Shutdown(ctx))
	}
	var sections struct {
		Connectors map[component.ID]map[string]any `mapstructure:"connectors"`
	}
	err = conf.Unmarshal(&sections, confmap.WithIgnoreUnused())
	c := &connectors{settings: sections.Connectors, started: map[component.ID]connector.Logs{}}
	return c, errors.Join(err, resolver.Shutdown(ctx))
}

// start makes the connector, or returns the one that there is: two pipelines share
// it. nil is for what is no event_metrics. Its counts go nowhere, and are not kept.
func (c *connectors) start(ctx context.Context, id component.ID) (consumer.Logs, error) {
	factory := eventmetrics.NewFactory()
	settings, ok := c.settings[id]
	if !ok || id.Type() != factory.Type() {
		return nil, nil
	}
	if started, ok := c.started[id]; ok {
		return started, nil
	}
	cfg := factory.CreateDefaultConfig().(*eventmetrics.Config)
	if err := confmap.NewFromStringMap(settings).Unmarshal(cfg); err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", id, err)
	}
	if err := confmap.Validate(cfg); err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", id, err)
	}
	cfg.Storage = nil // an extension, and this is no collector
	nowhere, err := consumer.NewMetrics(func(context.Context, pmetric.Metrics) error { return nil })
	if err != nil {
		return nil, err
	}
	made, err := factory.CreateLogsToMetrics(ctx, connector.Settings{ID: id, TelemetrySettings: component.TelemetrySettings{
		Logger:         zap.NewNop(),
		TracerProvider: tracenoop.NewTracerProvider(),
		MeterProvider:  metricnoop.NewMeterProvider(),
		Resource:       pcommon.NewResource(),
	}}, cfg, nowhere)
	if err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", id, err)
	}
	if err := made.Start(ctx, noHost{}); err != nil {
		return nil, fmt.Errorf("connectors::%s: %w", id, err)
	}
	c.started[id] = made
	return made, nil
}

// stop ends them all.
func (c *connectors) stop(ctx context.Context) error {
	var errs []error
	for _, started := range c.started {
		errs = append(errs, started.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

// noHost is that of a collector without extensions.
type noHost struct{}

func (noHost) GetExtensions() map[component.ID]component.Component { return nil }
