package tail

import (
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
	"go.uber.org/zap"
)

func TestFilesLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "one\r\n\n\xff\xfe two \r\nthree\n")
	var s sink
	f := follow(t, testConfig(path), nil, s.handle)

	lines := f.await(t, &s, 4)
	origin := lines[0].origin
	assert.Equal(t, "a.log", origin.Name)
	assert.Equal(t, path, origin.Path)
	assert.NotZero(t, origin.ID)
	assert.Equal(t, []line{
		{"one", 0, false, origin},
		{"", 5, false, origin},
		{"\xff\xfe two ", 6, false, origin},
		{"three", 15, false, origin},
	}, lines)
	assert.EqualValues(t, 21, s.bytes)
	assert.Empty(t, s.ended())
}

func TestFilesLastLine(t *testing.T) {
	tests := []struct {
		name, first, rest string
		atFirst, atLast   []string
	}{
		{"half an object waits", "a\n{\"n\":", "1}\nb\n", []string{"a"}, []string{"a", `{"n":1}`, "b"}},
		{"half a text waits", "a\nhal", "f\n", []string{"a"}, []string{"a", "half"}},
		{"a whole object does not", "a\n{\"n\":1}", "\n{\"n\":2}", []string{"a", `{"n":1}`}, []string{"a", `{"n":1}`, `{"n":2}`}},
		{"its end comes as CRLF", "a\n{\"n\":1}", "\r\n\nb\n", []string{"a", `{"n":1}`}, []string{"a", `{"n":1}`, "", "b"}},
		{"a whole object with white space and a byte-order mark", "\xef\xbb\xbf{\"n\":1} ", "\n", []string{"\xef\xbb\xbf{\"n\":1} "}, []string{"\xef\xbb\xbf{\"n\":1} "}},
		{"what looks whole and is not", "a\n{\"n\":\"}", "\"}\n", []string{"a"}, []string{"a", `{"n":"}"}`}},
		{"very short", "a", "\n", nil, []string{"a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, test.first)
			var s sink
			f := follow(t, testConfig(path), nil, s.handle)
			f.await(t, &s, len(test.atFirst))
			assert.Equal(t, test.atFirst, s.texts())
			assert.Zero(t, f.Progress().Behind, "half a line is nothing to read")
			appendTo(t, path, test.rest)
			f.await(t, &s, len(test.atLast))
			assert.Equal(t, test.atLast, s.texts())
		})
	}
}

// A CRLF that comes in two writes ends one line, also one that was handed out
// before.
func TestFilesLineEndInPieces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "a\n{\"n\":1}")
	var s sink
	f := follow(t, testConfig(path), nil, s.handle)
	f.await(t, &s, 2)
	appendTo(t, path, "\r")
	f.await(t, &s, 2)
	appendTo(t, path, "\nb\n")
	f.await(t, &s, 3)
	assert.Equal(t, []string{"a", `{"n":1}`, "b"}, s.texts())
}

func TestFilesLongLines(t *testing.T) {
	for _, maxSize := range []int{MinLineSize, 1 << 20} {
		for _, size := range []int{maxSize - 1, maxSize, maxSize + 1, maxSize + 2, maxSize + 3, 3 * maxSize, 3*maxSize + 6} {
			for _, end := range []string{"\n", "\r\n"} {
				t.Run(fmt.Sprintf("%d of %d with %q", size, maxSize, end), func(t *testing.T) {
					path := filepath.Join(t.TempDir(), "a.log")
					text := "before\n" + strings.Repeat("x", size) + end + "after\n"
					write(t, path, text)
					cfg := testConfig(path)
					cfg.MaxLineSize = maxSize
					var s sink
					f := follow(t, cfg, nil, s.handle)
					until(t, func() bool { return len(s.taken()) >= 3 })
					f.stop(t)
					lines := s.taken()
					require.Len(t, lines, 3)
					assert.Equal(t, "before", lines[0].text)
					assert.Len(t, lines[1].text, min(size, maxSize))
					assert.Equal(t, size > maxSize, lines[1].truncated)
					assert.EqualValues(t, 7, lines[1].offset)
					assert.Equal(t, "after", lines[2].text)
					assert.False(t, lines[2].truncated)
					assert.EqualValues(t, len(text)-6, lines[2].offset)
					assert.EqualValues(t, len(text), s.bytes)
				})
			}
		}
	}
}

func TestFilesLongLineOverRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, "before\n"+strings.Repeat("x", 2*MinLineSize))
	var s sink
	f := follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 2)
	f.stop(t)
	appendTo(t, path, "the rest\nafter\n")
	f = follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 3)
	assert.Equal(t, "after", s.texts()[2])
}

func TestFilesRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, numbered(0, 250))
	var s sink
	f := follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 250)
	f.stop(t)
	f.stop(t) // does nothing
	appendTo(t, path, numbered(250, 260))
	f = follow(t, testConfig(path), store, s.handle)
	lines := f.await(t, &s, 260)
	assert.Equal(t, numberedTexts(0, 260), s.texts())
	assert.Equal(t, lines[0].origin, lines[259].origin)
}

// What is refused when shutdown comes is read again after a restart; what was
// taken is not.
func TestFilesRefusedAtShutdown(t *testing.T) {
	for _, takes := range []int32{0, 1, 2} {
		t.Run(fmt.Sprint(takes, " batches taken before"), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			store := newMemory()
			write(t, path, numbered(0, 2500))
			var s sink
			var calls atomic.Int32
			f := follow(t, testConfig(path), store, func(ctx context.Context, l *Lines) error {
				if calls.Add(1) <= takes {
					return s.handle(ctx, l)
				}
				return refuse(ctx, l)
			})
			until(t, func() bool { return calls.Load() == takes+1 })
			f.stop(t)
			assert.Equal(t, takes+1, calls.Load(), "nothing is handed out after a refusal")
			f = follow(t, testConfig(path), store, s.handle)
			f.await(t, &s, 2500)
			assert.Equal(t, numberedTexts(0, 2500), s.texts())
		})
	}
}

// A handler that gives up before shutdown gets the same lines again.
func TestFilesRefusedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 10))
	var s sink
	var calls atomic.Int32
	f := follow(t, testConfig(path), nil, func(ctx context.Context, l *Lines) error {
		if calls.Add(1) == 1 {
			return errors.New("not now")
		}
		return s.handle(ctx, l)
	})
	f.await(t, &s, 10)
	assert.EqualValues(t, 2, calls.Load())
}

// What a call held that Shutdown did not wait for is read again.
func TestFilesShutdownAbandonsHandler(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write(t, path, numbered(0, 1000))
	write(t, other, "b\n")
	client := newMemory()
	h := newStuck()
	var s sink
	f, err := NewFiles(testConfig(path, other), zap.NewNop(), func(o Origin) Handler {
		if o.Name == "b" {
			return s.handle
		}
		return h.handle
	})
	require.NoError(t, err)
	require.NoError(t, f.Start(t.Context(), client))
	until(t, func() bool { return len(s.taken()) == 1 })
	h.abandon(t, f.Shutdown)
	require.NoError(t, f.Shutdown(t.Context()))
	<-f.stopped

	again := follow(t, testConfig(path, other), client, s.handle)
	again.await(t, &s, 1001)
	assert.EqualValues(t, 1, h.calls.Load(), "what it hands on to may be gone")
}

// After a crash lines are read again, with the identity that they had.
func TestFilesCrashBeforeFirstSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 3))
	var first, second sink
	f := follow(t, testConfig(path), newMemory(), first.handle)
	lines := f.await(t, &first, 3)
	f = follow(t, testConfig(path), newMemory(), second.handle)
	assert.Equal(t, lines, f.await(t, &second, 3))
}

func TestFilesStartAtEnd(t *testing.T) {
	dir := t.TempDir()
	path, empty := filepath.Join(dir, "a.log"), filepath.Join(dir, "e.log")
	zip, long, whole := filepath.Join(dir, "z.log"), filepath.Join(dir, "l.log"), filepath.Join(dir, "w.log")
	write(t, path, numbered(0, 3)+"hal")
	write(t, empty, "")
	write(t, zip, zipped(t, numbered(100, 1000)))
	write(t, long, strings.Repeat("x", 3*MinLineSize))
	write(t, whole, `{"n":1}`)
	cfg := testConfig(filepath.Join(dir, "*.log"))
	cfg.StartAtEnd = true
	var s sink
	store := newMemory()
	f := follow(t, cfg, store, s.handle)
	until(t, func() bool {
		return store.savedOffset(t, path) == 24 && store.savedOffset(t, zip) > 8000 &&
			store.savedOffset(t, long) == 3*MinLineSize && store.savedOffset(t, whole) == 7
	})
	f.await(t, &s, 0)
	appendTo(t, path, "f\n")
	appendTo(t, empty, "from the beginning\n")
	appendTo(t, long, "rest\nnext\n")
	appendTo(t, whole, "\nnext\n")
	f.await(t, &s, 4)
	f.stop(t)
	write(t, filepath.Join(dir, "new.log"), "new while it was down\n")
	f = follow(t, cfg, store, s.handle)
	f.await(t, &s, 5)
	assert.ElementsMatch(t, []string{"half", "from the beginning", "next", "next", "new while it was down"}, s.texts())
}

func TestFilesProgress(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	write(t, path, numbered(0, 100))
	write(t, filepath.Join(dir, "b.log"), zipped(t, numbered(0, 100)))
	size := func(name string) int64 {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		return info.Size()
	}
	total := size("a.log") + size("b.log")
	var open atomic.Bool
	var s sink
	f := follow(t, testConfig(filepath.Join(dir, "*")), nil, func(ctx context.Context, l *Lines) error {
		if !open.Load() {
			return errors.New("not now")
		}
		return s.handle(ctx, l)
	})
	until(t, func() bool { return f.Progress().Total == total && f.Progress().Behind > 5*time.Millisecond })
	open.Store(true)
	f.await(t, &s, 200)
	assert.Equal(t, Progress{Files: 2, Done: total, Total: total}, f.Progress())
}

// The order is that of beginning; with one file at a time it is that of reading.
func TestFilesOrder(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for i, name := range []string{"c", "a", "b"} { // c is the oldest
		path := filepath.Join(dir, name)
		write(t, path, name+"\n")
		require.NoError(t, os.Chtimes(path, now, now.Add(time.Duration(i-10)*time.Minute)))
	}
	for by, want := range map[string][]string{"": {"c", "a", "b"}, OrderByMtime: {"c", "a", "b"}, OrderByName: {"a", "b", "c"}} {
		cfg := testConfig(filepath.Join(dir, "*"))
		cfg.OrderBy, cfg.MaxConcurrentFiles = by, 1
		var s sink
		f := follow(t, cfg, nil, s.handle)
		f.await(t, &s, 3)
		assert.Equal(t, want, s.texts(), "by %q", by)
	}
}
