package eventmetrics

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique/exchange"
)

// oneWindow is an engine with a single series of unique users.
type oneWindow struct {
	key    unique.Key
	mu     sync.Mutex
	window *unique.Window
	counts int // calls of Compute
}

func newOneWindow(secret string) *oneWindow {
	key := unique.NewKey([]byte(secret))
	return &oneWindow{key: key, window: unique.NewWindow(time.Hour, key)}
}

func (w *oneWindow) EachWindow(visit func(string, []eventmetrics.Attribute, time.Duration, *unique.Window)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	visit("auth.users.unique", []eventmetrics.Attribute{{Name: "auth.source", Value: "hera"}, {Name: "auth.first_login", Bool: true, IsBool: true}},
		time.Hour, w.window)
}

func (w *oneWindow) MergeWindow(metric string, attributes pcommon.Map, length time.Duration, data []byte) (eventmetrics.Result, error) {
	source, _ := attributes.Get("auth.source")
	first, _ := attributes.Get("auth.first_login")
	if metric != "auth.users.unique" || source.Str() != "hera" || !first.Bool() || length != time.Hour {
		return eventmetrics.Result{}, errors.New("it is of no series")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return eventmetrics.Result{Folded: 1}, w.window.MergeBinary(data, time.Now())
}

func (w *oneWindow) Compute(ld plog.Logs) *eventmetrics.Tx {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts++
	for _, rl := range ld.ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			if id, ok := lr.Attributes().Get("user.id"); ok {
				w.window.Insert(w.key.Hash(id.Str()), time.Now(), time.Now())
			}
		}
	}
	return &eventmetrics.Tx{}
}

func (w *oneWindow) users() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int(w.window.Estimate(time.Now()))
}

// logSink keeps what it takes, and refuses while err is set.
type logSink struct {
	mu    sync.Mutex
	err   error
	taken []plog.Logs
}

func (*logSink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *logSink) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.taken = append(s.taken, ld)
	return nil
}

func (s *logSink) refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *logSink) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.taken)
}

func signIns(users ...string) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, user := range users {
		lr := records.AppendEmpty()
		lr.SetEventName("login_success")
		lr.Attributes().PutStr("user.id", user)
	}
	return ld
}

func startedSketches(t *testing.T, engine *oneWindow, next consumer.Logs) *sketchSender {
	s := newSketchSender(componenttest.NewNopTelemetrySettings(), engine, defaultInterval, next)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, s.Shutdown(context.Background())) })
	return s
}

func TestSketchesMeetInAnotherCollector(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		central := newOneWindow("shared")
		receiver := startedSketches(t, central, &logSink{})
		for _, users := range [][]string{{"ann", "bob"}, {"bob", "cyn"}} {
			agent := startedSketches(t, newOneWindow("shared"), receiver)
			require.NoError(t, agent.ConsumeLogs(t.Context(), signIns(users...)))
		}
		time.Sleep(defaultInterval)
		synctest.Wait()
		assert.Equal(t, 3, central.users(), "bob signed in at both")
		assert.Zero(t, central.counts, "sketches are no events")

		mixed := signIns("dan")
		lr := mixed.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
		lr.SetEventName(exchange.EventName)
		require.NoError(t, receiver.ConsumeLogs(t.Context(), mixed))
		assert.Equal(t, 4, central.users(), "what is beside a sketch, even a bad one, counts")
	})
}

func TestSketchesSendWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Minute) // off the edge of a slot
		next := &logSink{}
		s := startedSketches(t, newOneWindow("shared"), next)
		time.Sleep(3 * defaultInterval)
		synctest.Wait()
		assert.Zero(t, next.calls(), "nothing was counted")
		require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann")))
		time.Sleep(3 * defaultInterval)
		synctest.Wait()
		require.Equal(t, 1, next.calls())
		lr := next.taken[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		assert.Equal(t, exchange.EventName, lr.EventName())
		assert.Equal(t, map[string]any{
			"auth.source": "hera", "auth.first_login": true,
			exchange.MetricAttribute: "auth.users.unique", definition.WindowAttribute: "1h0m0s",
		}, lr.Attributes().AsRaw())
	})
}

func TestSketchesNameTheirInstance(t *testing.T) {
	set := componenttest.NewNopTelemetrySettings()
	set.Resource.Attributes().PutStr("service.instance.id", "instance-7")
	next := &logSink{}
	s := newSketchSender(set, newOneWindow("shared"), time.Hour, next)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann")))
	require.NoError(t, s.Shutdown(t.Context()))
	id, _ := next.taken[0].ResourceLogs().At(0).Resource().Attributes().Get("service.instance.id")
	assert.Equal(t, "instance-7", id.Str())
}

func TestRefusedSketchesAreSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logged := observer.New(zap.InfoLevel)
		set := componenttest.NewNopTelemetrySettings()
		set.Logger = zap.New(core)
		next, engine := &logSink{}, newOneWindow("shared")
		s := newSketchSender(set, engine, defaultInterval, next)
		require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann")))
		next.refuse(errors.New("ann@example.com"))
		time.Sleep(3 * defaultInterval)
		synctest.Wait()
		assert.Equal(t, 1, logged.Len(), "said once")
		next.refuse(nil)
		time.Sleep(2 * defaultInterval)
		synctest.Wait()
		assert.Equal(t, 1, next.calls(), "taken once")
		assert.Equal(t, 2, logged.Len())
		for _, entry := range logged.All() {
			assert.NotContains(t, entry.ContextMap(), "error", "another's error may quote records")
		}
		require.NoError(t, s.Shutdown(t.Context()))
	})
}

func TestSketchesShutdown(t *testing.T) {
	next := &logSink{}
	s := newSketchSender(componenttest.NewNopTelemetrySettings(), newOneWindow("shared"), defaultInterval, next)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()), "a second start does nothing")
	require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann")))
	require.NoError(t, s.Shutdown(t.Context()))
	assert.Equal(t, 1, next.calls())
	require.NoError(t, s.Shutdown(t.Context()))
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()), "no start after the end")
	assert.Equal(t, 1, next.calls())

	unstarted := newSketchSender(componenttest.NewNopTelemetrySettings(), newOneWindow("shared"), defaultInterval, next)
	require.NoError(t, unstarted.ConsumeLogs(t.Context(), signIns("ann")))
	require.NoError(t, unstarted.Shutdown(t.Context()))
	assert.Equal(t, 1, next.calls(), "the next consumer was not started either")
}

func TestRefusedSketchesAreSaidNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logged := observer.New(zap.InfoLevel)
		r := newSketchReceiver(newOneWindow("mine"), zap.New(core))
		folded := 0
		r.counted = func(_ context.Context, result eventmetrics.Result) { folded += result.Folded }
		next := &logSink{}
		s := newSketchSender(componenttest.NewNopTelemetrySettings(), newOneWindow("another's"), defaultInterval, next)
		require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann@example.com")))
		require.NoError(t, s.Shutdown(t.Context()))
		for range 10 {
			assert.False(t, r.receive(t.Context(), next.taken[0]))
		}
		time.Sleep(quiet)
		assert.False(t, r.receive(t.Context(), next.taken[0]))
		assert.Equal(t, 11, folded, "what the bounds make of labels is counted")
		require.Equal(t, 2, logged.Len())
		assert.EqualValues(t, 1, logged.All()[0].ContextMap()["refused"])
		assert.EqualValues(t, 10, logged.All()[1].ContextMap()["refused"])
		assert.Contains(t, logged.All()[0].ContextMap()["error"], "unique.secret")
		assert.NotContains(t, logged.All()[0].ContextMap()["error"], "ann")
	})
}
