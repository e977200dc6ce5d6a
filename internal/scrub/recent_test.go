package scrub

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// One Scrubber takes all signals. A span lacks no list of fields, a log record
// without one does: neither must get the plan of the other.
func TestPlansOfSignalsAreApart(t *testing.T) {
	s := newTest(t, testPolicy())
	w := &walker{s: s}
	s.walkers.New = func() any { return w } // one for all, as the pool likes to
	for range 2 {
		td := ptrace.NewTraces()
		span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.Attributes().PutStr("note", "x")
		s.Traces(td)
		assert.Equal(t, 1, span.Attributes().Len())
		ld := oneRecord("", func(lr plog.LogRecord) { lr.Attributes().PutStr("note", "x") })
		s.Logs(ld)
		assert.Zero(t, record(ld).Attributes().Len())
	}
}

// A walker has the plans of the values that come in turns, and of no other.
func TestRecentFields(t *testing.T) {
	s := newTest(t, testPolicy())
	w := &walker{s: s}
	for range 2 {
		for i := range 2 * maxRecent {
			name := fmt.Sprint("f", i)
			for range 2 {
				w.scope.read(s, `{"name":["/`+name+`"]}`, false)
				w.use(s.treatments[0], 0)
				assert.Equal(t, pii.Name, w.plan.root.child(name).kind)
				w.scope.read(s, `{"phone":["/tel"]}`, false)
				w.use(s.treatments[0], 0)
				assert.Equal(t, pii.Phone, w.plan.root.child("tel").kind)
				assert.Nil(t, w.plan.root.child(name))
			}
		}
	}
}
