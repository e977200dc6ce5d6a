// Package sink is the exporter bench_sink, which does nothing but count: log
// records into the file "logs" of its directory, data points of metrics into
// "data_points". The benchmark learns from them when all have come, and how many.
package sink

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
)

// Config says where the counts go.
type Config struct {
	// Directory is there already. Each file holds a decimal number and a line end.
	Directory string `mapstructure:"directory"`
}

// Validate refuses a config without a directory.
func (c *Config) Validate() error {
	if c.Directory == "" {
		return errors.New("directory must be set")
	}
	return nil
}

// NewFactory returns the factory of bench_sink.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		component.MustNewType("bench_sink"),
		func() component.Config { return &Config{} },
		exporter.WithLogs(createLogs, component.StabilityLevelDevelopment),
		exporter.WithMetrics(createMetrics, component.StabilityLevelDevelopment),
	)
}

func createLogs(_ context.Context, _ exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	return &logs{newCounter(cfg.(*Config).Directory, LogsFile)}, nil
}

func createMetrics(_ context.Context, _ exporter.Settings, cfg component.Config) (exporter.Metrics, error) {
	return &metrics{newCounter(cfg.(*Config).Directory, DataPointsFile)}, nil
}
