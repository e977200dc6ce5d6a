package authevents

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
)

// fakeStopper notes that it was asked, and what had been taken by then.
type fakeStopper struct {
	sink   *sink
	asked  atomic.Bool
	taken  atomic.Int64
	closed atomic.Bool
}

func (f *fakeStopper) ask(component.Host) {
	f.taken.Store(int64(len(f.sink.taken())))
	f.asked.Store(true)
}

func (f *fakeStopper) close() { f.closed.Store(true) }

// pipe is a standard input of the kind that a shell gives.
func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	return r, w
}

func startStdin(t *testing.T, cfg *Config, in io.Reader, s *sink) (*running, *fakeStopper) {
	t.Helper()
	r := newRunning(t, cfg, s)
	stop := &fakeStopper{sink: s}
	r.stdin, r.stopper = in, stop
	r.start(t, componenttest.NewNopHost())
	return r, stop
}

// All is delivered, then the collector is asked to stop, and no error is logged.
func TestStdinEOF(t *testing.T) {
	in, w := pipe(t)
	attempts := 0
	s := &sink{respond: func(int) error {
		if attempts++; attempts == 2 {
			return errors.New("again")
		}
		return nil
	}}
	r, stop := startStdin(t, stdinConfig(), in, s)
	go func() {
		_, _ = w.WriteString("# Logfile created on 2026-05-20\n\n" + heraLines(0, 1000) + hera(1000))
		_ = w.Close()
	}()
	require.Eventually(t, stop.asked.Load, patience, time.Millisecond)
	assert.EqualValues(t, 1001, stop.taken.Load(), "all before the end is reported")
	uids := map[string]bool{}
	for i, rec := range s.taken() {
		assert.Equal(t, hera(i), rec.body)
		assert.Empty(t, rec.path)
		uids[rec.uid] = true
	}
	assert.Len(t, uids, 1001)
	assert.Zero(t, r.logs.FilterLevelExact(zap.ErrorLevel).Len())
	r.stop(t)
	assert.True(t, stop.closed.Load())

	input := attribute.String("input", "stdin")
	r.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		point(1001, input, attribute.String("result", "event"), attribute.String("source", "hera")),
		point(1, input, attribute.String("result", "skipped"), attribute.String("reason", "blank")),
		point(1, input, attribute.String("result", "skipped"), attribute.String("reason", "logfile_header")),
	})
}

func TestStdinEOFThatDoesNotStop(t *testing.T) {
	withFile := stdinConfig()
	withFile.File = fileConfig("nothing").File
	stays := stdinConfig()
	stays.Stdin.Get().OnEOF = "keep_running"
	for name, cfg := range map[string]*Config{"file is set too": withFile, "keep_running": stays} {
		t.Run(name, func(t *testing.T) {
			var s sink
			r, stop := startStdin(t, cfg, strings.NewReader(heraLines(0, 1)), &s)
			require.Eventually(t, func() bool { return r.logs.FilterMessage("Standard input is at its end").Len() == 1 },
				patience, time.Millisecond)
			assert.Len(t, s.taken(), 1)
			assert.False(t, stop.asked.Load())
		})
	}
}

// What was read is delivered, and the collector's exit code says that it is not all.
func TestStdinReadError(t *testing.T) {
	s := &sink{}
	r := newRunning(t, stdinConfig(), s)
	stop := &fakeStopper{sink: s}
	r.stopper = stop
	r.stdin = io.MultiReader(strings.NewReader(heraLines(0, 1)), iotest.ErrReader(errors.New("broken")))
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	require.Eventually(t, stop.asked.Load, patience, time.Millisecond)
	require.EqualError(t, r.Shutdown(t.Context()), "stdin: broken")
	assert.Len(t, s.taken(), 1)
	assert.Equal(t, 1, r.logs.FilterLevelExact(zap.ErrorLevel).Len())
}

// Lines are handed over as they come; Shutdown does not wait for the next ones.
func TestStdinShutdownWhileBlocked(t *testing.T) {
	in, w := pipe(t)
	var s sink
	r, stop := startStdin(t, stdinConfig(), in, &s)
	_, err := w.WriteString(heraLines(0, 2))
	require.NoError(t, err)
	s.await(t, 2)
	r.stop(t)
	r.stop(t)
	assert.False(t, stop.asked.Load())
}

func TestStdinShutdownWhileRefused(t *testing.T) {
	s := &sink{respond: func(int) error { return errors.New("down") }}
	r, stop := startStdin(t, stdinConfig(), strings.NewReader(heraLines(0, 2)), s)
	require.Eventually(t, func() bool { return s.tried() > 2 }, patience, time.Millisecond)
	r.stop(t)
	assert.False(t, stop.asked.Load(), "not all was delivered")
}

// A next component that does not heed its context, as one that writes to a pipe
// which nobody reads, can't keep the collector from stopping.
func TestStdinShutdownWhileStuck(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := &sink{respond: func(int) error {
		close(entered)
		<-release
		return nil
	}}
	r := newRunning(t, stdinConfig(), s)
	r.stdin, r.shutdownTimeout = strings.NewReader(heraLines(0, 2)), 20*time.Millisecond
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	<-entered
	require.ErrorContains(t, r.Shutdown(t.Context()), "stdin: lines are still being handed on")
	close(release)
}
