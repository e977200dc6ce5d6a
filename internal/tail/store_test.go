package tail

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// Inside one large backlog, without a poll in between, no more lines than
// CheckpointLines are taken and not saved.
func TestCheckpointInsideBacklog(t *testing.T) {
	for name, pack := range map[string]func(testing.TB, string) string{
		"plain": func(_ testing.TB, text string) string { return text }, "gzip": zipped,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, pack(t, numbered(0, 20_000)))
			cfg := testConfig(path)
			cfg.CheckpointInterval, cfg.CheckpointLines = time.Hour, 100
			store := newMemory()
			var first sink
			stop := errors.New("crash")
			f := follow(t, cfg, store, func(ctx context.Context, l *Lines) error {
				if len(first.taken()) >= 10_000 {
					return stop
				}
				return first.handle(ctx, l)
			})
			until(t, func() bool { return len(first.taken()) >= 10_000 })
			f.settle(t)
			crashed := store.copy()
			f.stop(t)

			var second sink
			follow(t, cfg, crashed, second.handle)
			until(t, func() bool {
				all := second.taken()
				return len(all) > 0 && all[len(all)-1].text == `{"n":19999}`
			})
			duplicates := len(first.taken()) + len(second.taken()) - 20_000
			assert.LessOrEqual(t, duplicates, 100)
			assert.GreaterOrEqual(t, duplicates, 0, "lost")
			lines := first.taken()
			for i, l := range second.taken()[:duplicates] {
				assert.Equal(t, lines[len(lines)-duplicates+i], l, "duplicates have the same identity")
			}
		})
	}
}

// A file whose handler refuses freezes the position of no other.
func TestCheckpointsAreIndependent(t *testing.T) {
	dir := t.TempDir()
	bad, good := filepath.Join(dir, "a-bad.log"), filepath.Join(dir, "good.log")
	write(t, bad, numbered(0, 10))
	write(t, good, numbered(0, 10))
	store := newMemory()
	var s sink
	entered := make(chan struct{}, 1)
	f := followWith(t, testConfig(filepath.Join(dir, "*")), store, func(o Origin) Handler {
		if o.Name == "good.log" {
			return s.handle
		}
		return func(ctx context.Context, l *Lines) error {
			entered <- struct{}{}
			return refuse(ctx, l)
		}
	})
	<-entered
	f.await(t, &s, 10)
	appendTo(t, good, numbered(10, 20))
	f.await(t, &s, 20)
	until(t, func() bool { return store.savedOffset(t, good) == int64(len(numbered(0, 20))) })
	crashed := store.copy()
	f.stop(t)
	for _, state := range []*memory{crashed, store} {
		var again sink
		f = follow(t, testConfig(filepath.Join(dir, "*")), state, again.handle)
		lines := f.await(t, &again, 10)
		assert.Equal(t, bad, lines[0].origin.Path)
		f.stop(t)
	}
}

// While the storage fails reading goes on, it is said once, and made up for.
func TestStorageFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 10))
	cfg := testConfig(path)
	cfg.CheckpointLines = 20
	store := newMemory()
	var s sink
	f := follow(t, cfg, store, s.handle)
	f.await(t, &s, 10)
	for range 2 {
		store.fail(true)
		n := len(s.taken())
		appendTo(t, path, numbered(n, n+100))
		f.await(t, &s, n+100)
		before := store.copyBatches()
		until(t, func() bool { return store.copyBatches() > before+3 })
		store.fail(false)
		until(t, func() bool { return store.savedOffset(t, path) == int64(len(numbered(0, n+100))) })
	}
	assert.Equal(t, 2, f.log.FilterMessageSnippet("can't be saved").Len())
	until(t, func() bool { return f.log.FilterMessageSnippet("saved again").Len() == 2 })
}

func (m *memory) copyBatches() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.batches
}

// Nothing of a file's content, hashed without a key or as it is, gets into storage.
func TestStorageHoldsNoContent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "alice@example.com\n")
	stores := []*memory{newMemory(), newMemory()}
	for _, store := range stores {
		var s sink
		f := follow(t, testConfig(path), store, s.handle)
		f.await(t, &s, 1)
		f.stop(t)
		for _, value := range store.values {
			assert.NotContains(t, string(value), "alice")
		}
	}
	a, b := stores[0].entries(t)[0], stores[1].entries(t)[0]
	assert.Equal(t, a.head.size, b.head.size)
	assert.NotEqual(t, a.head.sum, b.head.sum, "the salt is random")
	assert.Equal(t, a.id, b.id)
}

// Damage is said once, with the key and the remedy; what it is about is read
// again, with the identity that it had.
func TestStorageDamaged(t *testing.T) {
	for _, key := range []string{saltKey, tableKey, slotKey(0), "all"} {
		t.Run(key, func(t *testing.T) {
			dir := t.TempDir()
			store := newMemory()
			for i := range 3 {
				write(t, filepath.Join(dir, fmt.Sprint(i)), fmt.Sprintln("line", i))
			}
			cfg := testConfig(filepath.Join(dir, "*"))
			var s sink
			f := follow(t, cfg, store, s.handle)
			lines := f.await(t, &s, 3)
			f.stop(t)
			for k, v := range store.values {
				if k == key || key == "all" {
					v[len(v)/2] ^= 1
				}
			}
			var again sink
			cfg.StartAtEnd = true // must not skip what was damaged
			f = follow(t, cfg, store, again.handle)
			n := map[string]int{saltKey: 3, tableKey: 0, slotKey(0): 1, "all": 3}[key]
			got := f.await(t, &again, n)
			for _, l := range got {
				assert.Contains(t, lines, l, "the same identity")
			}
			errs := f.log.FilterMessageSnippet("check the disk").All()
			require.Len(t, errs, map[bool]int{true: 5, false: 1}[key == "all"])
			for _, e := range errs {
				assert.Contains(t, e.ContextMap(), "key")
			}
			f.stop(t)
			f = follow(t, cfg, store, again.handle)
			f.await(t, &again, n)
			assert.Zero(t, f.log.Len(), "mended: %v", f.log.All())
		})
	}
}

// A value is gone, as when a bit of its key has flipped: what is left tells, it
// is said, and nothing is skipped.
func TestStorageValueGone(t *testing.T) {
	for key, want := range map[string]struct{ lines, said int }{
		saltKey: {3, 1}, tableKey: {1, 1}, slotKey(0): {2, 1}, "": {1, 0},
	} {
		t.Run(key, func(t *testing.T) {
			dir := t.TempDir()
			store := newMemory()
			write(t, filepath.Join(dir, "a"), "one\n")
			write(t, filepath.Join(dir, "b"), "two\n")
			cfg := testConfig(filepath.Join(dir, "*"))
			var s sink
			f := follow(t, cfg, store, s.handle)
			f.await(t, &s, 2)
			f.stop(t)
			delete(store.values, key)
			write(t, filepath.Join(dir, "c"), "three\n")
			cfg.StartAtEnd = true // must not skip what was written in between
			var again sink
			f = follow(t, cfg, store, again.handle)
			f.await(t, &again, want.lines)
			f.stop(t)
			assert.Contains(t, again.texts(), "three")
			assert.Equal(t, want.said, f.log.FilterMessageSnippet("check the disk").Len(), "%v", f.log.All())
			f = follow(t, cfg, store, again.handle)
			f.await(t, &again, want.lines)
			assert.Zero(t, f.log.Len(), "mended: %v", f.log.All())
		})
	}
}

// The table of the previous release does not say how many slots are used.
func TestTable(t *testing.T) {
	for _, want := range []table{{}, {slots: 300, started: true, used: 299}} {
		got, err := decodeTable(want.encode())
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	got, err := decodeTable([]byte{7, 1})
	require.NoError(t, err)
	assert.Equal(t, table{slots: 7, started: true, used: -1}, got)
	for _, bad := range []string{"", "\x07", "\x07\x02", "\x07\x01\x08", "\x07\x01\x01\x01", "\x80"} {
		_, err := decodeTable([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}

// A storage that does not answer is an error, and stays as it is.
func TestStorageDoesNotAnswer(t *testing.T) {
	store := newMemory()
	store.fail(true)
	f, err := NewFiles(testConfig("nothing"), zap.NewNop(), func(Origin) Handler { return refuse })
	require.NoError(t, err)
	require.ErrorContains(t, f.Start(t.Context(), store), "read the positions in files: no space left")
	require.NoError(t, f.Shutdown(t.Context()))
	assert.Empty(t, store.values)
}

func TestGoneEntriesAreBounded(t *testing.T) {
	s := newStore(100, zap.NewNop())
	now := time.Unix(2_000_000, 0)
	s.wall = func() time.Time { return now }
	key := func(i int) fileKey { return fileKey{ino: uint64(i)} }
	for i := range maxGone + 10 {
		r := s.create(key(i), "path")
		s.publish(r, func(e *entry) { e.offset = 1 })
		now = now.Add(time.Second)
		s.release(r)
	}
	kept := s.create(key(-1), "present")
	s.publish(kept, func(e *entry) { e.offset = 1 })
	s.prune()
	count := func() (n int) {
		for _, r := range s.slots {
			if r != nil {
				n++
			}
		}
		return n
	}
	assert.Equal(t, maxGone+1, count())
	first, _ := s.lookup(key(9))
	assert.Nil(t, first, "least recently seen")
	last, _ := s.lookup(key(10))
	assert.NotNil(t, last)
	slots := len(s.slots)
	s.create(key(-2), "another")
	assert.Len(t, s.slots, slots, "slots are used again")
	now = now.Add(goneFor + time.Hour)
	s.prune()
	assert.Equal(t, 3, count())
}

// With a handler that waits, and a large backlog, a live file is read without delay.
func TestFilesDoNotWaitForEachOther(t *testing.T) {
	dir := t.TempDir()
	for i := range 6 {
		write(t, filepath.Join(dir, fmt.Sprint("big-", i)), strings.Repeat(strings.Repeat("x", 1000)+"\n", 2000))
	}
	write(t, filepath.Join(dir, "live"), "one\n")
	var s sink
	var waiting atomic.Int32
	var mu sync.Mutex
	begun := map[uint64]bool{}
	f := followWith(t, testConfig(filepath.Join(dir, "*")), nil, func(o Origin) Handler {
		if o.Name == "live" {
			return s.handle
		}
		return func(ctx context.Context, l *Lines) error {
			mu.Lock()
			begun[l.Origin.ID] = true
			mu.Unlock()
			waiting.Add(1)
			return refuse(ctx, l)
		}
	})
	f.await(t, &s, 1)
	appendTo(t, filepath.Join(dir, "live"), "two\n")
	f.await(t, &s, 2)
	until(t, func() bool { return waiting.Load() == int32(maxLong()) })
	mu.Lock()
	defer mu.Unlock()
	assert.Len(t, begun, maxLong(), "of large backlogs only some at once")
}

// With one file at a time a backlog still leaves turns to others.
func TestBacklogAlone(t *testing.T) {
	dir := t.TempDir()
	big, live := filepath.Join(dir, "a-big"), filepath.Join(dir, "live")
	write(t, big, strings.Repeat(strings.Repeat("x", 1000)+"\n", 3*quantum/1000))
	write(t, live, "one\n")
	cfg := testConfig(big, live)
	cfg.MaxConcurrentFiles, cfg.OrderBy = 1, OrderByName
	var fromBig, fromBigAtLive atomic.Int64
	var s sink
	ready := make(chan *following, 1)
	f := followWith(t, cfg, nil, func(o Origin) Handler {
		return func(ctx context.Context, l *Lines) error {
			if o.Name == "live" {
				fromBigAtLive.Store(fromBig.Load())
				return s.handle(ctx, l)
			}
			if n := fromBig.Add(l.Bytes); n == l.Bytes {
				f := <-ready
				until(t, func() bool { return len(s.taken()) == 1 })
				appendTo(t, live, "two\n")
				f.settle(t)
			}
			return nil
		}
	})
	ready <- f
	f.await(t, &s, 2)
	until(t, func() bool { return f.Progress().Behind == 0 && fromBig.Load() > 2*quantum })
	assert.Less(t, fromBigAtLive.Load(), int64(2*quantum), "the big file was not read to its end before")
}

// slow is a storage that answers when it is let.
type slow struct {
	*memory
	let chan struct{}
}

func (s *slow) Batch(ctx context.Context, ops ...*storage.Operation) error {
	<-s.let
	return s.memory.Batch(ctx, ops...)
}

// Where the storage is slower than the reader, the reader waits for it.
func TestReaderWaitsForStorage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 10_000))
	cfg := testConfig(path)
	cfg.CheckpointInterval, cfg.CheckpointLines = time.Hour, 100
	store := &slow{newMemory(), make(chan struct{}, 100)}
	for range 3 { // what Start reads and writes
		store.let <- struct{}{}
	}
	var s sink
	f := follow(t, cfg, store, s.handle)
	until(t, func() bool { return len(s.taken()) >= 100 })
	f.settle(t)
	assert.Less(t, len(s.taken()), 1000, "no more than what was saved, and CheckpointLines")
	close(store.let)
	f.await(t, &s, 10_000)
}

// The limit is one of all files together: what many hand on at once counts
// before it is taken.
func TestCheckpointLinesOfManyFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		write(t, filepath.Join(dir, fmt.Sprint(i)), numbered(0, 500))
	}
	cfg := testConfig(filepath.Join(dir, "*"))
	cfg.CheckpointInterval, cfg.CheckpointLines = time.Hour, 1500
	store := newMemory()
	var underWay, most atomic.Int64
	var s sink
	release := make(chan struct{})
	f := follow(t, cfg, store, func(ctx context.Context, l *Lines) error {
		n := underWay.Add(int64(len(l.Lines)))
		for was := most.Load(); n > was && !most.CompareAndSwap(was, n); was = most.Load() {
		}
		<-release
		defer underWay.Add(-int64(len(l.Lines)))
		return s.handle(ctx, l)
	})
	until(t, func() bool { return underWay.Load() == 1500 })
	f.settle(t)
	close(release)
	f.await(t, &s, 4000)
	assert.EqualValues(t, 1500, most.Load())
}
