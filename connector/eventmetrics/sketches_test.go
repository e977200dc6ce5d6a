package eventmetrics

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// countingUsers is an engine that does nothing else.
func countingUsers(t *testing.T, key unique.Key) *eventmetrics.Engine {
	t.Helper()
	engine, err := eventmetrics.New(definition.Set{Metrics: []definition.Metric{{
		Name: "test.users", Unit: "{user}", Kind: definition.Unique,
		Unique: definition.UniqueSettings{By: []string{attr.UserID}, Windows: []time.Duration{24 * time.Hour}},
		Rules:  []definition.Rule{{Events: []string{"*"}}},
	}}}, eventmetrics.Settings{Start: time.Now(), UniqueKey: key})
	require.NoError(t, err)
	return engine
}

func see(engine *eventmetrics.Engine, user string) {
	ld := plog.NewLogs()
	lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetEventName("login")
	lr.Attributes().PutStr(attr.UserID, user)
	engine.Compute(ld).Commit()
}

func openStore(t *testing.T, disk *memory) *store {
	t.Helper()
	builder, err := metadata.NewTelemetryBuilder(componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	client, err := disk.GetClient(t.Context(), component.KindConnector, storageID, "")
	require.NoError(t, err)
	return &store{client: client, logger: zap.NewNop(), tel: newTelemetry(builder)}
}

func TestSketchesAreStoredInTheirTurn(t *testing.T) {
	disk := &memory{}
	s, engine, now := openStore(t, disk), countingUsers(t, unique.RandomKey()), time.Now()
	stored := func() []byte { return disk.values[sketchesKey] }

	s.saveSketches(t.Context(), engine, now)
	assert.Nil(t, stored(), "nobody came")
	see(engine, "a")
	s.saveSketches(t.Context(), engine, now)
	first := stored()
	require.NotNil(t, first)
	see(engine, "b")
	s.saveSketches(t.Context(), engine, now)
	assert.Equal(t, first, stored(), "not so soon")
	require.Equal(t, now.Add(time.Duration(s.sketches.size)*time.Second/sketchesPerSecond), s.sketches.next)

	now = s.sketches.next
	disk.failWith(errors.New("no space left"))
	s.saveSketches(t.Context(), engine, now)
	disk.failWith(nil)
	assert.Equal(t, first, stored())
	now = s.sketches.next
	s.saveSketches(t.Context(), engine, now)
	second := stored()
	assert.NotEqual(t, first, second, "what failed is made up for")
	now = s.sketches.next
	see(engine, "b")
	s.saveSketches(t.Context(), engine, now)
	assert.Equal(t, second, stored(), "nobody new came")

	see(engine, "c")
	require.NoError(t, s.finish(t.Context(), engine, engine.Snapshot()))
	assert.NotEqual(t, second, stored(), "at the end without delay")
}

func TestSketchesAreRestored(t *testing.T) {
	disk := &memory{}
	s := openStore(t, disk)
	load := func() (stored, unique.Key, bool) {
		all, err := s.loadAll(t.Context())
		require.NoError(t, err)
		key, known := all.userKey()
		return all, key, known
	}
	_, key, known := load()
	require.False(t, known)
	require.NoError(t, s.keepKey(t.Context(), key))
	first := countingUsers(t, key)
	see(first, "a")
	see(first, "b")
	require.NoError(t, s.finish(t.Context(), first, first.Snapshot()))

	s = openStore(t, disk)
	all, again, known := load()
	assert.True(t, known)
	assert.Equal(t, key, again, "the key is kept")
	c := &eventMetrics{engine: countingUsers(t, again)}
	windows, err := c.restoreSketches(s, all.sketches)
	require.NoError(t, err)
	assert.Equal(t, 1, windows)
	see(c.engine, "b")
	see(c.engine, "c")
	assert.EqualValues(t, 3, c.engine.Gauges()[0].Value)

	// A key that can't be read is made anew, and what it hashed is left out.
	disk.values[uniqueKey] = []byte("damaged")
	all, other, known := load()
	assert.False(t, known)
	assert.NotEqual(t, key, other)
	c.engine = countingUsers(t, other)
	windows, err = c.restoreSketches(s, all.sketches)
	require.NoError(t, err)
	assert.Zero(t, windows)

	disk.values[sketchesKey] = disk.values[snapshotKey]
	all, _, _ = load()
	assert.Nil(t, all.sketches, "the value of another key is damage")
}
