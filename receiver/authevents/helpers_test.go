package authevents

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// patience ends a test that hangs. It is no measure: a loaded machine may take
// long.
const patience = 2 * time.Minute

var storageID = component.MustNewID("file_storage")

// storageHost is a host with a file_storage in dir. The extension of one host
// holds no file that a second one of the same directory needs.
type storageHost struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h storageHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

func newStorageHost(t *testing.T, dir string) component.Host {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = dir
	ext, err := factory.Create(t.Context(), extension.Settings{
		ID: storageID, TelemetrySettings: componenttest.NewNopTelemetrySettings(),
	}, cfg)
	require.NoError(t, err)
	require.NoError(t, ext.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, ext.Shutdown(context.Background())) })
	return storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{storageID: ext}}
}

// record is what a test looks at.
type record struct {
	event, source, body, parseError, uid, path string
}

// sink takes records, where respond lets it.
type sink struct {
	respond func(attempt int) error // nil takes all

	mu       sync.Mutex
	attempts int
	records  []record
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (s *sink) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts++
	records := recordsOf(ld)
	// As a pipeline may: nothing of it is of use thereafter.
	ld.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
	if s.respond != nil {
		if err := s.respond(s.attempts); err != nil {
			return err
		}
	}
	s.records = append(s.records, records...)
	return nil
}

func recordsOf(ld plog.Logs) []record {
	var records []record
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				records = append(records, record{
					event:      lr.EventName(),
					source:     text(sl.Scope().Attributes(), attr.Source),
					body:       lr.Body().AsString(),
					parseError: text(lr.Attributes(), attr.ParseError),
					uid:        text(lr.Attributes(), attr.LogRecordUID),
					path:       text(lr.Attributes(), attr.LogFilePath),
				})
			}
		}
	}
	return records
}

func text(m pcommon.Map, name string) string {
	if v, ok := m.Get(name); ok {
		return v.AsString()
	}
	return ""
}

func (s *sink) taken() []record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]record(nil), s.records...)
}

func (s *sink) tried() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

// await waits until n records are taken, and sees that no more come.
func (s *sink) await(t *testing.T, n int) []record {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.taken()) >= n }, patience, 2*time.Millisecond, "fewer than %d records", n)
	time.Sleep(30 * time.Millisecond)
	records := s.taken()
	require.Len(t, records, n)
	return records
}

// sampleOf returns the lines of a source that the parser's tests have.
func sampleOf(tb testing.TB, source string) []byte {
	tb.Helper()
	lines, err := os.ReadFile(filepath.Join("..", "..", "internal", "authevent", "testdata", source+".ndjson"))
	require.NoError(tb, err)
	return lines
}

func fileConfig(include ...string) *Config {
	cfg := createDefaultConfig().(*Config)
	file := *cfg.File.GetOrInsertDefault()
	file.Include = include
	file.PollInterval = 5 * time.Millisecond
	cfg.File = configoptional.Some(file)
	cfg.Retry.InitialInterval = time.Millisecond
	return cfg
}

func stdinConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Stdin.GetOrInsertDefault()
	cfg.Retry.InitialInterval = time.Millisecond
	return cfg
}

// running is a receiver that is shut down when the test ends, or before.
type running struct {
	*authEventsReceiver
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs
}

func newRunning(t *testing.T, cfg *Config, next consumer.Logs) *running {
	t.Helper()
	require.NoError(t, cfg.Validate())
	tel := componenttest.NewTelemetry()
	core, logs := observer.New(zap.DebugLevel)
	set := receivertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	set.ID = component.NewID(metadata.Type) // the positions are stored under it
	set.Logger = zap.New(core)
	r, err := newReceiver(set, cfg, next)
	require.NoError(t, err)
	return &running{r, tel, logs}
}

func (r *running) start(t *testing.T, host component.Host) {
	t.Helper()
	require.NoError(t, r.Start(t.Context(), host))
	t.Cleanup(func() { r.stop(t) })
}

func (r *running) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, r.Shutdown(context.Background()))
}

// assertCounter compares all points of a counter of the input's telemetry.
func (r *running) assertCounter(t *testing.T, name string, points []metricdata.DataPoint[int64]) {
	t.Helper()
	got, err := r.telemetry.GetMetric(name)
	require.NoError(t, err)
	metricdatatest.AssertAggregationsEqual(t, metricdata.Sum[int64]{
		Temporality: metricdata.CumulativeTemporality, IsMonotonic: true, DataPoints: points,
	}, got.Data, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}
