package main

import (
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/filelogreceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/receiver"

	"github.com/authevents/otelcol-auth/receiver/authevents"
)

const (
	oursName  = "auth_events"
	stockName = "file_log + json_parser + time"
)

// build returns the factory of the named receiver, and its config for the file.
// Both keep the line as the body; the stock one has its members as attributes,
// as json_parser makes them.
func build(name, file string) (receiver.Factory, component.Config, error) {
	factory, settings := authevents.NewFactory(), map[string]any{
		"file": map[string]any{"include": []any{file}},
	}
	if name == stockName {
		factory, settings = filelogreceiver.NewFactory(), map[string]any{
			"include":  []any{file},
			"start_at": "beginning",
			"operators": []any{map[string]any{
				"type": "json_parser",
				"timestamp": map[string]any{
					"parse_from":  "attributes.time",
					"layout_type": "gotime",
					"layout":      "2006-01-02T15:04:05.999Z",
				},
			}},
		}
	}
	cfg := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(settings).Unmarshal(cfg); err != nil {
		return nil, nil, fmt.Errorf("config of %s: %w", name, err)
	}
	return factory, cfg, nil
}
