package scrub

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Each id is looked for in every text: as many ids as texts would take
// quadratic time.
func TestIDsOfEventsAreBounded(t *testing.T) {
	span := ptrace.NewTraces().ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	for i := range 10 * maxIDs {
		span.Events().AppendEmpty().Attributes().PutStr(attr.UserID, "user-000"+strconv.Itoa(i/2))
	}
	w := newWalker(newTest(t, testPolicy()))
	w.spanIDs(span)
	require.Len(t, w.ids, maxIDs)
	require.Equal(t, "user-0001", w.ids[1].text, "each id is listed once")

	// Those beyond the bound are scrubbed where they stand.
	w.walkSpan(span)
	for _, event := range span.Events().All() {
		id, _ := event.Attributes().Get(attr.UserID)
		require.True(t, w.s.names.Verify(id.Str()))
	}
}

// For each attribute that is added all names are looked through.
func TestAdditionsAreBounded(t *testing.T) {
	p := testPolicy()
	p.EmitPrevious = true
	p.Fields = []Field{{Path: "u.*", Kind: pii.Identity}}
	p.Keys = append(p.Keys, pseudonym.Key{ID: "k2", Secret: []byte("fedcba9876543210fedcba9876543210")})
	attrs := plog.NewLogRecord().Attributes()
	for i := range 10 * maxAdded {
		attrs.PutStr("u."+strconv.Itoa(i), "value "+strconv.Itoa(i))
	}
	w := newWalker(newTest(t, p))
	w.plan = &plan{attributes: w.s.attributes[0][0]}
	w.place = InAttribute
	w.attributes(attrs)
	require.Equal(t, 11*maxAdded, attrs.Len())
}

// What is beyond the bound on members is at rest once it is redacted: a second
// walk that finds it again would cost the record, and a second hop would rename.
func TestMembersBeyondTheBoundAreAtRest(t *testing.T) {
	for _, unlisted := range []Unlisted{ScanUnlisted, DropUnlisted} {
		p := testPolicy()
		p.Verify, p.KeepPIIFields, p.Unlisted = 1, true, unlisted
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			var attrs xpdata.MapBuilder // PutStr would look through all names each time
			attrs.AppendEmpty(attr.UserID).SetStr("user-0001")
			for i := range maxMembers + 3 {
				attrs.AppendEmpty("k" + strconv.Itoa(i)).SetStr("x")
			}
			attrs.AppendEmpty("list").SetEmptySlice().AppendEmpty().SetStr("alice@example.com")
			attrs.UnsafeIntoMap(lr.Attributes())
		})
		s := newTest(t, p)
		stats := s.Logs(ld)
		require.Zero(t, stats.Residual, unlisted)
		require.Zero(t, stats.Dropped, unlisted)
		once := marshal(t, ld)
		require.False(t, strings.Contains(once, "alice"))
		require.Equal(t, unlisted == ScanUnlisted, strings.Contains(once, `"[REDACTED]_2"`))
		s.Logs(ld)
		require.True(t, once == marshal(t, ld), "the second hop changed it")
	}
}

// The largest plan takes megabytes, and is made of 60 KB of whoever sends them;
// each rule makes one more of these.
func TestPlansHeldAreBounded(t *testing.T) {
	p := testPolicy()
	for i := range 9 {
		p.Rules = append(p.Rules, Rule{EventName: "e" + strconv.Itoa(i), Treatment: p.Treatment})
	}
	s := newTest(t, p)
	var paths []string
	for i := range 500 {
		paths = append(paths, "/"+strconv.Itoa(i)+strings.Repeat("/a", 60))
	}
	fields, err := json.Marshal(map[string][]string{"public": paths})
	require.NoError(t, err)
	w := newWalker(s)
	w.scope.read(s, string(fields), false)
	for _, treatment := range s.treatments {
		w.use(treatment, 0)
		require.Greater(t, w.plan.nodes, 30_000)
		held := 0
		for _, plan := range w.scope.plans {
			if plan != nil {
				held += plan.nodes
			}
		}
		require.LessOrEqual(t, held, maxHeldNodes)
		require.LessOrEqual(t, s.plans.nodes, maxHeldNodes)
	}
	held := 0
	for _, plan := range s.plans.plans {
		held += plan.root.count()
	}
	require.Equal(t, held, s.plans.nodes)
}

// Rules without allow_fields know the same attributes: a table for each rule and
// source would take minutes to build.
func TestRulesShareTheTablesOfAttributes(t *testing.T) {
	p := testPolicy()
	p.Rules = []Rule{{Treatment: p.Treatment}, {Treatment: p.Treatment, AllowFields: []string{"x"}}}
	s := newTest(t, p)
	require.Same(t, s.attributes[0][0], s.attributes[1][0])
	require.NotSame(t, s.attributes[0][0], s.attributes[2][0])
}
