package exchange

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

var (
	key    = unique.NewKey([]byte("the secret that all collectors share"))
	start  = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	series = []string{"hera", "login_gov"} // values of auth.source
)

const length = time.Hour

// collector is the part of an engine that matters here: a window per series.
type collector struct {
	windows map[string]*unique.Window
	sender  *Sender
	now     time.Time
}

func newCollector(instance string) *collector {
	resource := pcommon.NewResource()
	resource.Attributes().PutStr("service.instance.id", instance)
	c := &collector{windows: map[string]*unique.Window{}, sender: NewSender(resource, "scope"), now: start}
	for _, source := range series {
		c.windows[source] = unique.NewWindow(length, key)
	}
	return c
}

func (c *collector) see(source string, users ...int) {
	for _, u := range users {
		c.windows[source].Insert(key.Hash(fmt.Sprint("user-", u)), c.now, c.now)
	}
}

func (c *collector) count(source string) int { return int(c.windows[source].Estimate(c.now)) }

func (c *collector) round() []*Batch {
	r := c.sender.Begin(c.now)
	for _, source := range series {
		r.Add("auth.users.unique", length, c.windows[source], func(m pcommon.Map) { m.PutStr("auth.source", source) })
	}
	return r.Batches()
}

func (c *collector) merge(s Sketch) error {
	source, _ := s.Attributes.Get("auth.source")
	w, ok := c.windows[source.Str()]
	if !ok || s.Metric != "auth.users.unique" || s.Length != length {
		return fmt.Errorf("no such series")
	}
	return w.MergeBinary(s.Data, c.now)
}

// send carries a round over OTLP's own encoding.
func (c *collector) send(t *testing.T, to *collector) (sketches int) {
	t.Helper()
	for _, b := range c.round() {
		wire, err := (&plog.ProtoMarshaler{}).MarshalLogs(b.Logs)
		require.NoError(t, err)
		ld, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(wire)
		require.NoError(t, err)
		result, err := Receive(ld, to.merge)
		require.NoError(t, err)
		require.Zero(t, result.Others)
		sketches += result.Merged
		b.Taken()
	}
	return sketches
}

func numbers(from, to int) []int {
	var n []int
	for ; from < to; from++ {
		n = append(n, from)
	}
	return n
}

func TestUsersOfTwoCollectorsCountOnce(t *testing.T) {
	a, b, central := newCollector("a"), newCollector("b"), newCollector("central")
	a.see("hera", numbers(0, 60)...)
	b.see("hera", numbers(40, 100)...)
	b.see("login_gov", numbers(0, 7)...)
	require.Equal(t, 1, a.send(t, central))
	require.Equal(t, 2, b.send(t, central))
	require.Equal(t, 100, central.count("hera"), "60 + 60, of whom both saw 20")
	require.Equal(t, 7, central.count("login_gov"))

	central.see("hera", 0, 1000) // it counts for itself as well
	require.Equal(t, 101, central.count("hera"))

	require.Zero(t, a.send(t, central), "nothing new")
	a.see("hera", 1)
	require.Zero(t, a.send(t, central), "and a known user is not")
	a.see("hera", 2000)
	require.Equal(t, 1, a.send(t, central))
	require.Equal(t, 102, central.count("hera"))
}

func TestUsersLeaveTheMergedWindow(t *testing.T) {
	a, central := newCollector("a"), newCollector("central")
	a.see("hera", 1, 2)
	a.send(t, central)
	a.now = start.Add(30 * time.Minute)
	a.see("hera", 2, 3)
	central.now = a.now
	a.send(t, central)
	require.Equal(t, 3, central.count("hera"))
	central.now = start.Add(length + length/12)
	require.Equal(t, 2, central.count("hera"), "even if a is gone")
	central.now = start.Add(2 * length)
	require.Zero(t, central.count("hera"))
}

func TestRefusedBatchIsSentAgain(t *testing.T) {
	a, central := newCollector("a"), newCollector("central")
	a.see("hera", 1)
	require.Len(t, a.round(), 1) // not taken
	a.see("login_gov", 2)
	require.Equal(t, 2, a.send(t, central))
	require.Equal(t, 1, central.count("hera"))
	require.Zero(t, a.send(t, central))
}

func TestOldAndRepeatedBatchesAddNothing(t *testing.T) {
	a, central := newCollector("a"), newCollector("central")
	var all []*Batch
	for i := range 20 {
		a.now = start.Add(time.Duration(i) * 2 * time.Minute)
		a.see("hera", numbers(i*5, i*5+10)...)
		batches := a.round()
		all = append(all, batches...)
		for _, b := range batches {
			b.Taken()
		}
	}
	central.now = a.now
	for range 3 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, b := range all {
			_, err := Receive(b.Logs, central.merge)
			require.NoError(t, err)
		}
	}
	require.Equal(t, a.count("hera"), central.count("hera"))
	require.Equal(t, 105, central.count("hera"))
}

func TestReceiverWithoutStateHeals(t *testing.T) {
	a, central := newCollector("a"), newCollector("central")
	a.see("hera", numbers(0, 50)...)
	a.send(t, central)
	central = newCollector("central, begun anew")
	tick := func(to time.Duration) {
		a.now = start.Add(to)
		central.now = a.now
		a.send(t, central)
	}
	tick(length/12 - 1)
	require.Zero(t, central.count("hera"), "nothing is new")
	tick(length / 12)
	require.Equal(t, 50, central.count("hera"), "all of it is sent again, a slot later")

	central = newCollector("central, begun anew again")
	a.see("hera", 50)
	tick(length/12 + time.Minute)
	require.Equal(t, 1, central.count("hera"), "what is new alone")
	tick(2 * length / 12)
	require.Equal(t, 51, central.count("hera"))
}

func TestSeveralHops(t *testing.T) {
	a, b, middle, central := newCollector("a"), newCollector("b"), newCollector("middle"), newCollector("central")
	a.see("hera", 1, 2)
	b.see("hera", 2, 3)
	a.send(t, middle)
	b.send(t, middle)
	middle.send(t, central)
	a.send(t, central) // also directly, by mistake
	require.Equal(t, 3, central.count("hera"))
	require.Zero(t, middle.send(t, a)+a.send(t, middle), "a circle comes to rest: nothing is new to middle")
}

func TestBatchesStayBelowGRPCsLimit(t *testing.T) {
	const windows = 40
	sender, rng := NewSender(pcommon.NewResource(), ""), rand.New(rand.NewPCG(1, 2))
	r := sender.Begin(start)
	for range windows {
		w := unique.NewWindow(length, key)
		for range 20_000 {
			w.Insert(rng.Uint64(), start, start)
		}
		r.Add("m", length, w, func(pcommon.Map) {})
	}
	batches, sketches := r.Batches(), 0
	require.Greater(t, len(batches), 1)
	require.Less(t, len(batches), windows/4)
	for _, b := range batches {
		require.Less(t, (&plog.ProtoMarshaler{}).LogsSize(b.Logs), 4<<20)
		sketches += b.Logs.LogRecordCount()
	}
	require.Equal(t, windows, sketches)
}

func TestSenderForgetsWindows(t *testing.T) {
	a, central := newCollector("a"), newCollector("central")
	for range 100 {
		a.windows["hera"] = unique.NewWindow(length, key)
		a.see("hera", 1)
		a.send(t, central)
	}
	require.LessOrEqual(t, len(a.sender.sent), len(series))
}

func TestReceiveRefuses(t *testing.T) {
	const canary = "canary@example.com"
	a := newCollector("a")
	a.see("hera", 1)
	for name, spoil := range map[string]func(plog.LogRecord){
		"no metric":            func(lr plog.LogRecord) { lr.Attributes().Remove(MetricAttribute) },
		"a metric of no text":  func(lr plog.LogRecord) { lr.Attributes().PutInt(MetricAttribute, 1) },
		"no window":            func(lr plog.LogRecord) { lr.Attributes().Remove(definition.WindowAttribute) },
		"a window of no text":  func(lr plog.LogRecord) { lr.Attributes().PutInt(definition.WindowAttribute, 1) },
		"a window of no time":  func(lr plog.LogRecord) { lr.Attributes().PutStr(definition.WindowAttribute, canary) },
		"a body of text":       func(lr plog.LogRecord) { lr.Body().SetStr(canary) },
		"a body of no sketch":  func(lr plog.LogRecord) { lr.Body().SetEmptyBytes().FromRaw([]byte(canary)) },
		"an empty body":        func(lr plog.LogRecord) { lr.Body().SetEmptyBytes() },
		"a body of any size":   func(lr plog.LogRecord) { lr.Body().SetEmptyBytes().FromRaw(make([]byte, unique.MaxEncoded+1)) },
		"too many attributes":  func(lr plog.LogRecord) { putMany(lr.Attributes(), canary) },
		"the sink's own error": func(lr plog.LogRecord) { lr.Attributes().PutStr("auth.source", canary) },
		"another key": func(lr plog.LogRecord) {
			w := unique.NewWindow(length, unique.NewKey([]byte(canary)))
			w.Insert(1, start, start)
			lr.Body().SetEmptyBytes().FromRaw(w.AppendSince(nil, 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ld := plog.NewLogs()
			a.round()[0].Logs.CopyTo(ld)
			records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			records.At(0).CopyTo(records.AppendEmpty())
			records.AppendEmpty().SetEventName("login_success")
			spoil(records.At(0))
			central := newCollector("central")
			result, err := Receive(ld, central.merge)
			require.Error(t, err)
			require.NotContains(t, err.Error(), canary)
			require.Equal(t, Result{Merged: 1, Refused: 1, Others: 1}, result, "what is beside it counts")
			require.Equal(t, 1, central.count("hera"))
		})
	}
}

func putMany(m pcommon.Map, value string) {
	for i := range maxAttributes {
		m.PutStr(fmt.Sprint("a", i), value)
	}
}

func TestReasonsAreBounded(t *testing.T) {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range 1000 {
		records.AppendEmpty().SetEventName(EventName)
	}
	result, err := Receive(ld, func(Sketch) error { return nil })
	require.Equal(t, Result{Refused: 1000}, result)
	require.Equal(t, 2, strings.Count(err.Error(), "\n"))
}

func BenchmarkReceiveOthers(b *testing.B) {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range 1000 {
		records.AppendEmpty().SetEventName("login_success")
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Receive(ld, func(Sketch) error { return nil })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/record")
}
