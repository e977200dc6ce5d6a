package eventmetrics

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// fullEngine has 2,000 series and 65,536 uids.
func fullEngine(tb testing.TB) *Engine {
	e, err := New(kinds(), Settings{Start: start, MaxSeries: 4000, UniqueKey: testKey})
	require.NoError(tb, err)
	const clients = 2000 - 3 // beside those without an attribute
	count(e, manyLogs(clients, seeded()))
	for i := range maxSeen - clients {
		e.seen.add(hashUID(textValue(fmt.Sprint("uid", i))))
	}
	series := 0
	for _, m := range e.metrics {
		series += len(m.all())
	}
	require.Equal(tb, 2000, series-1, "beside the unique count")
	return e
}

func BenchmarkSnapshot(b *testing.B) {
	e := fullEngine(b)
	size := len(encoded(b, e))
	b.Run("take", func(b *testing.B) { // under the lock
		b.ReportAllocs()
		for b.Loop() {
			e.Snapshot()
		}
	})
	b.Run("encode", func(b *testing.B) {
		s := e.Snapshot()
		b.ReportAllocs()
		b.SetBytes(int64(size))
		for b.Loop() {
			if _, err := s.MarshalBinary(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size), "B/snapshot")
	})
	b.Run("restore", func(b *testing.B) {
		data := encoded(b, e)
		b.ReportAllocs()
		b.SetBytes(int64(size))
		for b.Loop() {
			if _, err := newEngine(b, kinds(), &manualClock{start}).Restore(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCollect(b *testing.B) {
	for _, temporality := range []Temporality{Cumulative, Delta} {
		b.Run(map[Temporality]string{Cumulative: "cumulative", Delta: "delta"}[temporality], func(b *testing.B) {
			e := fullEngine(b)
			cursor := e.NewCursor("a", temporality)
			b.ReportAllocs()
			for b.Loop() {
				e.Collect(start, output(), cursor)
				cursor.Accept()
			}
		})
	}
}

// manyLogs has one event for each of so many clients.
func manyLogs(clients int, random *rand.Rand) plog.Logs {
	ld := plog.NewLogs()
	events := make([]event, clients)
	for i := range events {
		events[i] = amounting(random.Float64()*30).with(attr.ClientID, clientName(i)).with(attr.UserID, clientName(i)).
			with(attr.LogRecordUID, clientName(i))
	}
	appendEvents(ld, "", events...)
	return ld
}
