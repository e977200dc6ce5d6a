package tail

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// 10,000 files that are at their end cost an entry each: no descriptor, no
// buffer, and after a restart nothing is opened.
func TestManyFiles(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 2_000
	}
	dir := t.TempDir()
	manyFiles(t, dir, n)
	cfg := testConfig(filepath.Join(dir, "*"))
	store := newMemory()
	var s sink
	grown := allocated(t, func() {
		f := follow(t, cfg, store, s.handle)
		f.await(t, &s, n)
		s.lines = nil
		f.settle(t)
		assert.LessOrEqual(t, openFiles(t, dir), cfg.MaxConcurrentFiles)
		f.stop(t)
		assert.Zero(t, openFiles(t, dir))
	})
	t.Logf("%d files: %d KiB in use at most", n, grown>>10)
	assert.Less(t, grown, uint64(64<<20))

	f := follow(t, cfg, store, s.handle)
	f.await(t, &s, 0)
	assert.Zero(t, openFiles(t, dir), "none has to be opened")
	appendTo(t, filepath.Join(dir, "old-7"), "new\n")
	f.await(t, &s, 1)
}

// openFiles counts the open files below dir, where that can be had.
func openFiles(t *testing.T, dir string) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	links, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	n := 0
	for _, l := range links {
		if target, err := os.Readlink("/proc/self/fd/" + l.Name()); err == nil && strings.HasPrefix(target, dir+"/") {
			n++
		}
	}
	return n
}

// With room for one open file all are read, and go on to be.
func TestOneFileAtATime(t *testing.T) {
	dir := t.TempDir()
	cfg := testConfig(filepath.Join(dir, "*"))
	cfg.MaxConcurrentFiles = 1
	manyFiles(t, dir, 20)
	var s sink
	f := follow(t, cfg, newMemory(), s.handle)
	f.await(t, &s, 20)
	for i := range 20 {
		appendTo(t, filepath.Join(dir, fmt.Sprint("old-", i)), "more\n")
	}
	f.await(t, &s, 40)
	remove(t, filepath.Join(dir, "old-3"))
	appendTo(t, filepath.Join(dir, "old-4"), "more\n")
	f.await(t, &s, 41)
}

// A line without an end, of 1 GiB or what of it is written in a short run, is cut
// once, and its rest is not held.
func TestEndlessLine(t *testing.T) {
	size := int64(1 << 30)
	if testing.Short() {
		size = 64 << 20
	}
	path := filepath.Join(t.TempDir(), "a.log")
	file, err := os.Create(path)
	require.NoError(t, err)
	_, err = file.WriteString("x") // what follows is a hole
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("\nafter\n"), size)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	cfg := testConfig(path)
	cfg.MaxLineSize = 1 << 20
	var s sink
	grown := allocated(t, func() {
		f := follow(t, cfg, newMemory(), s.handle)
		f.await(t, &s, 2)
	})
	assert.Less(t, grown, uint64(16<<20))
	assert.True(t, s.lines[0].truncated)
	assert.Len(t, s.lines[0].text, 1<<20)
	assert.Equal(t, "after", s.lines[1].text)
	assert.Equal(t, size+1, s.lines[1].offset)
}
