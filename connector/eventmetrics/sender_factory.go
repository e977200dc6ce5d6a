package eventmetrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

var errNoSecret = errors.New("unique::secret must be set where sketches go to another collector, and be the same there, " +
	"such as ${env:UNIQUE_SECRET}: sketches under a random key merge nowhere")

// createLogsToLogs counts unique users alone: all else is the other face's.
func createLogsToLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Logs, error) {
	c := cfg.(*Config)
	if c.Counting.Unique.Secret == "" {
		return nil, fmt.Errorf("connectors::%s: %w", set.ID, errNoSecret) // the collector does not say whose
	}
	all, err := c.Counting.Set()
	if err != nil {
		return nil, err
	}
	var counted definition.Set
	for _, m := range all.Metrics {
		if m.Kind == definition.Unique {
			counted.Metrics = append(counted.Metrics, m)
		}
	}
	settings := c.Counting.Engine(time.Now())
	engine, err := eventmetrics.New(counted, settings)
	if err != nil {
		return nil, err
	}
	return newSketchSender(set.TelemetrySettings, engine, c.Interval, next), nil
}
