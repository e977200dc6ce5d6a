package eventmetrics

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func TestShutdownFlushesOnce(t *testing.T) {
	next := &sink{}
	c := started(t, next)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()), "a second start does nothing")
	require.NoError(t, c.ConsumeLogs(t.Context(), logs("", "")))
	require.NoError(t, c.Shutdown(t.Context()))
	assert.EqualValues(t, 2, next.last(t).IntValue())
	require.NoError(t, c.Shutdown(t.Context()))
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()), "no start after the end")
	assert.Equal(t, 1, next.calls())
}

func TestShutdownWithoutStart(t *testing.T) {
	next := &sink{}
	c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), defaultConfig(), next)
	require.NoError(t, err)
	require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
	require.NoError(t, c.Shutdown(t.Context()))
	assert.Zero(t, next.calls(), "the next consumer was not started either")
}

// blocking is a consumer that takes nothing and waits for its context.
type blocking struct{ consumer.Metrics }

func (blocking) ConsumeMetrics(ctx context.Context, _ pmetric.Metrics) error {
	<-ctx.Done()
	return ctx.Err()
}

// blockingLogs is the same for logs.
type blockingLogs struct{ consumer.Logs }

func (blockingLogs) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	<-ctx.Done()
	return ctx.Err()
}

// Both faces of the connector end in time, whatever the next consumer does.
func TestShutdownIsBounded(t *testing.T) {
	faces := map[string]func(*testing.T) (component.Component, *loop){
		"metrics": func(t *testing.T) (component.Component, *loop) {
			c := started(t, blocking{})
			require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
			return c, c.loop
		},
		"sketches": func(t *testing.T) (component.Component, *loop) {
			s := newSketchSender(componenttest.NewNopTelemetrySettings(), newOneWindow("shared"), defaultInterval, blockingLogs{})
			require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
			require.NoError(t, s.ConsumeLogs(t.Context(), signIns("ann")))
			return s, s.loop
		},
	}
	waits := map[string]time.Duration{
		"while a flush hangs":   defaultInterval + time.Second,
		"in its own last flush": time.Second,
	}
	for face, start := range faces {
		for name, wait := range waits {
			t.Run(face+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, l := start(t)
					time.Sleep(wait)
					begin := time.Now()
					require.Error(t, c.Shutdown(context.WithoutCancel(t.Context()))) // the collector sets no bound
					assert.Equal(t, patienceOfShutdown, time.Since(begin))
					synctest.Wait()
					<-l.done // the goroutine is gone, or the test would hang here
				})
			})
		}
	}
}

// stubborn is a metrics consumer that does not look at its context.
type stubborn struct {
	consumer.Metrics
	release chan struct{}
}

func (s stubborn) ConsumeMetrics(context.Context, pmetric.Metrics) error {
	<-s.release
	return nil
}

// A flush that goes on although it was cancelled is left alone: nothing is
// stored or closed under it.
func TestShutdownLeavesAStubbornFlushAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := stubborn{release: make(chan struct{})}
		c := started(t, next)
		require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
		time.Sleep(defaultInterval + time.Second)
		ended := false
		begin := time.Now()
		err := c.loop.shutdown(t.Context(), func(error) error { ended = true; return nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, patienceOfShutdown+graceOfFlush, time.Since(begin))
		assert.False(t, ended)
		close(next.release)
		<-c.loop.done
		c.tel.builder.Shutdown()
	})
}
