package scrub

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// sharing is a walker whose records share a resource with these attributes.
func sharing(t *testing.T, attrs map[string]any) (*walker, pcommon.Map) {
	t.Helper()
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	require.NoError(t, rl.Resource().Attributes().FromRaw(attrs))
	w := newWalker(newTest(t, testPolicy()))
	require.True(t, w.resource(rl.Resource(), rl))
	w.begin(w.s.base)
	return w, rl.Resource().Attributes()
}

// To walk a resource of megabytes for each record takes quadratic time, so an id
// has to be there, and where one stays, it is looked at once.
func TestShareWalksAResourceOnlyForWhatChanges(t *testing.T) {
	for name, c := range map[string]struct {
		attribute, value, id string
		texts                int // in which the next record's ids are looked for
	}{
		"in a word":    {"env", "xabcdefghx", "abcdefgh", 2},
		"in a token":   {"env", "a@example.com", "identity", 2},
		"alone":        {"env", "abcdefgh", "abcdefgh", 2},
		"of a network": {attr.ClientAddress, "192.0.2.0", "192.0.2.0", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w, attrs := sharing(t, map[string]any{c.attribute: c.value})
			before, _ := attrs.Get(c.attribute)
			was := before.Str()
			w.addID(c.id)
			w.share()
			require.Len(t, w.shared.texts, c.texts)
			require.False(t, slices.ContainsFunc(w.shared.texts, w.idIn), "the next record would walk again")
			value, _ := attrs.Get(c.attribute)
			require.Equal(t, name == "alone", value.Str() != was)
		})
	}
}

// What was not looked at for ids costs nothing when one is found elsewhere.
func TestShareWalksOnlyWhatItLookedAt(t *testing.T) {
	attrs := map[string]any{"a": "abcdefgh", "b": strings.Repeat("x", maxShared), "c": "abcdefgh"}
	w, m := sharing(t, attrs)
	w.addID("abcdefgh")
	w.share()
	reach := w.shared.resourceReach
	require.Less(t, reach, len(attrs))
	at := 0
	for _, v := range m.All() {
		require.Equal(t, at < reach && v.Str() != "", w.s.names.Verify(v.Str()), at)
		at++
	}
}

// An id that is percent-encoded is found in a record's own attributes, and so it
// is in its resource's.
func TestShareFindsEncodedIDs(t *testing.T) {
	w, attrs := sharing(t, map[string]any{"env": "x auth0%7C61823277abc y"})
	w.addID("auth0|61823277abc")
	w.share()
	env, _ := attrs.Get("env")
	require.NotContains(t, env.Str(), "61823277abc")
}

// A panic over what records share costs the record alone: the next ones are of
// the scope's plan as before.
func TestPanicOverSharedCostsThatRecord(t *testing.T) {
	s := newTest(t, testPolicy())
	s.scrubRecord = func(w *walker, lr plog.LogRecord) {
		if name := lr.EventName(); name == "bad" {
			w.addID("abcdefgh")
			w.shared.scope, w.shared.hasScope = pcommon.Map{}, true // a nil map panics
			w.shared.texts = append(w.shared.texts, "abcdefgh")
			w.shared.longest = 8
			w.share()
		}
		w.scrubRecord(lr)
	}
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.SetEventName("bad") })
	record := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	record.Body().SetStr(`{"id":"` + strconv.Itoa(1e9) + `","email":"a@example.com"}`)
	record.Attributes().PutStr(attr.UserID, "u1")
	stats := s.Logs(ld)
	require.Equal(t, 1, stats.Panics)
	require.Equal(t, 1, stats.Dropped)
	body := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
	require.Contains(t, body, `"email":"email_k1_`)
}
