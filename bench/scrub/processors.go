package main

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

const (
	oursName  = "pii_scrub"
	stockName = "redaction"
	// noneName is what the records alone cost, without a processor.
	noneName = "none"
)

// key has the least length that both accept.
const key = "a key for the benchmark of 32 B.."

// stockSettings have the processor replace what ours does, as far as it can:
// ids by their keys, e-mail and IP addresses by their looks, each by a keyed
// hash. The address patterns are those of its README, which has none for e-mail.
func stockSettings() map[string]any {
	return map[string]any{
		"allow_all_keys": true,
		"blocked_key_patterns": []any{
			`^user_id$`, `^visitor_id$`, `^visit_id$`, // in a map body
			`^user\.id$`, `^session\.id$`, `^auth\.visitor\.id$`,
		},
		"blocked_values": []any{
			`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
			`(?:[0-9]{1,3}\.){3}[0-9]{1,3}`,
			`(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}`,
		},
		"hash_function": "hmac-sha256",
		"hmac_key":      key,
		"summary":       "silent",
	}
}

// newProcessor starts the named processor in front of next. none is next itself.
func newProcessor(name string, next consumer.Logs) (consumer.Logs, error) {
	if name == noneName {
		return next, nil
	}
	factory, settings := piiscrub.NewFactory(), map[string]any{
		"keys": []any{map[string]any{"id": "bench", "secret": key}},
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
