package tail

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

const testPoll = 10 * time.Millisecond

func testConfig(include ...string) FilesConfig {
	return FilesConfig{
		Include:            include,
		PollInterval:       testPoll,
		MaxConcurrentFiles: 16,
		Gunzip:             true,
		MaxLineSize:        MinLineSize,
	}
}

// follow starts to follow; stop may be called before the test ends.
func follow(t *testing.T, cfg FilesConfig, client storage.Client, handle Handler) (stop func()) {
	t.Helper()
	f, err := NewFiles(cfg, componenttest.NewNopTelemetrySettings(), handle)
	require.NoError(t, err)
	require.NoError(t, f.Start(t.Context(), client))
	stop = func() { require.NoError(t, f.Shutdown(context.Background())) }
	t.Cleanup(stop)
	return stop
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func numbered(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `{"n":%d}`+"\n", i)
	}
	return b.String()
}

func numberedTexts(from, to int) []string {
	return strings.Split(strings.TrimSuffix(numbered(from, to), "\n"), "\n")
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestFilesLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "one\r\n\n\xff\xfe two \r\nthree\n")
	var s sink
	follow(t, testConfig(path), nil, s.handle)

	lines := s.await(t, 4)
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
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, test.first)
			var s sink
			follow(t, testConfig(path), nil, s.handle)
			s.await(t, len(test.atFirst))
			assert.Equal(t, test.atFirst, s.texts())
			appendTo(t, path, test.rest)
			s.await(t, len(test.atLast))
			assert.Equal(t, test.atLast, s.texts())
		})
	}
}

// Longer than the time after which fileconsumer, left to itself, takes half a
// line for a whole one.
func TestFilesHalfLineWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "a\nhal")
	var s sink
	follow(t, testConfig(path), nil, s.handle)
	time.Sleep(800 * time.Millisecond)
	s.await(t, 1)
	appendTo(t, path, "f\n")
	s.await(t, 2)
	assert.Equal(t, []string{"a", "half"}, s.texts())
}

func TestFilesLongLines(t *testing.T) {
	for _, maxSize := range []int{MinLineSize, 1 << 20} {
		for _, size := range []int{maxSize - 1, maxSize, maxSize + 1, maxSize + 2, maxSize + 3, 3 * maxSize, 3*maxSize + 6} {
			for _, end := range []string{"\n", "\r\n"} {
				t.Run(fmt.Sprintf("%d of %d with %q", size, maxSize, end), func(t *testing.T) {
					t.Parallel()
					path := filepath.Join(t.TempDir(), "a.log")
					text := "before\n" + strings.Repeat("x", size) + end + "after\n"
					write(t, path, text)
					cfg := testConfig(path)
					cfg.MaxLineSize = maxSize
					var s sink
					follow(t, cfg, nil, s.handle)
					lines := s.await(t, 3)
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

// A long line that fills more than one batch of fileconsumer, as the others do
// not, leaves its state between calls.
func TestFilesVeryLongLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "before\n"+strings.Repeat("x", 350*MinLineSize)+"\nafter\n")
	var s sink
	follow(t, testConfig(path), nil, s.handle)
	s.await(t, 3)
	assert.Equal(t, []string{"before", strings.Repeat("x", MinLineSize), "after"}, s.texts())
}

func TestFilesLongLineOverRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, "before\n"+strings.Repeat("x", 2*MinLineSize))
	var s sink
	stop := follow(t, testConfig(path), store, s.handle)
	s.await(t, 2)
	stop()
	appendTo(t, path, "the rest\nafter\n")
	follow(t, testConfig(path), store, s.handle)
	s.await(t, 3)
	assert.Equal(t, "after", s.texts()[2])
}

func TestFilesRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, numbered(0, 250))
	var s sink
	stop := follow(t, testConfig(path), store, s.handle)
	s.await(t, 250)
	stop()
	stop() // does nothing
	appendTo(t, path, numbered(250, 260))
	follow(t, testConfig(path), store, s.handle)
	lines := s.await(t, 260)
	assert.Equal(t, numberedTexts(0, 260), s.texts())
	assert.Equal(t, lines[0].origin, lines[259].origin)
}

// What is refused when shutdown comes is read again after a restart, and so is
// all that was taken since the last save.
func TestFilesRefusedAtShutdown(t *testing.T) {
	for _, takes := range []int32{0, 1, 2} {
		t.Run(fmt.Sprint(takes, " batches taken before"), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			store := newMemory()
			write(t, path, numbered(0, 350))
			var s sink
			var calls atomic.Int32
			stop := follow(t, testConfig(path), store, func(ctx context.Context, l *Lines) error {
				if calls.Add(1) <= takes {
					return nil
				}
				return refuse(ctx, l)
			})
			require.Eventually(t, func() bool { return calls.Load() == takes+1 }, 5*time.Second, time.Millisecond)
			stop()
			assert.Equal(t, takes+1, calls.Load(), "nothing is handed out after a refusal")
			follow(t, testConfig(path), store, s.handle)
			s.await(t, 350)
			assert.Equal(t, numberedTexts(0, 350), s.texts())
		})
	}
}

// What a call held that Shutdown did not wait for is read again.
func TestFilesShutdownAbandonsHandler(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	write(t, path, numbered(0, 1000))
	client := newMemory()
	h := newStuck()
	f, err := NewFiles(testConfig(path), componenttest.NewNopTelemetrySettings(), h.handle)
	require.NoError(t, err)
	require.NoError(t, f.Start(t.Context(), client))
	h.abandon(t, f.Shutdown)
	require.NoError(t, f.Shutdown(t.Context()))

	var s sink
	follow(t, testConfig(path), client, s.handle)
	s.await(t, 1000)
	assert.EqualValues(t, 1, h.calls.Load(), "what it hands on to may be gone")
}

// A .gz that shutdown interrupts is read again; fileconsumer by itself takes it
// for read to the end.
func TestFilesGzipInterrupted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	store := newMemory()
	write(t, path, zipped(t, numbered(0, 1000)))
	var s sink
	called := make(chan struct{}, 1)
	stop := follow(t, testConfig(path), store, func(ctx context.Context, l *Lines) error {
		called <- struct{}{}
		<-ctx.Done()
		return s.handle(ctx, l) // taken, before the .gz is at its end
	})
	<-called
	stop()
	first := s.taken()
	require.Len(t, first, 100)
	s.lines = nil
	follow(t, testConfig(path), store, s.handle)
	lines := s.await(t, 1000)
	assert.Equal(t, numberedTexts(0, 1000), s.texts())
	assert.Equal(t, first, lines[:100], "the same identity")
}

func TestFilesGzip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	store := newMemory()
	write(t, path, zipped(t, numbered(0, 250)+"no end"))
	var s sink
	stop := follow(t, testConfig(path), store, s.handle)
	s.await(t, 251)
	stop()
	follow(t, testConfig(path), store, s.handle)
	s.await(t, 251)
	assert.Equal(t, append(numberedTexts(0, 250), "no end"), s.texts())
}

func TestFilesRotation(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	write(t, path, numbered(0, 3))
	var s sink
	store := newMemory()
	stop := follow(t, testConfig(filepath.Join(dir, "*.log*")), store, s.handle)
	s.await(t, 3)
	// Lines may come between the last read and the renaming, and after it.
	appendTo(t, path, numbered(3, 4))
	require.NoError(t, os.Rename(path, path+".1"))
	appendTo(t, path+".1", numbered(4, 5))
	write(t, path, numbered(5, 7))
	s.await(t, 7)
	stop()
	appendTo(t, path, numbered(7, 8))
	follow(t, testConfig(filepath.Join(dir, "*.log*")), store, s.handle)
	lines := s.await(t, 8)

	assert.ElementsMatch(t, numberedTexts(0, 8), s.texts())
	ids := map[string]uint64{}
	for _, l := range lines {
		ids[l.text] = l.origin.ID
	}
	for i, text := range numberedTexts(0, 8) {
		first := `{"n":0}`
		if i >= 5 {
			first = `{"n":5}`
		}
		assert.Equal(t, ids[first], ids[text], "one ID for one file: %s", text)
	}
	assert.NotEqual(t, ids[`{"n":0}`], ids[`{"n":5}`])
}

// A file that is truncated in place keeps its inode, and its offsets begin
// anew: the lines must get another ID, be the beginning the same or not.
func TestFilesTruncated(t *testing.T) {
	// Longer than what fileconsumer knows a file by.
	kilobyte := `{"k":"` + strings.Repeat("x", 1000) + `"}`
	for _, test := range []struct{ name, before, after string }{
		{"same first line", `{"n":0}`, `{"n":0}`},
		{"other first line", `{"n":0}`, `{"m":0}`},
		{"same first kilobyte", kilobyte, kilobyte},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, test.before+"\n"+numbered(1, 3))
			var s sink
			store := newMemory()
			stop := follow(t, testConfig(path), store, s.handle)
			s.await(t, 3)
			saved := store.copy()

			require.NoError(t, os.Truncate(path, 0))
			appendTo(t, path, test.after+"\n")
			lines := s.await(t, 4)
			assert.Equal(t, lines[0].offset, lines[3].offset)
			assert.NotEqual(t, lines[0].origin.ID, lines[3].origin.ID)
			stop()

			// After a crash before the next save, the line is read again as what it was.
			follow(t, testConfig(path), saved, s.handle)
			again := s.await(t, 5)
			assert.Equal(t, lines[3], again[4])
		})
	}
}

// After a crash lines are read again, with the identity that they had.
func TestFilesCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 3))
	var first, second sink
	stop := follow(t, testConfig(path), newMemory(), first.handle)
	lines := first.await(t, 3)
	stop()
	follow(t, testConfig(path), newMemory(), second.handle)
	assert.Equal(t, lines, second.await(t, 3))
}

func TestFilesStartAtEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 3))
	cfg := testConfig(path)
	cfg.StartAtEnd = true
	var s sink
	store := newMemory()
	follow(t, cfg, store, s.handle)
	// The first poll, which says where the end is, saves when it is over.
	require.Eventually(t, func() bool { return store.copy().values["knownFiles"] != nil }, 10*time.Second, time.Millisecond)
	appendTo(t, path, numbered(3, 4))
	s.await(t, 1)
	assert.Equal(t, numberedTexts(3, 4), s.texts())
}

// Positions that can't be read are an error, and are not replaced by none.
func TestFilesDamagedStorage(t *testing.T) {
	for _, key := range []string{originsKey, "knownFiles"} {
		t.Run(key, func(t *testing.T) {
			store := newMemory()
			store.values[key] = []byte("{damaged")
			f, err := NewFiles(testConfig("nothing"), componenttest.NewNopTelemetrySettings(), refuse)
			require.NoError(t, err)
			require.Error(t, f.Start(t.Context(), store))
			require.NoError(t, f.Shutdown(t.Context()))
			assert.Equal(t, "{damaged", string(store.values[key]))
		})
	}
}

func TestFilesConfigInvalid(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*FilesConfig)
		message string
	}{
		{"nothing", func(c *FilesConfig) { c.Include = nil }, "no files to include"},
		{"a bad glob", func(c *FilesConfig) { c.Include = []string{"[a"} }, "include: parse glob"},
		{"no interval", func(c *FilesConfig) { c.PollInterval = 0 }, "the poll interval must be positive"},
		{"no file", func(c *FilesConfig) { c.MaxConcurrentFiles = 0 }, "the number of concurrent files must be positive"},
		{"short lines", func(c *FilesConfig) { c.MaxLineSize = MinLineSize - 1 }, "the maximum line size is too small"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := testConfig("a.log")
			require.NoError(t, cfg.Validate())
			test.change(&cfg)
			_, err := NewFiles(cfg, componenttest.NewNopTelemetrySettings(), refuse)
			assert.ErrorContains(t, err, test.message)
		})
	}
}
