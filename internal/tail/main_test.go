package tail

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// line is a Line that outlives the handler's call.
type line struct {
	text      string
	offset    int64
	truncated bool
	origin    Origin
}

// sink is a handler that keeps what it takes.
type sink struct {
	mu    sync.Mutex
	lines []line
	bytes int64
	calls int
	ends  []Origin
}

func (s *sink) handle(_ context.Context, l *Lines) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.bytes += l.Bytes
	for _, x := range l.Lines {
		s.lines = append(s.lines, line{string(x.Text), x.Offset, x.Truncated, l.Origin})
	}
	if l.End {
		s.ends = append(s.ends, l.Origin)
	}
	return nil
}

func (s *sink) taken() []line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]line(nil), s.lines...)
}

func (s *sink) ended() []Origin {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Origin(nil), s.ends...)
}

func (s *sink) texts() []string {
	var texts []string
	for _, l := range s.taken() {
		texts = append(texts, l.text)
	}
	return texts
}

// following is a Files that reads, until the test ends at the latest.
type following struct {
	*Files
	log *observer.ObservedLogs
}

// follow begins to follow.
func follow(t testing.TB, cfg FilesConfig, client storage.Client, handle Handler) *following {
	t.Helper()
	return followWith(t, cfg, client, func(Origin) Handler { return handle })
}

func followWith(t testing.TB, cfg FilesConfig, client storage.Client, open Opener) *following {
	t.Helper()
	core, log := observer.New(zap.InfoLevel)
	f, err := NewFiles(cfg, zap.New(core), open)
	require.NoError(t, err)
	f.copyWait = 100 * testPoll
	require.NoError(t, f.Start(t.Context(), client))
	fl := &following{f, log}
	t.Cleanup(func() { fl.stop(t) })
	return fl
}

func (f *following) stop(t testing.TB) {
	t.Helper()
	require.NoError(t, f.Shutdown(context.Background()))
}

// settle waits for some polls.
func (f *following) settle(t testing.TB) {
	t.Helper()
	from := f.polls.Load()
	until(t, func() bool { return f.polls.Load() >= from+5 })
}

// patience ends a test that hangs. It is no measure: 10,000 files take a loaded
// machine with the race detector more than 20 seconds.
const patience = 2 * time.Minute

// await waits until n lines are taken, and sees that no more come in the next polls.
func (f *following) await(t testing.TB, s *sink, n int) []line {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.taken()) >= n }, patience, 2*time.Millisecond,
		"fewer than %d lines", n)
	f.settle(t)
	lines := s.taken()
	require.Len(t, lines, n)
	return lines
}

func until(t testing.TB, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, patience, time.Millisecond)
}

// refuse is a handler that takes nothing.
func refuse(ctx context.Context, _ *Lines) error {
	<-ctx.Done()
	return errors.New("refused")
}

// memory is a storage.Client that can fail, and show what a crash would leave.
type memory struct {
	mu      sync.Mutex
	values  map[string][]byte
	failing bool
	batches int
}

func newMemory() *memory { return &memory{values: map[string][]byte{}} }

// copy is what a crash would leave now.
func (m *memory) copy() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{values: maps.Clone(m.values)}
}

func (m *memory) fail(failing bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failing = failing
}

func (m *memory) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := m.Batch(ctx, op)
	return op.Value, err
}

func (m *memory) Set(ctx context.Context, key string, value []byte) error {
	return m.Batch(ctx, storage.SetOperation(key, value))
}

func (m *memory) Delete(ctx context.Context, key string) error {
	return m.Batch(ctx, storage.DeleteOperation(key))
}

func (m *memory) Batch(_ context.Context, ops ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches++
	if m.failing {
		return errors.New("no space left on device")
	}
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
			op.Value = m.values[op.Key]
		case storage.Set:
			m.values[op.Key] = op.Value
		case storage.Delete:
			delete(m.values, op.Key)
		}
	}
	return nil
}

func (*memory) Close(context.Context) error { return nil }

// entries are the entries that are saved.
func (m *memory) entries(t testing.TB) []entry {
	t.Helper()
	var entries []entry
	for key, b := range m.copy().values {
		if strings.HasPrefix(key, "tail/file/") {
			value, err := sealed.Unseal(key, b)
			require.NoError(t, err)
			e, err := decodeEntry(value)
			require.NoError(t, err)
			entries = append(entries, *e)
		}
	}
	return entries
}

// savedOffset is the offset that is saved for the file under path; -1 for none.
func (m *memory) savedOffset(t testing.TB, path string) int64 {
	t.Helper()
	for _, e := range m.entries(t) {
		if e.path == path && !e.superseded {
			return e.offset
		}
	}
	return -1
}

// stuck is a handler that does not heed its ctx.
type stuck struct {
	calls            atomic.Int64
	entered, release chan struct{}
}

func newStuck() *stuck { return &stuck{entered: make(chan struct{}, 10), release: make(chan struct{})} }

func (s *stuck) handle(context.Context, *Lines) error {
	s.calls.Add(1)
	s.entered <- struct{}{}
	<-s.release
	return nil
}

// abandon shuts down while the handler is called, and lets it return thereafter.
func (s *stuck) abandon(t *testing.T, shutdown func(context.Context) error) {
	t.Helper()
	<-s.entered
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, shutdown(ctx), errAbandoned)
	close(s.release)
}
