package main

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/countconnector"
	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/signaltometricsconnector"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"

	"github.com/authevents/otelcol-auth/connector/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

const (
	oursName  = "event_metrics"
	stockName = "signal_to_metrics"
	countName = "count"
)

// newConnector starts the named connector in front of next, with the built-in
// metrics.
func newConnector(name string, next consumer.Metrics) (connector.Logs, error) {
	var (
		factory  connector.Factory
		settings map[string]any
	)
	switch name {
	case oursName:
		factory = eventmetrics.NewFactory()
	case stockName:
		factory, settings = signaltometricsconnector.NewFactory(), counted.SignalToMetrics(catalogue.Builtin())
	case countName:
		factory, settings = countconnector.NewFactory(), counted.Count(catalogue.Builtin())
	default:
		return nil, fmt.Errorf("no connector %q", name)
	}
	cfg := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(settings).Unmarshal(cfg); err != nil {
		return nil, fmt.Errorf("config of %s: %w", name, err)
	}
	if err := xconfmap.Validate(cfg); err != nil {
		return nil, fmt.Errorf("config of %s: %w", name, err)
	}
	c, err := factory.CreateLogsToMetrics(context.Background(), connectortest.NewNopSettings(factory.Type()), cfg, next)
	if err != nil {
		return nil, err
	}
	return c, c.Start(context.Background(), componenttest.NewNopHost())
}
