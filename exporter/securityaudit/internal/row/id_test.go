package row

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// The ids are in tables by now: a change of these values writes every record
// that is delivered again a second time. They are those of Python's
// uuid.uuid5(Namespace, uid).
func TestIDsStay(t *testing.T) {
	for uid, want := range map[string]string{
		"0000000000000abc0000000000000000":     "c52f899d-287f-521a-9dae-b9f2ae28b4c7", // digits alone are no UUID
		"orders-3-42-0":                        "8efbc56a-bba9-579a-aa47-2e1d34855d51",
		"A3C0F7DE-0a54-4c1e-9a0c-000000000001": "a3c0f7de-0a54-4c1e-9a0c-000000000001",
	} {
		id, isUUID := idOf(uid)
		assert.Equal(t, want, uuidText(id), uid)
		assert.Equal(t, uid[0] == 'A', isUUID)
	}
}

// bare is a record without a uid.
func bare(change func(pcommon.Map, plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr(attr.ServiceName, "idp")
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetEventName("login")
	lr.SetTimestamp(pcommon.NewTimestampFromTime(observed))
	lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	lr.Body().SetStr("text")
	lr.Attributes().PutStr("a", "1")
	lr.Attributes().PutStr("b", "2")
	if change != nil {
		change(rl.Resource().Attributes(), lr)
	}
	return logs
}

// A record without a uid has the id of what it says: read again it has the
// same, and another record has another.
func TestContentID(t *testing.T) {
	id := func(change func(pcommon.Map, plog.LogRecord)) any {
		var rows [][]any
		m := New(table(t, layout.Config{}))
		each(bare(change), func(r pcommon.Resource, s pcommon.InstrumentationScope, lr plog.LogRecord) {
			var err error
			rows, err = m.Append(rows, r, s, lr)
			require.NoError(t, err)
		})
		return rows[0][0]
	}
	later := pcommon.NewTimestampFromTime(observed.Add(time.Hour))
	first := id(nil)
	for name, change := range map[string]func(pcommon.Map, plog.LogRecord){
		"read later": func(_ pcommon.Map, lr plog.LogRecord) { lr.SetObservedTimestamp(later) },
		"another order of attributes": func(_ pcommon.Map, lr plog.LogRecord) {
			lr.Attributes().Remove("a")
			lr.Attributes().PutStr("a", "1")
		},
		"an empty uid": nil,
	} {
		assert.Equal(t, first, id(change), name)
	}
	for name, change := range map[string]func(pcommon.Map, plog.LogRecord){
		"another time":  func(_ pcommon.Map, lr plog.LogRecord) { lr.SetTimestamp(later) },
		"another event": func(_ pcommon.Map, lr plog.LogRecord) { lr.SetEventName("logout") },
		"another body":  func(_ pcommon.Map, lr plog.LogRecord) { lr.Body().SetStr("texts") },
		"another value": func(_ pcommon.Map, lr plog.LogRecord) { lr.Attributes().PutStr("a", "12") },
		"moved": func(_ pcommon.Map, lr plog.LogRecord) {
			lr.Attributes().PutStr("a", "2")
			lr.Attributes().PutStr("b", "1")
		},
		"another service":  func(r pcommon.Map, _ plog.LogRecord) { r.PutStr(attr.ServiceName, "other") },
		"another severity": func(_ pcommon.Map, lr plog.LogRecord) { lr.SetSeverityText("WARN") },
		"a uid":            func(_ pcommon.Map, lr plog.LogRecord) { lr.Attributes().PutStr(attr.LogRecordUID, "u") },
	} {
		assert.NotEqual(t, first, id(change), name)
	}
	fallback := func(at pcommon.Timestamp) func(pcommon.Map, plog.LogRecord) {
		return func(_ pcommon.Map, lr plog.LogRecord) {
			lr.SetTimestamp(at)
			lr.Attributes().PutBool(attr.TimeFallback, true)
		}
	}
	assert.Equal(t, id(fallback(later)), id(fallback(later+1)), "where the time is only when it was read")
}

// A table whose rows are told apart by the uid has one in every row, of a length
// that an index takes.
func TestUIDOfARow(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 16)
	uids := map[string]bool{}
	for _, given := range []string{"", "short", long, long + "1", "\x00", "\xff"} {
		logs := bare(func(_ pcommon.Map, lr plog.LogRecord) { lr.Attributes().PutStr(attr.LogRecordUID, given) })
		table := table(t, layout.Config{Layout: layout.CIAMLog})
		each(logs, func(r pcommon.Resource, s pcommon.InstrumentationScope, lr plog.LogRecord) {
			rows, err := New(table).Append(nil, r, s, lr)
			require.NoError(t, err)
			uid, isText := named(t, table, rows[0])[metadata].(map[string]any)[layout.UIDMember].(string)
			require.True(t, isText, "%q", given)
			assert.LessOrEqual(t, len(uid), 255)
			assert.False(t, uids[uid], "%q stands for two", uid)
			uids[uid] = true
			if given == "short" {
				assert.Equal(t, given, uid)
			}
		})
	}
}
