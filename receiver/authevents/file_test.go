package authevents

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
)

// hera is a line of Hera that tells itself apart by its reason.
func hera(n int) string {
	return fmt.Sprintf(`{"type":"audit","event":"pkce_failed","reason":"r%d","domain":"ciam","ts":"2026-05-20T10:00:00.000Z"}`, n)
}

func heraLines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(hera(i) + "\n")
	}
	return b.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func point(value int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(attributes...)}
}

func linePoint(value int64, result string, more ...attribute.KeyValue) metricdata.DataPoint[int64] {
	return point(value, append(more, attribute.String("input", "file"), attribute.String("result", result))...)
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	long := "text " + strings.Repeat("x", 3<<20)
	text := "# Logfile created on 2026-05-20 10:00:00 +0000 by logger.rb\n" +
		heraLines(0, 2) + "\n  \r\n" + "plain text\n{\"a\":1,}\n" + long + "\n" + heraLines(2, 3)
	loginGov := sampleOf(t, "login_gov")
	write(t, path, text+string(loginGov))
	var s sink
	cfg := fileConfig(path)
	cfg.Storage = &storageID
	r := newRunning(t, cfg, &s)
	r.start(t, newStorageHost(t, t.TempDir()))

	events := bytes.Count(loginGov, []byte("\n"))
	records := s.await(t, 6+events)
	r.stop(t) // a batch is counted after the call that takes it
	uids := map[string]bool{}
	var parseErrors []string
	sources := map[string]int{}
	for _, rec := range records {
		assert.Equal(t, path, rec.path)
		uids[rec.uid] = true
		sources[rec.source]++
		if rec.parseError != "" {
			parseErrors = append(parseErrors, rec.parseError+" "+rec.body[:min(len(rec.body), 12)])
		}
	}
	assert.Len(t, uids, len(records))
	assert.Equal(t, map[string]int{"hera": 3, "login_gov": events, "": 3}, sources)
	assert.Equal(t, []string{"not_json plain text", `invalid_json {"a":1,}`, "too_long text xxxxxxx"}, parseErrors)

	input := attribute.String("input", "file")
	code := func(reason string) attribute.KeyValue { return attribute.String("reason", reason) }
	r.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		linePoint(3, "event", attribute.String("source", "hera")),
		linePoint(int64(events), "event", attribute.String("source", "login_gov")),
		linePoint(1, "unparsed", code("not_json")),
		linePoint(1, "unparsed", code("invalid_json")),
		linePoint(1, "unparsed", code("too_long")),
		linePoint(2, "skipped", code("blank")),
		linePoint(1, "skipped", code("logfile_header")),
	})
	r.assertCounter(t, "otelcol_auth_events_bytes", []metricdata.DataPoint[int64]{
		point(int64(len(text)+len(loginGov)), input),
	})
	r.assertCounter(t, "otelcol_auth_events_truncated_lines", []metricdata.DataPoint[int64]{point(1, attribute.String("input", "file"))})
	accepted, err := r.telemetry.GetMetric("otelcol_receiver_accepted_log_records")
	require.NoError(t, err)
	metricdatatest.AssertAggregationsEqual(t, metricdata.Sum[int64]{
		Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
		DataPoints: []metricdata.DataPoint[int64]{point(int64(len(records)),
			attribute.String("receiver", r.id.String()), attribute.String("transport", "file"))},
	}, accepted.Data, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}

func TestFileUnparsedDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, "plain\n"+heraLines(0, 1))
	cfg := fileConfig(path)
	cfg.Lines.Unparsed = "drop"
	var s sink
	r := newRunning(t, cfg, &s)
	r.start(t, componenttest.NewNopHost())
	assert.Equal(t, "pkce_failed", s.await(t, 1)[0].event)
	r.stop(t)
	r.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		linePoint(1, "event", attribute.String("source", "hera")),
		linePoint(1, "unparsed", attribute.String("reason", "not_json")),
	})
}

// Lines that make no record are acknowledged without a call.
func TestFileNothingToSend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, "\n\n# Logfile created on 2026-05-20 by logger.rb\n")
	var s sink
	r := newRunning(t, fileConfig(path), &s)
	r.start(t, componenttest.NewNopHost())
	require.Eventually(t, func() bool {
		m, err := r.telemetry.GetMetric("otelcol_auth_events_bytes")
		return err == nil && m.Data.(metricdata.Sum[int64]).DataPoints[0].Value == 47
	}, patience, 5*time.Millisecond)
	assert.Zero(t, s.tried())
}

func TestFileRestart(t *testing.T) {
	path, dir := filepath.Join(t.TempDir(), "auth.ndjson"), t.TempDir()
	write(t, path, heraLines(0, 250))
	cfg := fileConfig(path)
	cfg.Storage = &storageID
	var s sink
	host := newStorageHost(t, dir)
	r := newRunning(t, cfg, &s)
	r.start(t, host)
	s.await(t, 250)
	r.stop(t)
	appendTo(t, path, heraLines(250, 251))
	r = newRunning(t, cfg, &s)
	r.start(t, host)
	records := s.await(t, 251)
	assert.Equal(t, hera(250), records[250].body)
}

// A batch that was refused, and emptied by who refused it, is built anew.
func TestFileRetry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 3))
	never := consumererror.NewPermanent(errors.New("never"))
	s := &sink{respond: func(attempt int) error {
		switch attempt {
		case 1:
			return errors.New("again")
		case 2:
			return errors.Join(never, errors.New("again"))
		}
		return nil
	}}
	r := newRunning(t, fileConfig(path), s)
	r.start(t, componenttest.NewNopHost())
	for i, rec := range s.await(t, 3) {
		assert.Equal(t, hera(i), rec.body)
		assert.Equal(t, "pkce_failed", rec.event)
	}
	assert.Equal(t, 3, s.tried())
	r.stop(t)
	r.assertCounter(t, "otelcol_auth_events_retries", []metricdata.DataPoint[int64]{point(2, attribute.String("input", "file"))})
	r.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		linePoint(3, "event", attribute.String("source", "hera")),
	})
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("none is acknowledged until it does").Len())
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("takes records again").Len())
}

// What is refused for good is counted, said once per outage without a word of
// the records or of the error, and done with.
func TestFileRefusedForGood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 250))
	refusing := true
	s := &sink{respond: func(int) error {
		if refusing {
			return consumererror.NewPermanent(errors.New("bad value: pkce_failed"))
		}
		return nil
	}}
	r := newRunning(t, fileConfig(path), s)
	r.start(t, componenttest.NewNopHost())
	require.Eventually(t, func() bool { return s.tried() == 1 }, patience, time.Millisecond)
	s.mu.Lock()
	refusing = false
	s.mu.Unlock()
	appendTo(t, path, heraLines(250, 251))
	assert.Equal(t, hera(250), s.await(t, 1)[0].body)
	r.stop(t)

	r.assertCounter(t, "otelcol_auth_events_refused", []metricdata.DataPoint[int64]{point(250, attribute.String("input", "file"))})
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("refuses records for good").Len())
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("takes records again").Len())
	for _, entry := range r.logs.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), "pkce_failed")
	}
}

// Shutdown while the next component refuses: what it took is done with, the
// other lines are read after a restart.
func TestFileShutdownWhileRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 100))
	cfg := fileConfig(path)
	cfg.Storage = &storageID
	host := newStorageHost(t, t.TempDir())
	down := &sink{respond: func(attempt int) error {
		if attempt == 1 {
			return nil
		}
		return errors.New("down")
	}}
	r := newRunning(t, cfg, down)
	r.start(t, host)
	require.Len(t, down.await(t, 100), 100)
	appendTo(t, path, heraLines(100, 250))
	require.Eventually(t, func() bool { return down.tried() > 3 }, patience, time.Millisecond)
	r.stop(t)
	require.Len(t, down.taken(), 100)
	r.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		linePoint(100, "event", attribute.String("source", "hera")),
	})
	assert.Zero(t, r.logs.FilterLevelExact(zap.ErrorLevel).Len())

	var up sink
	r = newRunning(t, cfg, &up)
	r.start(t, host)
	for i, rec := range up.await(t, 150) {
		assert.Equal(t, hera(100+i), rec.body)
	}
}

// A call under way when shutdown comes may end, and is acknowledged.
func TestFileShutdownDuringCall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 3))
	cfg := fileConfig(path)
	cfg.Storage = &storageID
	host := newStorageHost(t, t.TempDir())
	entered := make(chan struct{})
	var taken int
	slow, err := consumer.NewLogs(func(ctx context.Context, ld plog.Logs) error {
		close(entered)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
			taken = ld.LogRecordCount()
			return nil
		}
	})
	require.NoError(t, err)
	r := newRunning(t, cfg, slow)
	r.start(t, host)
	<-entered
	r.stop(t)
	require.Equal(t, 3, taken)
	appendTo(t, path, heraLines(3, 4))
	var s sink
	r = newRunning(t, cfg, &s)
	r.start(t, host)
	assert.Equal(t, hera(3), s.await(t, 1)[0].body)
}

// Lines of equal text, in files that follow each other under one path, are
// records with uids of their own.
func TestFileRotation(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "auth.ndjson")
	write(t, path, heraLines(0, 2))
	var s sink
	r := newRunning(t, fileConfig(filepath.Join(dir, "auth*")), &s)
	r.start(t, componenttest.NewNopHost())
	s.await(t, 2)
	appendTo(t, path, heraLines(2, 3))
	require.NoError(t, os.Rename(path, path+".1"))
	write(t, path, heraLines(3, 4)) // a new file
	s.await(t, 4)
	require.NoError(t, os.Truncate(path, 0)) // a copytruncate
	appendTo(t, path, "\n"+heraLines(4, 5))
	s.await(t, 5)
	write(t, path, "") // truncated
	appendTo(t, path, "\n")
	records := s.await(t, 5)
	uids := map[string]bool{}
	for _, rec := range records {
		uids[rec.uid] = true
	}
	assert.Len(t, uids, 5)
}

func TestFileHalfLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 1)+hera(1)[:20])
	var s sink
	r := newRunning(t, fileConfig(path), &s)
	r.start(t, componenttest.NewNopHost())
	s.await(t, 1)
	appendTo(t, path, hera(1)[20:]) // whole, without a line end
	s.await(t, 2)
	appendTo(t, path, "\n"+heraLines(2, 3))
	for i, rec := range s.await(t, 3) {
		assert.Equal(t, hera(i), rec.body)
	}
}

func TestFileGzip(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(heraLines(0, 150)))
	require.NoError(t, err)
	require.NoError(t, w.Close())

	t.Run("auto", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "auth.ndjson.1.gz")
		write(t, path, b.String())
		cfg := fileConfig(path)
		cfg.File.Get().Compression = "auto"
		var s sink
		r := newRunning(t, cfg, &s)
		r.start(t, componenttest.NewNopHost())
		for i, rec := range s.await(t, 150) {
			assert.Equal(t, hera(i), rec.body)
		}
	})
	t.Run("none", func(t *testing.T) { // bytes, of which nothing is an event
		path := filepath.Join(t.TempDir(), "auth.ndjson.1.gz")
		last := hera(150)
		write(t, path, b.String()+"\n"+last+"\n")
		cfg := fileConfig(path)
		cfg.File.Get().Compression = "none"
		var s sink
		r := newRunning(t, cfg, &s)
		r.start(t, componenttest.NewNopHost())
		var records []record
		require.Eventually(t, func() bool {
			records = s.taken()
			return len(records) > 0 && records[len(records)-1].body == last
		}, patience, 2*time.Millisecond)
		before := records[:len(records)-1]
		require.NotEmpty(t, before)
		for _, rec := range before {
			assert.Empty(t, rec.source)
		}
	})
}

func TestFileStorageMissing(t *testing.T) {
	cfg := fileConfig("nothing")
	cfg.Storage = &storageID
	r := newRunning(t, cfg, &sink{})
	require.EqualError(t, r.Start(t.Context(), componenttest.NewNopHost()),
		`storage: there is no extension "file_storage": list it under service.extensions`)
	r.stop(t)

	r = newRunning(t, cfg, &sink{})
	host := storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{storageID: struct{ component.Component }{}}}
	require.EqualError(t, r.Start(t.Context(), host),
		`storage: the extension "file_storage" is no storage: use one such as file_storage`)
	r.stop(t)
}

// A call that hangs ends with the grace, and its lines are not acknowledged.
func TestFileShutdownDuringHangingCall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	write(t, path, heraLines(0, 3))
	cfg := fileConfig(path)
	cfg.Storage = &storageID
	host := newStorageHost(t, t.TempDir())
	entered := make(chan struct{})
	hanging, err := consumer.NewLogs(func(ctx context.Context, _ plog.Logs) error {
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	})
	require.NoError(t, err)
	r := newRunning(t, cfg, hanging)
	r.start(t, host)
	<-entered
	begin := time.Now()
	r.stop(t)
	took := time.Since(begin)
	assert.GreaterOrEqual(t, took, 2*time.Second)
	assert.Less(t, took, shutdownTimeout)
	var s sink
	r = newRunning(t, cfg, &s)
	r.start(t, host)
	s.await(t, 3)
}

// What is not taken yet shows as lag.
func TestFileLag(t *testing.T) {
	path := filepath.Join(t.TempDir(), "auth.ndjson")
	text := heraLines(0, 10)
	write(t, path, text)
	var up atomic.Bool
	s := &sink{respond: func(int) error {
		if up.Load() {
			return nil
		}
		return errors.New("down")
	}}
	r := newRunning(t, fileConfig(path), s)
	r.start(t, componenttest.NewNopHost())
	require.Eventually(t, func() bool { return s.tried() > 0 }, patience, time.Millisecond)
	value := func(name string) float64 {
		got, err := r.telemetry.GetMetric(name)
		require.NoError(t, err)
		switch data := got.Data.(type) {
		case metricdata.Gauge[int64]:
			return float64(data.DataPoints[0].Value)
		case metricdata.Gauge[float64]:
			return data.DataPoints[0].Value
		}
		return -1
	}
	assert.EqualValues(t, 1, value("otelcol_auth_events_files"))
	assert.EqualValues(t, len(text), value("otelcol_auth_events_unread"))
	assert.Positive(t, value("otelcol_auth_events_lag"))
	up.Store(true)
	s.await(t, 10)
	require.Eventually(t, func() bool {
		return value("otelcol_auth_events_unread") == 0 && value("otelcol_auth_events_lag") == 0
	}, patience, time.Millisecond)
}
