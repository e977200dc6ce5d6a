package bench

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// TestAsNew: the same lines again have other uids, of the usual length, and come
// when they are read.
func TestAsNew(t *testing.T) {
	cfg, err := collector.Load(t.Context(), "yaml:"+config)
	require.NoError(t, err)
	sources, err := cfg.Sources(cfg.Pipelines[0])
	require.NoError(t, err)
	var m meter
	uids := map[string]bool{}
	for range 2 {
		ld, err := sources[0].Decode(builtIn)
		require.NoError(t, err)
		assert.EqualValues(t, 4, m.asNew(ld))
		for _, resource := range ld.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					uid, ok := record.Attributes().Get(attr.LogRecordUID)
					require.True(t, ok)
					assert.Len(t, uid.Str(), 36)
					assert.False(t, uids[uid.Str()], "there was one like it")
					uids[uid.Str()] = true
					assert.Equal(t, record.ObservedTimestamp(), record.Timestamp())
				}
			}
		}
	}
	assert.Len(t, uids, 2*248)
}
