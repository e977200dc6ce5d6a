package tail

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"
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
}

func (s *sink) handle(_ context.Context, l *Lines) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.bytes += l.Bytes
	for _, x := range l.Lines {
		s.lines = append(s.lines, line{string(x.Text), x.Offset, x.Truncated, l.Origin})
	}
	return nil
}

func (s *sink) taken() []line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]line(nil), s.lines...)
}

func (s *sink) texts() []string {
	var texts []string
	for _, l := range s.taken() {
		texts = append(texts, l.text)
	}
	return texts
}

// await waits until n lines are taken, and sees that no more come.
func (s *sink) await(t *testing.T, n int) []line {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.taken()) >= n }, 10*time.Second, 2*time.Millisecond,
		"fewer than %d lines", n)
	time.Sleep(5 * testPoll)
	lines := s.taken()
	require.Len(t, lines, n)
	return lines
}

// refuse is a handler that takes nothing.
func refuse(ctx context.Context, _ *Lines) error {
	<-ctx.Done()
	return errors.New("refused")
}

// memory is a storage.Client that can show what a crash would leave.
type memory struct {
	mu     sync.Mutex
	values map[string][]byte
}

func newMemory() *memory { return &memory{values: map[string][]byte{}} }

func (m *memory) copy() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{values: maps.Clone(m.values)}
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
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
