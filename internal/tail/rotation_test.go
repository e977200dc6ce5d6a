package tail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRotationByRename(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	write(t, path, numbered(0, 3))
	var s sink
	store := newMemory()
	f := follow(t, testConfig(filepath.Join(dir, "*.log*")), store, s.handle)
	f.await(t, &s, 3)
	// Lines may come between the last read and the renaming, and after it.
	appendTo(t, path, numbered(3, 4))
	rename(t, path, path+".1")
	appendTo(t, path+".1", numbered(4, 5))
	write(t, path, numbered(5, 7))
	f.await(t, &s, 7)
	f.stop(t)
	appendTo(t, path, numbered(7, 8))
	f = follow(t, testConfig(filepath.Join(dir, "*.log*")), store, s.handle)
	lines := f.await(t, &s, 8)

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

// 1000 rotations, as fast as 50 a second, with one crash in the middle.
func TestRotationFast(t *testing.T) {
	rotations, pause := 1000, 2*time.Millisecond
	if testing.Short() {
		rotations = 200
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	cfg := testConfig(filepath.Join(dir, "*.log*"))
	var s, again sink
	store := newMemory()
	f := follow(t, cfg, store, s.handle)
	n := 0
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := range rotations {
		appendTo(t, path, numbered(n, n+3))
		n += 3
		<-tick.C
		rename(t, path, fmt.Sprintf("%s.%d", path, i))
	}
	f.await(t, &s, n)
	assert.ElementsMatch(t, numberedTexts(0, n), s.texts())

	until(t, func() bool { // all is saved
		entries := store.entries(t)
		taken := 0
		for _, e := range entries {
			if e.offset > 0 {
				taken++
			}
		}
		return taken == rotations
	})
	crashed := store.copy()
	appendTo(t, path, "next\n")
	f = follow(t, cfg, crashed, again.handle)
	f.await(t, &again, 1)
}

// The open file is read to its end, though no pattern leads to it any more.
func TestRotationOutOfPatterns(t *testing.T) {
	for name, rotate := range map[string]func(*testing.T, string){
		"renamed": func(t *testing.T, path string) { rename(t, path, path+".1") },
		"deleted": remove,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, "one\n")
			var s sink
			f := follow(t, testConfig(path), newMemory(), s.handle)
			f.await(t, &s, 1)
			w, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = w.WriteString("two\n")
			require.NoError(t, err)
			rotate(t, path)
			_, err = w.WriteString("three\nno end")
			require.NoError(t, err)
			require.NoError(t, w.Close())
			write(t, path, "another\n")
			f.await(t, &s, 5)
			assert.ElementsMatch(t, []string{"one", "two", "three", "no end", "another"}, s.texts())
			require.Len(t, s.ended(), 1)
			assert.Equal(t, s.lines[0].origin.ID, s.ended()[0].ID)
			assert.Equal(t, 1, f.Progress().Files)
		})
	}
}

// A file that is truncated in place keeps its inode, and its offsets begin
// anew: the lines must get another ID, be the beginning the same or not.
func TestTruncated(t *testing.T) {
	kilobyte := `{"k":"` + strings.Repeat("x", 1000) + `"}`
	for _, test := range []struct{ name, before, after string }{
		{"same first line", `{"n":0}`, `{"n":0}`},
		{"other first line", `{"n":0}`, `{"m":0}`},
		{"same first kilobyte", kilobyte, kilobyte},
		{"grown beyond", `{"n":0}`, kilobyte},
		{"grown beyond with the same first kilobyte", kilobyte, kilobyte + "\n" + numbered(3, 50) + "end"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, test.before+"\n"+numbered(1, 3))
			var s sink
			store := newMemory()
			f := follow(t, testConfig(path), store, s.handle)
			f.await(t, &s, 3)
			saved := store.copy()

			require.NoError(t, os.Truncate(path, 0))
			appendTo(t, path, test.after+"\n")
			n := strings.Count(test.after, "\n") + 1
			lines := f.await(t, &s, 3+n)
			assert.Equal(t, lines[0].offset, lines[3].offset)
			assert.NotEqual(t, lines[0].origin.ID, lines[3].origin.ID)
			assert.Equal(t, []Origin{lines[0].origin}, s.ended())
			f.stop(t)

			// After a crash before the next save, the line is read again as what it was.
			f = follow(t, testConfig(path), saved, s.handle)
			again := f.await(t, &s, 3+2*n)
			assert.Equal(t, lines[3:], again[3+n:])
		})
	}
}

// Nothing that was on disk after a truncate is lost, and what was copied before
// is not read again.
func TestCopyTruncate(t *testing.T) {
	for _, down := range []bool{false, true} {
		t.Run(fmt.Sprint("while down: ", down), func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.log")
			header := strings.Repeat("# the same first kilobyte\n", 40)
			cfg := testConfig(filepath.Join(dir, "*.log*"))
			store := newMemory()
			var s sink
			var want []string
			n := 0
			f := follow(t, cfg, store, s.handle)
			for i := range 5 {
				appendTo(t, path, header+numbered(n, n+100))
				want = append(want, numberedTexts(n, n+100)...)
				n += 100
				until(t, func() bool { return len(numberedOf(&s)) >= n })
				if down {
					f.stop(t)
				}
				appendTo(t, path, numbered(n, n+5))
				want = append(want, numberedTexts(n, n+5)...)
				n += 5
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				write(t, fmt.Sprint(path, ".", i), string(text))
				require.NoError(t, os.Truncate(path, 0))
				if down {
					f = follow(t, cfg, store, s.handle)
				}
				until(t, func() bool { return len(numberedOf(&s)) >= n })
			}
			f.settle(t)
			assert.ElementsMatch(t, want, numberedOf(&s))
		})
	}
}

// While the handler does not take lines, nobody sees that the original was
// truncated. The copy waits for that, and nothing is read twice.
func TestCopyTruncateWhileNothingIsTaken(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	write(t, path, numbered(0, 100))
	var s sink
	blocked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	f := follow(t, testConfig(path+"*"), nil, func(ctx context.Context, l *Lines) error {
		if len(l.Lines) > 0 && len(s.taken()) > 0 {
			once.Do(func() { close(blocked) })
			select {
			case <-release:
			case <-ctx.Done():
				return errRefused
			}
		}
		return s.handle(ctx, l)
	})
	f.await(t, &s, 100)
	appendTo(t, path, numbered(100, 110))
	<-blocked
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	write(t, path+".1", string(text))
	require.NoError(t, os.Truncate(path, 0))
	appendTo(t, path, numbered(110, 120))
	for range 3 * waitForCopy {
		f.settle(t)
	}
	close(release)
	f.await(t, &s, 120)
	assert.ElementsMatch(t, numberedTexts(0, 120), numberedOf(&s))
}

// A copy that takes long is not read before the original is truncated; what is
// moved to another file system is copied, and then deleted.
func TestSlowCopy(t *testing.T) {
	for name, dispose := range map[string]func(*testing.T, string){
		"truncated": func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 0)) },
		"deleted":   remove,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.log")
			text := numbered(0, 1000)
			write(t, path, text)
			var s sink
			f := follow(t, testConfig(filepath.Join(dir, "*")), newMemory(), s.handle)
			f.await(t, &s, 1000)
			write(t, path+".1", text[:3000])
			f.settle(t)
			appendTo(t, path+".1", text[3000:6000])
			f.settle(t)
			appendTo(t, path+".1", text[6000:])
			dispose(t, path)
			f.settle(t)
			f.settle(t)
			appendTo(t, path+".1", numbered(1000, 1010))
			lines := f.await(t, &s, 1010)
			assert.Equal(t, lines[0].origin.ID, lines[1009].origin.ID)
		})
	}
}

// An original that is deleted or truncated between a turn's look at the copy and its
// look at the original: the copy waits for another turn, rather than be read anew.
func TestOriginalGoesMeanwhile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log.1")
	write(t, path, numbered(0, 100))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	copied := turn{f: &follower{file: file}, stat: fileStat{size: 300}}
	assert.True(t, copied.isBeginningOf(filepath.Join(dir, "a.log")), "it is gone")
	write(t, filepath.Join(dir, "other.log"), strings.Repeat("other\n", 200))
	assert.False(t, copied.isBeginningOf(filepath.Join(dir, "other.log")))
	assert.True(t, copied.isBeginningOf(path))
	write(t, filepath.Join(dir, "truncated.log"), "")
	assert.True(t, copied.isBeginningOf(filepath.Join(dir, "truncated.log")))
}

// A writer that does not append leaves a hole in front of its next line.
func TestTruncatedWithHole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 50_000))
	var s sink
	f := follow(t, testConfig(path), nil, s.handle)
	f.await(t, &s, 50_000)
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	info, err := w.Stat()
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, 0))
	_, err = w.WriteAt([]byte("behind a hole\n"), info.Size())
	require.NoError(t, err)
	require.NoError(t, w.Close())
	lines := f.await(t, &s, 50_001)
	assert.Equal(t, "behind a hole", lines[50_000].text)
	assert.Equal(t, info.Size(), lines[50_000].offset)
}

// Rotated and compressed while nobody looked, or while the reader goes on.
func TestRotatedAndCompressed(t *testing.T) {
	for _, down := range []bool{false, true} {
		for _, crash := range []bool{false, true} {
			t.Run(fmt.Sprint("while down: ", down, ", crash: ", crash), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "a.log")
				cfg := testConfig(filepath.Join(dir, "*.log"), filepath.Join(dir, "*.gz"))
				store := newMemory()
				write(t, path, numbered(0, 300))
				var s sink
				f := follow(t, cfg, store, s.handle)
				lines := f.await(t, &s, 300)
				size := int64(len(numbered(0, 300)))
				until(t, func() bool { return store.savedOffset(t, path) == size })
				if crash {
					store = store.copy()
				}
				if down || crash {
					f.stop(t)
				}
				appendTo(t, path, numbered(300, 310))
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				rename(t, path, path+".1")
				// gzip writes the new file before it deletes the old one.
				zip := zipped(t, string(text))
				write(t, path+".1.gz", zip[:len(zip)/2])
				if !down && !crash {
					f.settle(t)
				}
				appendTo(t, path+".1.gz", zip[len(zip)/2:])
				remove(t, path+".1")
				write(t, path, numbered(310, 320))
				if down || crash {
					f = follow(t, cfg, store, s.handle)
				}
				all := f.await(t, &s, 320)
				assert.ElementsMatch(t, numberedTexts(0, 320), s.texts())
				for _, l := range all[300:] {
					if l.offset >= size {
						assert.Equal(t, lines[0].origin.ID, l.origin.ID, "of the same file")
					}
				}
				f.stop(t)
				f = follow(t, cfg, store, s.handle)
				f.await(t, &s, 320)
			})
		}
	}
}

// Of two files with the same first 1000 bytes both are read, at the same time
// and over restarts.
func TestSameBeginning(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log")
	header := strings.Repeat("#", 1000) + "\n"
	write(t, a, header+numbered(0, 10))
	write(t, b, header+numbered(10, 20))
	cfg := testConfig(filepath.Join(dir, "*"))
	cfg.MaxConcurrentFiles = 1
	var s sink
	store := newMemory()
	f := follow(t, cfg, store, s.handle)
	f.await(t, &s, 22)
	f.stop(t)
	appendTo(t, a, numbered(20, 30))
	appendTo(t, b, numbered(30, 40))
	write(t, filepath.Join(dir, "c.log"), header+numbered(40, 50))
	f = follow(t, cfg, store, s.handle)
	f.await(t, &s, 53)
	assert.ElementsMatch(t, numberedTexts(0, 50), numberedOf(&s))
}

// A file that is the same as another, and both stay.
func TestCopyOfFileThatStays(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.log"), numbered(0, 10))
	var s sink
	f := follow(t, testConfig(filepath.Join(dir, "*")), nil, s.handle)
	f.await(t, &s, 10)
	write(t, filepath.Join(dir, "b.log"), numbered(0, 10))
	write(t, filepath.Join(dir, "c.gz"), zipped(t, numbered(0, 10)))
	f.await(t, &s, 30)
}

// numberedOf are the lines that numbered made.
func numberedOf(s *sink) []string {
	var texts []string
	for _, text := range s.texts() {
		if strings.HasPrefix(text, `{"n":`) {
			texts = append(texts, text)
		}
	}
	return texts
}

// While the handler of a rotated file does not take its lines the file stays
// open, and nothing of it is lost.
func TestRotatedWhileRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 10))
	var s sink
	release := make(chan struct{})
	f := follow(t, testConfig(path), nil, func(ctx context.Context, l *Lines) error {
		select {
		case <-release:
			return s.handle(ctx, l)
		default:
			return errRefused
		}
	})
	f.settle(t)
	remove(t, path)
	f.settle(t)
	f.settle(t)
	close(release)
	f.await(t, &s, 10)
	until(t, func() bool { return len(s.ended()) == 1 })
}

// A generation is not used twice, also where nothing of the last one was taken
// and the file was out of the patterns for a while.
func TestGenerationIsRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, "one\n")
	var s sink
	f := follow(t, testConfig(path), newMemory(), s.handle)
	f.await(t, &s, 1)
	require.NoError(t, os.Truncate(path, 0))
	until(t, func() bool { return len(s.ended()) == 1 })
	rename(t, path, path+".1")
	until(t, func() bool { return f.Progress().Files == 0 })
	appendTo(t, path+".1", "two\n")
	rename(t, path+".1", path)
	lines := f.await(t, &s, 2)
	assert.NotEqual(t, lines[0].origin.ID, lines[1].origin.ID)
}

// A new file that only begins as one that is gone is read from its beginning.
func TestSameBeginningAsAFileThatIsGone(t *testing.T) {
	for _, down := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.log")
		header := strings.Repeat("#", 1000) + "\n"
		cfg := testConfig(filepath.Join(dir, "*"))
		store := newMemory()
		write(t, path, header+numbered(0, 200))
		var s sink
		f := follow(t, cfg, store, s.handle)
		f.await(t, &s, 201)
		if down {
			f.stop(t)
		}
		remove(t, path)
		if !down {
			until(t, func() bool { return len(s.ended()) == 1 })
		}
		write(t, filepath.Join(dir, "b.log"), header+numbered(200, 400))
		write(t, filepath.Join(dir, "c.gz"), zipped(t, header+numbered(400, 600)))
		if down {
			f = follow(t, cfg, store, s.handle)
		}
		f.await(t, &s, 603)
		assert.ElementsMatch(t, numberedTexts(0, 600), numberedOf(&s))
	}
}

// A crash before the first save: the file is compressed, and its lines, which
// come again, have the ID that they had.
func TestCompressedAfterACrashBeforeTheFirstSave(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	cfg := testConfig(filepath.Join(dir, "*.log"), filepath.Join(dir, "*.gz"))
	cfg.CheckpointInterval = time.Hour
	store := newMemory()
	write(t, path, numbered(0, 300))
	var s sink
	f := follow(t, cfg, store, s.handle)
	before := f.await(t, &s, 300)
	store = store.copy()
	f.stop(t)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	write(t, path+".gz", zipped(t, string(text)))
	remove(t, path)

	var again sink
	f = follow(t, cfg, store, again.handle)
	for i, l := range f.await(t, &again, 300) {
		assert.Equal(t, before[i].origin.ID, l.origin.ID)
		assert.Equal(t, before[i].offset, l.offset)
	}
}
