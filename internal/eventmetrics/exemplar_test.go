package eventmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

func traced(id byte, value any) plog.Logs {
	ld := logs(completed(value))
	lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.SetTraceID(pcommon.TraceID{id})
	lr.SetSpanID(pcommon.SpanID{id})
	lr.SetTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(id) * time.Second)))
	return ld
}

func TestExemplars(t *testing.T) {
	c := &clock{start.Add(time.Minute)}
	e, err := New(catalogue.Builtin(), Settings{Start: start, Now: c.read, Exemplars: true})
	require.NoError(t, err)
	count(e, traced(1, 3.0))
	count(e, traced(2, 3.5))
	count(e, logs(completed(4.0))) // of no trace
	counted := 0
	for _, m := range e.metrics {
		for _, s := range m.all() {
			if s.exemplar == nil && s.count == 0 {
				continue // a zero point, or a window
			}
			counted++
			want := exemplar{traceID: pcommon.TraceID{2}, spanID: pcommon.SpanID{2}, value: 1, at: pcommon.NewTimestampFromTime(start.Add(2 * time.Second))}
			if s.histogram != nil {
				want.value = 3.5
			}
			assert.Equal(t, &want, s.exemplar, m.Name)
			assert.Equal(t, c.now.UnixNano(), s.changed)
		}
	}
	assert.NotZero(t, counted)
}

func TestNoExemplarsUnlessAskedFor(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, traced(1, 3.0))
	for _, m := range e.metrics {
		for _, s := range m.all() {
			assert.Nil(t, s.exemplar)
		}
	}
}
