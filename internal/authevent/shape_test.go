package authevent

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/featuregate"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestSharedValues holds records that share values against records that do not,
// while others that share the same values are overwritten, as a scrubber does.
func TestSharedValues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ndjson")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	shared, err := NewParser(Options{})
	require.NoError(t, err)
	require.True(t, shared.sharesValues)
	alone, err := NewParser(Options{})
	require.NoError(t, err)
	alone.sharesValues = false

	one, other := shared.NewBatch(), alone.NewBatch()
	for _, file := range files {
		for _, line := range lines(t, file) {
			var before plog.Logs
			for range 3 { // the first makes the head, the second learns the room
				one.Add(Line{Text: line}, &Origin{ID: 1, FileName: "a.log"}, observed)
				before = one.Take()
				one.Add(Line{Text: line}, &Origin{ID: 1, FileName: "a.log"}, observed)
				overwrite(before)
			}
			other.Add(Line{Text: line}, &Origin{ID: 1, FileName: "a.log"}, observed)
			require.Equal(t, asJSON(t, other.Take()), asJSON(t, one.Take()))
		}
	}
}

// overwrite changes the attributes of all records.
func overwrite(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				for _, v := range lr.Attributes().All() {
					if v.Type() == pcommon.ValueTypeStr {
						v.SetStr("overwritten")
					}
				}
				lr.Attributes().PutBool("added", true)
			}
		}
	}
}

func asJSON(t *testing.T, ld plog.Logs) string {
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	return string(text)
}

// TestSharesValuesNotWithPooling: behind that gate pdata writes into values that
// it has replaced.
func TestSharesValuesNotWithPooling(t *testing.T) {
	const gate = "pdata.useProtoPooling"
	require.NoError(t, featuregate.GlobalRegistry().Set(gate, true))
	t.Cleanup(func() { assert.NoError(t, featuregate.GlobalRegistry().Set(gate, false)) })
	assert.False(t, sharesValues())
}

// TestAllocsPerLine: of a record of a known event there are the record, its list,
// its body and each value of its own, and hardly anything else.
func TestAllocsPerLine(t *testing.T) {
	line := []byte(`{"type":"audit","event":"login_succeeded","identity_id":"a","client_id":"b","ts":"2026-08-21T08:00:00Z"}`)
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	const batch = 100
	perBatch := testing.AllocsPerRun(20, func() {
		b.Expect(batch, batch*len(line))
		for range batch {
			b.Add(Line{Text: line}, &Origin{ID: 1}, observed)
		}
		b.Take()
	})
	const own = 3 // auth.client.id, user.id, log.record.uid
	assert.Less(t, perBatch/batch, 3+own+0.5)
}
