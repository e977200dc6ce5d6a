package eventmetrics

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

func withUID(ld plog.Logs, uid string) plog.Logs {
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr(attr.LogRecordUID, uid)
	return ld
}

// One processor in two pipelines is two instances, and one counter.
func TestOneProcessorInTwoPipelines(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	shared, id := &counters{}, component.NewID(metadata.Type)
	nextOfA := &toggling{}
	a := createdBy(t, shared, id, tel.NewTelemetrySettings(), defaultConfig(), nextOfA)
	b := createdBy(t, shared, id, tel.NewTelemetrySettings(), defaultConfig(), consumertest.NewNop())
	require.NoError(t, a.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, b.Start(t.Context(), componenttest.NewNopHost()))

	both := func(ld func() plog.Logs) {
		_ = a.ConsumeLogs(t.Context(), ld())
		require.NoError(t, b.ConsumeLogs(t.Context(), ld()))
	}
	both(func() plog.Logs { return withUID(authorize("known"), "1") })
	nextOfA.err = errors.New("not now")
	both(func() plog.Logs { return withUID(authorize("refused by one"), "2") })
	nextOfA.err = nil
	both(func() plog.Logs { return withUID(authorize("refused by one"), "2") }) // sent again
	both(func() plog.Logs { return authorize("unknown") })
	want := func() {
		assertAuthorizations(t, tel, client("known", 1), client("refused by one", 1), client("unknown", 2))
	}
	want()

	require.NoError(t, a.Shutdown(t.Context()))
	want() // b still counts
	assert.Len(t, shared.list, 1)
	require.NoError(t, b.ConsumeLogs(t.Context(), withUID(authorize("known"), "1")))
	want()
	require.NoError(t, b.Shutdown(t.Context()))
	_, err := tel.GetMetric("auth.oauth.authorizations")
	require.Error(t, err, "the last takes the counts back")
	assert.Empty(t, shared.list)

	again := createdBy(t, shared, id, tel.NewTelemetrySettings(), defaultConfig(), consumertest.NewNop())
	require.NoError(t, again.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, again.ConsumeLogs(t.Context(), withUID(authorize("known"), "1")))
	assertAuthorizations(t, tel, client("known", 1))
	require.NoError(t, again.Shutdown(t.Context()))
}

func TestTwoProcessorsWithOneMetricAreRefused(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	shared := &counters{}
	idA, idB := component.NewIDWithName(metadata.Type, "a"), component.NewIDWithName(metadata.Type, "b")
	create := func(id component.ID, yaml string) (processor.Logs, error) {
		return shared.createLogs(t.Context(), processor.Settings{ID: id, TelemetrySettings: tel.NewTelemetrySettings()},
			config(t, yaml), consumertest.NewNop())
	}
	a, err := create(idA, "{}")
	require.NoError(t, err)

	_, err = create(idB, "{max_series: 10}")
	require.EqualError(t, err, "counts auth.events, and so does event_metrics/a: both would add to the same series of the collector's own metrics; "+
		"put one of them into both pipelines, or give one another prefix and its custom metrics other names")
	assert.Len(t, shared.list, 1)

	b, err := create(idB, "{prefix: b.}")
	require.NoError(t, err)
	for _, p := range []processor.Logs{a, b} {
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, p.ConsumeLogs(t.Context(), withUID(authorize("x"), "1")))
	}
	for _, name := range []string{"auth.events", "b.events"} {
		_, err := tel.GetMetric(name)
		require.NoError(t, err, name)
	}

	// What was never started gives its place back as well.
	require.NoError(t, a.Shutdown(t.Context()))
	require.NoError(t, b.Shutdown(t.Context()))
	again, err := create(idB, "{}")
	require.NoError(t, err)
	require.NoError(t, again.Shutdown(t.Context()))
	require.NoError(t, again.Shutdown(t.Context()), "a second shutdown gives nothing back")
	assert.Empty(t, shared.list)
}

// A factory of its own is a collector of its own.
func TestFactoriesShareNothing(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		set := processor.Settings{ID: component.NewIDWithName(metadata.Type, name), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
		p, err := NewFactory().CreateLogs(t.Context(), set, defaultConfig(), consumertest.NewNop())
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, p.Shutdown(context.Background())) })
	}
}
