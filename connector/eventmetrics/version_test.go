package eventmetrics

import (
	"bytes"
	"encoding/gob"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/sealed/sealedtest"
)

// Counts of another version are refused as a whole and left as they are,
// whichever value shows it, and also where another one is damaged: that would be
// replaced at once.
func TestCountsOfAnotherVersion(t *testing.T) {
	whole, sink := &memory{}, &consumertest.MetricsSink{}
	c := startedWith(t, defaultConfig(), whole, sink)
	consumePeople(t, c, oldPeople) // users, so that there are sketches
	require.NoError(t, c.Shutdown(t.Context()))
	require.Len(t, whole.values, 3)

	later := func(m *memory, key string) {
		m.values[key] = sealedtest.OfVersion(sealed.Version+1, key, m.values[key])
	}
	for name, tt := range map[string]struct {
		change func(m *memory)
		want   string
	}{
		snapshotKey: {func(m *memory) { later(m, snapshotKey) }, `the value "snapshot" has version 2, and this program knows version 1`},
		sketchesKey: {func(m *memory) { later(m, sketchesKey) }, `the value "sketches" has version 2`},
		uniqueKey:   {func(m *memory) { later(m, uniqueKey) }, `the value "unique_key" has version 2`},
		"beside a damaged key": {func(m *memory) {
			m.values[uniqueKey] = []byte("damaged")
			later(m, sketchesKey)
		}, `the value "sketches" has version 2`},
		"beside a damaged snapshot": {func(m *memory) {
			m.values[snapshotKey] = []byte("damaged")
			later(m, sketchesKey)
		}, `the value "sketches" has version 2`},
		"format": {func(m *memory) { m.values[snapshotKey] = ofFormat(t, snapshotKey, 2) }, `the value "snapshot": it has the format 2 and not 1`},
		"format of sketches": {func(m *memory) { m.values[sketchesKey] = ofFormat(t, sketchesKey, 2) },
			`the value "sketches": it has the format 2 and not 1`},
		"foreign": {func(m *memory) { m.values[snapshotKey] = sealed.Seal(snapshotKey, []byte(`{"user":"alice"}`)) },
			`the value "snapshot": it is no snapshot of event metrics`},
		"no key, and a foreign snapshot": {func(m *memory) {
			delete(m.values, uniqueKey)
			m.values[snapshotKey] = sealed.Seal(snapshotKey, []byte(`{"user":"alice"}`))
		}, `the value "snapshot": it is no snapshot`},
	} {
		t.Run(name, func(t *testing.T) {
			disk := whole.copied()
			tt.change(disk)
			before := maps.Clone(disk.values)
			cfg := defaultConfig()
			cfg.Storage = &storageID
			c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), cfg, routed(&backend{}))
			require.NoError(t, err)
			err = c.Start(t.Context(), host(disk))
			require.ErrorIs(t, err, sealed.ErrVersion)
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, `storage: the state of the connector "event_metrics" in "file_storage" is not used, and left as it is`)
			require.ErrorContains(t, err, "run the version that wrote it, or a newer one; or move the file")
			assert.NotContains(t, err.Error(), "alice")
			require.NoError(t, c.Shutdown(t.Context()))
			assert.Equal(t, before, disk.values)
			assert.False(t, disk.open, "closed")
		})
	}
	c = startedWith(t, defaultConfig(), whole, sink)
	consumePeople(t, c, newPeople[:1])
	require.NoError(t, c.Shutdown(t.Context()))
	assert.EqualValues(t, 2, pointOf(t, sink, "auth.funnel.users", definition.StepAttribute, "email_confirmed").IntValue(),
		"the version that wrote it goes on")
}

// ofFormat is a whole value whose content says another format. gob leaves out what
// this type has not.
func ofFormat(t *testing.T, key string, format int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, gob.NewEncoder(&b).Encode(struct{ Format int }{format}))
	return sealed.Seal(key, b.Bytes())
}
