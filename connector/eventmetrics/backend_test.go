package eventmetrics

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pipeline"
)

var errAway = errors.New("away")

// backend is a metrics pipeline that ends in what a backend makes of points:
// of cumulative ones the latest, of deltas the sum. It looks at auth.events.
type backend struct {
	mu      sync.Mutex
	away    bool
	value   int64
	flushes int       // that had auth.events
	start   time.Time // of the last point
	end     time.Time
	// mutates asks for batches of its own, and makes use of it.
	mutates bool
	// onFlush is called before and after a batch is taken.
	onFlush func(taken bool)
	failed  []string
}

func (b *backend) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: b.mutates}
}

func (b *backend) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	if b.onFlush != nil {
		b.onFlush(false)
		defer b.onFlush(true)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return errAway
	}
	m, ok := eventsOf(md)
	if !ok {
		return nil // zero points of other metrics alone
	}
	b.flushes++
	if m.Sum().DataPoints().Len() != 1 {
		b.failed = append(b.failed, "not the one point of auth.events")
		return nil
	}
	p := m.Sum().DataPoints().At(0)
	start, end := p.StartTimestamp().AsTime(), p.Timestamp().AsTime()
	if end.Before(start) {
		b.failed = append(b.failed, "a point ends before it starts")
	}
	if m.Sum().AggregationTemporality() == pmetric.AggregationTemporalityDelta {
		if start.Before(b.end) {
			b.failed = append(b.failed, "a delta overlaps the one before")
		}
		b.value += p.IntValue()
	} else {
		if start.Equal(b.start) && p.IntValue() < b.value {
			b.failed = append(b.failed, "a cumulative point falls without a new start")
		}
		b.value = p.IntValue()
	}
	b.start, b.end = start, end
	if b.mutates {
		md.ResourceMetrics().RemoveIf(func(pmetric.ResourceMetrics) bool { return true })
	}
	return nil
}

func eventsOf(md pmetric.Metrics) (pmetric.Metric, bool) {
	for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		if m.Name() == "auth.events" {
			return m, true
		}
	}
	return pmetric.Metric{}, false
}

// state returns what it has, after a check of what it got.
func (b *backend) state(t *testing.T) (value int64, flushes int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Empty(t, b.failed)
	return b.value, b.flushes
}

func (b *backend) total(t *testing.T) int64 {
	t.Helper()
	value, _ := b.state(t)
	return value
}

func (b *backend) goAway(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

// copied is the backend at this moment.
func (b *backend) copied() *backend {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &backend{value: b.value, flushes: b.flushes, start: b.start, end: b.end, failed: b.failed}
}

// routed puts backends behind a connector as the collector does.
func routed(backends ...*backend) consumer.Metrics {
	pipelines := map[pipeline.ID]consumer.Metrics{}
	for i, b := range backends {
		pipelines[pipeline.NewIDWithName(pipeline.SignalMetrics, string(rune('a'+i)))] = b
	}
	return connector.NewMetricsRouter(pipelines)
}

var temporalities = []string{temporalityCumulative, temporalityDelta}

// eachTemporality runs a test in a bubble of its own for each.
func eachTemporality(t *testing.T, test func(t *testing.T, cfg *Config)) {
	for _, temporality := range temporalities {
		t.Run(temporality, func(t *testing.T) {
			cfg := defaultConfig()
			cfg.Temporality = temporality
			test(t, cfg)
		})
	}
}

// startedWith starts a connector on a disk, or without one.
func startedWith(t *testing.T, cfg *Config, disk *memory, next consumer.Metrics) *eventMetrics {
	t.Helper()
	h := componenttest.NewNopHost()
	if disk != nil {
		withStorage := *cfg
		withStorage.Storage = &storageID
		cfg, h = &withStorage, host(disk)
	}
	c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), cfg, next)
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), h))
	return c
}

// consume counts one event for each uid.
func consume(t *testing.T, c *eventMetrics, uids ...string) {
	t.Helper()
	require.NoError(t, c.ConsumeLogs(t.Context(), logs(uids...)))
}
