package main

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

const (
	oursName  = "pii_scrub"
	stockName = "redaction"
	// noneName is what the records alone cost, without a processor.
	noneName = "none"
)

// stockSettings have the processor replace what ours does, as far as it can: ids by
// their keys in a body that is a map, and in attributes.
func stockSettings() map[string]any {
	return pipelines.Redaction("user_id", "visitor_id", "visit_id", attr.UserID, attr.SessionID, attr.VisitorID)
}

// newProcessor starts the named processor in front of next. none is next itself.
func newProcessor(name string, next consumer.Logs) (consumer.Logs, error) {
	if name == noneName {
		return next, nil
	}
	factory, settings := piiscrub.NewFactory(), map[string]any{
		"keys": []any{map[string]any{"id": "bench", "secret": pipelines.Key}},
	}
	if name == stockName {
		factory, settings = redactionprocessor.NewFactory(), stockSettings()
	}
	cfg := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(settings).Unmarshal(cfg); err != nil {
		return nil, fmt.Errorf("config of %s: %w", name, err)
	}
	p, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), cfg, next)
	if err != nil {
		return nil, err
	}
	return p, p.Start(context.Background(), componenttest.NewNopHost())
}
