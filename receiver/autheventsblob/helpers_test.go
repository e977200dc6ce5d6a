package autheventsblob

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/receiver/autheventsblob/internal/metadata"
)

// patience ends a test that hangs. It is no measure: a loaded machine may take
// long.
const patience = 2 * time.Minute

var storageID = component.MustNewID("file_storage")

// storageHost is a host with a storage extension.
type storageHost struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h storageHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

// newStorageHost has the stock file_storage in dir.
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
type record struct{ body, uid, name, path string }

// sink takes records, where respond lets it.
type sink struct {
	respond func(ctx context.Context, taken int) error // nil takes all; taken is how many were before

	mu      sync.Mutex
	tried   int
	records []record
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (s *sink) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	s.mu.Lock()
	taken := len(s.records)
	s.tried++
	s.mu.Unlock()
	if s.respond != nil {
		if err := s.respond(ctx, taken); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				text := func(name string) string {
					v, _ := lr.Attributes().Get(name)
					return v.AsString()
				}
				s.records = append(s.records, record{
					lr.Body().AsString(), text(attr.LogRecordUID), text(attr.LogFileName), text(attr.LogFilePath),
				})
			}
		}
	}
	return nil
}

func (s *sink) taken() []record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]record(nil), s.records...)
}

// await waits until n records are taken.
func (s *sink) await(t *testing.T, n int) []record {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.taken()) >= n }, patience, 2*time.Millisecond,
		"fewer than %d records", n)
	return s.taken()
}

// bodies counts how often each body came.
func bodies(records []record) map[string]int {
	counts := map[string]int{}
	for _, r := range records {
		counts[r.body]++
	}
	return counts
}

// uids returns the uids that each body came with.
func uids(records []record) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, r := range records {
		if all[r.body] == nil {
			all[r.body] = map[string]bool{}
		}
		all[r.body][r.uid] = true
	}
	return all
}

// event is a line of Hera that no other has.
func event(name string, i int) string {
	return fmt.Sprintf(`{"type":"audit","event":"login_succeeded","ts":"2026-03-01T10:00:00Z","identity_id":"%s-%d"}`, name, i)
}

// events returns n lines.
func events(name string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(event(name, i))
		b.WriteByte('\n')
	}
	return b.String()
}

// assertAll sees that each of the lines of events came, as it was written.
func assertAll(t *testing.T, records []record, name string, n int) {
	t.Helper()
	counts := bodies(records)
	for i := range n {
		require.NotZero(t, counts[event(name, i)], "%s %d", name, i)
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func zstandard(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	require.NoError(t, err)
	return w.EncodeAll([]byte(text), nil)
}

func testConfig(url string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.URL = url
	cfg.PollInterval = 5 * time.Millisecond
	cfg.Retry.InitialInterval = time.Millisecond
	cfg.Storage = &storageID
	return cfg
}

// running is a receiver that is shut down when the test ends, or before.
type running struct {
	*blobReceiver
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
	set.ID = component.NewID(metadata.Type) // the state is stored under it
	set.Logger = zap.New(core)
	r, err := newReceiver(set, cfg, next)
	require.NoError(t, err)
	return &running{r, tel, logs}
}

func (r *running) start(t *testing.T, host component.Host) *running {
	t.Helper()
	require.NoError(t, r.Start(t.Context(), host))
	t.Cleanup(func() { r.stop(t) })
	return r
}

func (r *running) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, r.Shutdown(context.Background()))
}

// passes returns how many passes have begun.
func (r *running) passes() uint32 {
	s := r.checkpoints.state
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass
}

// awaitPasses waits until two more passes have begun: so one has gone by that
// saw all that was there.
func (r *running) awaitPasses(t *testing.T) {
	t.Helper()
	until := r.passes() + 2
	require.Eventually(t, func() bool { return r.passes() >= until }, patience, time.Millisecond)
}

// objects returns how many objects are counted with a result.
func (r *running) objects(t *testing.T, result string) int64 {
	t.Helper()
	return r.count(t, "otelcol_auth_events_blob_objects", "result", result)
}

// count returns the sum of the points of a counter that have the attribute.
func (r *running) count(t *testing.T, name, attribute, value string) int64 {
	t.Helper()
	got, err := r.telemetry.GetMetric(name)
	if err != nil {
		return 0 // nothing counted yet
	}
	var sum int64
	for _, point := range got.Data.(metricdata.Sum[int64]).DataPoints {
		if v, ok := point.Attributes.Value("result"); attribute == "result" && ok && v.AsString() == value {
			sum += point.Value
		}
		if v, ok := point.Attributes.Value("error.type"); attribute == "error.type" && ok && v.AsString() == value {
			sum += point.Value
		}
	}
	return sum
}
