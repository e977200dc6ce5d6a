package scrub

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

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
