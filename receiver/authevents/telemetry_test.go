package authevents

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// Of two receivers, one stands still: docs/operations.md advises two, and an alert
// on the lag must see each.
func TestLagOfEachReceiver(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { assert.NoError(t, telemetry.Shutdown(t.Context())) }()
	for name, progress := range map[string]tail.Progress{
		"":      {Files: 3},
		"audit": {Files: 1, Total: 100},
	} {
		id := component.NewIDWithName(metadata.Type, name)
		l, err := newLagTelemetry(id, telemetry.NewTelemetrySettings(), func() tail.Progress { return progress })
		require.NoError(t, err)
		defer l.close()
	}
	got, err := telemetry.GetMetric("otelcol_auth_events_unread")
	require.NoError(t, err)
	unread := map[string]int64{}
	for _, point := range got.Data.(metricdata.Gauge[int64]).DataPoints {
		receiver, _ := point.Attributes.Value("receiver")
		unread[receiver.AsString()] = point.Value
	}
	assert.Equal(t, map[string]int64{"auth_events": 0, "auth_events/audit": 100}, unread)
}
