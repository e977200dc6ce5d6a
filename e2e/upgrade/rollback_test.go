//go:build unix

package upgrade

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/sealed/sealedtest"
)

// TestRollback: a collector that finds the state of a later version does not
// start, says why and what to do, and leaves the state as it is. With that state
// moved away it starts.
func TestRollback(t *testing.T) {
	const repeats = "reading begins anew then, and what was delivered comes again"
	for _, tt := range []struct {
		of   owner
		key  string // of the value that shows it
		file string // of the state directory
		lost string
		// What there is once the state was moved away: 40 records are new, and 40
		// were read before.
		files, objects int
		counted        int64 // at least
	}{
		{owner{component.KindReceiver, "auth_events"}, "tail/file/000000", "receiver_auth_events_", repeats, 80, 40, 160},
		{owner{component.KindReceiver, "auth_events_blob"}, "pass", "receiver_auth_events_blob_", repeats, 40, 80, 160},
		{owner{component.KindConnector, "event_metrics"}, "snapshot", "connector_event_metrics_", "counts begin anew then, with a new start time", 40, 40, 80},
	} {
		t.Run(tt.of.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, e2etest.Binary(t), "collector.yaml")
			p.unpack(t, "v0.1.0")
			p.put(t, beforeUpgrade)
			p.withState(t, tt.of, func(client storage.Client) {
				value, err := client.Get(t.Context(), tt.key)
				require.NoError(t, err)
				require.NotNil(t, value)
				require.NoError(t, client.Set(t.Context(), tt.key, sealedtest.OfVersion(sealed.Version+1, tt.key, value)))
			})
			stored := p.values(t, tt.of)

			process := p.start(t)
			code, err := process.Wait(e2etest.Patience)
			require.NoError(t, err, process.Log())
			assert.NotZero(t, code)
			kind := map[component.Kind]string{component.KindReceiver: "receiver", component.KindConnector: "connector"}[tt.of.kind]
			for _, said := range []string{
				fmt.Sprintf("storage: the state of the %s %q in %q is not used, and left as it is", kind, tt.of.name, "file_storage"),
				fmt.Sprintf("the value %q has version %d, and this program knows version %d", tt.key, sealed.Version+1, sealed.Version),
				fmt.Sprintf("run the version that wrote it, or a newer one; or move the file of the %s %q in its directory away; %s", kind, tt.of.name, tt.lost),
			} {
				assert.Contains(t, process.Log(), said)
			}
			assert.Equal(t, stored, p.values(t, tt.of), "byte for byte")
			for _, output := range p.outputs() {
				assert.False(t, p.has(output, 1), "nothing comes again: %s", output)
			}

			// The remedy. What the other components know stays.
			require.NoError(t, p.moveAway(tt.file))
			p.again = map[string]int{"files.jsonl": tt.files - 40, "objects.jsonl": tt.objects - 40}
			p.run(t, afterUpgrade...)
			assert.Len(t, p.uids(t, "files.jsonl"), tt.files)
			assert.Len(t, p.uids(t, "objects.jsonl"), tt.objects)
			if tt.counted < 160 {
				assert.Equal(t, tt.counted, p.count(t).Events)
			} else {
				assert.GreaterOrEqual(t, p.count(t).Events, tt.counted)
			}
		})
	}
}

// TestStateOfBeforeIsReplaced: the positions that held the beginnings of files are
// gone once they were taken over.
func TestStateOfBeforeIsReplaced(t *testing.T) {
	t.Parallel()
	files := owner{component.KindReceiver, "auth_events"}
	p := newPlace(t, e2etest.Binary(t), "files.yaml")
	p.unpack(t, "before-v0.1.0")
	require.Contains(t, p.values(t, files), "knownFiles")
	p.put(t, beforeUpgrade)
	p.goOn(t)
	values := p.values(t, files)
	require.NotEmpty(t, values)
	for key, value := range values {
		_, err := sealed.Unseal(key, value)
		assert.NoError(t, err, key)
	}
}
