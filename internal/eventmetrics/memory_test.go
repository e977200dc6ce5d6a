package eventmetrics

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// held is what fill leaves on the heap, in bytes.
func held(fill func() any) int64 {
	heap := func() int64 {
		runtime.GC()
		runtime.GC() // pools are emptied at the second
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	filled := fill()
	after := heap()
	runtime.KeepAlive(filled)
	return after - before
}

// TestMemoryOfASeries measures what docs/operations.md reckons with: a series of
// three attributes, the value of one of them its own.
func TestMemoryOfASeries(t *testing.T) {
	const series = 20_000
	for _, m := range []definition.Metric{
		{Name: "sum"},
		{Name: "histogram", Unit: "s", Kind: definition.Histogram, Bounds: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
	} {
		m.Rules, m.Dimensions = everything(), []definition.Dimension{{Name: attr.ClientID, Cap: series + 1}, {Name: attr.ErrorType}, {Name: attr.Outcome}}
		e, err := New(metricsOf(m), Settings{Start: start, MaxSeries: 2 * series})
		require.NoError(t, err)
		bytes := held(func() any {
			for i := range series {
				ev := outcome(fmt.Sprintf("client-%05d", i), "e", attr.OutcomeFailure).with(attr.Duration, 1.5)
				require.Equal(t, 1, count(e, logs(ev)).Counted)
			}
			return e
		})
		require.Equal(t, series, len(points(e, m.Name)))
		t.Logf("%s: %d bytes a series", m.Name, bytes/series)
		assert.Less(t, bytes/series, int64(maxBytesOfASeries[m.Name]), m.Name)
	}
}

var maxBytesOfASeries = map[string]int{"sum": 1000, "histogram": 1300}

// maxHeap is what the built-in catalogue may hold on the heap after a million
// records of 10,000 random clients, uids and plans included.
const maxHeap = 8 << 20

func TestMemoryOfAMillionRecords(t *testing.T) {
	var e *Engine
	bytes := held(func() any {
		e = newTestEngine(t, 0)
		random := seeded()
		ld := plog.NewLogs()
		appendEvents(ld, "", slices.Repeat([]event{full(hera, "auth.pkce.completed")}, 1000)...)
		for batch := range 1000 {
			for i, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
				lr.Attributes().PutStr(attr.ClientID, fmt.Sprintf("client-%d", random.IntN(10_000)))
				lr.Attributes().PutStr(attr.LogRecordUID, fmt.Sprintf("%d-%d", batch, i))
			}
			require.Equal(t, 1000, count(e, ld).Counted)
		}
		return e
	})
	assert.Less(t, bytes, int64(maxHeap))
	assert.EqualValues(t, 1_000_000, total(e, "auth.oauth.token.exchanges", "", ""))
	t.Logf("%d KiB held", bytes>>10)
}
