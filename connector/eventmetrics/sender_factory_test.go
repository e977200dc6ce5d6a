package eventmetrics

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func sketchConfig(t *testing.T, secret string) *Config {
	cfg := defaultConfig()
	cfg.Interval = time.Hour
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"interval": "1h",
		"unique":   map[string]any{"secret": secret},
		"custom": map[string]any{"auth.people": map[string]any{
			"type": "unique", "description": "People who sign in.", "events": []any{"*"}, "by": []any{"user.id"}, "windows": []any{"24h"},
		}},
	}).Unmarshal(cfg))
	require.NoError(t, cfg.Validate())
	return cfg
}

// TestUniqueUsersOfThreeCollectors goes the whole way: two collectors send
// sketches to a third, which counts for itself as well.
func TestUniqueUsersOfThreeCollectors(t *testing.T) {
	const secret = "a secret that is thirty-two bytes long"
	f, points := NewFactory(), new(consumertest.MetricsSink)
	set := connectortest.NewNopSettings(metadata.Type)
	central, err := f.CreateLogsToMetrics(t.Context(), set, sketchConfig(t, secret), points)
	require.NoError(t, err)
	require.NoError(t, central.Start(t.Context(), componenttest.NewNopHost()))
	for _, users := range [][]string{{"ann", "bob"}, {"bob", "cyn"}} {
		agent, err := f.CreateLogsToLogs(t.Context(), set, sketchConfig(t, secret), central)
		require.NoError(t, err)
		require.NoError(t, agent.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, agent.ConsumeLogs(t.Context(), signIns(users...)))
		require.NoError(t, agent.Shutdown(t.Context()))
	}
	require.NoError(t, central.ConsumeLogs(t.Context(), signIns("ann", "dan")))
	require.NoError(t, central.Shutdown(t.Context()))

	metrics := points.AllMetrics()[0].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
	people := -1
	events := int64(0)
	for _, m := range metrics.All() {
		switch m.Name() {
		case "auth.people":
			p := m.Gauge().DataPoints().At(0)
			window, _ := p.Attributes().Get(definition.WindowAttribute)
			assert.Equal(t, "24h", window.Str())
			people = int(p.IntValue())
		case "auth.events":
			for _, p := range m.Sum().DataPoints().All() {
				events += p.IntValue()
			}
		}
	}
	assert.Equal(t, 4, people)
	assert.EqualValues(t, 2, events, "its own; sketches are none")
}

func TestSketchesNeedASecret(t *testing.T) {
	var cfg component.Config = defaultConfig()
	_, err := NewFactory().CreateLogsToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.ErrorIs(t, err, errNoSecret)
	require.ErrorContains(t, err, "connectors::event_metrics", "the collector does not say whose error it is")
}
