package eventmetrics

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// decoded is the configuration of a connector, as a collector reads it.
func decoded(t *testing.T, raw map[string]any) *Config {
	t.Helper()
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(raw).Unmarshal(&cfg))
	require.NoError(t, xconfmap.Validate(cfg))
	return cfg.(*Config)
}

// What only the connector can show passes its configuration and comes out.
func TestCountsWhatTheConfigurationSays(t *testing.T) {
	cfg := decoded(t, map[string]any{
		"interval": "1h", "prefix": "idp.", "exemplars": true,
		"metrics": map[string]any{"auth.events": false},
		"custom": map[string]any{"scores": map[string]any{
			"type": "exponential_histogram", "events": []any{"risk"}, "value": map[string]any{"attribute": "score"},
		}},
		"unique": map[string]any{"secret": strings.Repeat("s", 32)},
	})
	next := &sink{}
	c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), cfg, next)
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	for _, event := range []string{"risk", "pkce_authorize"} {
		ld := plog.NewLogs()
		lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.SetEventName(event)
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		lr.Attributes().PutStr(attr.Source, "hera")
		lr.Attributes().PutInt("score", 3)
		require.NoError(t, c.ConsumeLogs(t.Context(), ld))
	}
	require.NoError(t, c.Shutdown(t.Context()))

	var names []string
	for _, md := range next.AllMetrics() {
		for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			names = append(names, m.Name()+" "+m.Type().String())
		}
	}
	assert.Contains(t, names, "scores ExponentialHistogram")
	assert.Contains(t, names, "idp.oauth.authorizations Sum")
	for _, name := range names {
		assert.False(t, strings.HasPrefix(name, "auth.") || strings.HasPrefix(name, "idp.events "), name)
	}
}

func TestUnknownKeyListsAll(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"metric": nil}).Unmarshal(&cfg)
	for _, key := range []string{"custom", "declare", "expire_after", "interval", "metrics", "pairs", "storage", "unique.windows"} {
		assert.ErrorContains(t, err, key)
	}
}
