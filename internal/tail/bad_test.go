package tail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// about counts the log lines about path.
func (f *following) about(path string) int {
	n := 0
	for _, e := range f.log.All() {
		if e.ContextMap()["path"] == path {
			n++
		}
	}
	return n
}

func TestUTF16IsSetAside(t *testing.T) {
	utf16le := func(text string) string {
		return strings.ReplaceAll(text, "", "\x00")[1:]
	}
	for name, text := range map[string]string{
		"with mark":    "\xff\xfe" + utf16le("secret one\n"),
		"without mark": utf16le("secret one\n"),
		"zipped":       zipped(t, utf16le("secret one\n")),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, good := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log")
			write(t, path, text)
			write(t, good, "good\n")
			store := newMemory()
			var s sink
			f := follow(t, testConfig(path, good), store, s.handle)
			f.await(t, &s, 1)
			appendTo(t, path, utf16le("secret two\n"))
			f.await(t, &s, 1)
			require.Equal(t, 1, f.about(path), "%v", f.log.All())
			e := f.log.FilterLevelExact(zap.ErrorLevel).All()[0]
			assert.Contains(t, e.ContextMap()["cause"], "UTF-16")
			assert.NotContains(t, e.Message, "secret")
			assert.EqualValues(t, -1, store.savedOffset(t, path))
			assert.Zero(t, f.Progress().Behind)

			write(t, path, "ok\n") // truncates
			f.await(t, &s, 2)
			assert.Equal(t, []string{"good", "ok"}, s.texts())
		})
	}
}

func TestLinks(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "current.log")
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	write(t, one, "one\n")
	write(t, two, "two\n")
	require.NoError(t, os.Symlink(one, link))
	require.NoError(t, os.Symlink(one, filepath.Join(dir, "other.log")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "loop.log"), filepath.Join(dir, "loop.log")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "nothing"), filepath.Join(dir, "dangling.log")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.log"), 0o700))
	var s sink
	f := follow(t, testConfig(filepath.Join(dir, "*.log")), newMemory(), s.handle)
	f.await(t, &s, 1) // once, by whichever path
	require.NoError(t, os.Remove(link))
	require.NoError(t, os.Symlink(two, link))
	f.await(t, &s, 2)
	appendTo(t, one, "still read\n")
	f.await(t, &s, 3)
	assert.Equal(t, []string{"one", "two", "still read"}, s.texts())
	assert.Equal(t, 1, f.about(filepath.Join(dir, "dangling.log")))
	assert.Equal(t, 1, f.about(filepath.Join(dir, "loop.log")))
	assert.Equal(t, 2, f.log.FilterLevelExact(zap.WarnLevel).Len(), "and none about the glob, which a loop makes fail: %v", f.log.All())
	require.NoError(t, os.Symlink(two, filepath.Join(dir, "nothing")))
	f.await(t, &s, 3)
	before := f.log.Len()
	f.settle(t)
	assert.Equal(t, before, f.log.Len())
}

// A path that is no file, where no glob hides that.
func TestFolderInsteadOfFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	require.NoError(t, os.Mkdir(path, 0o700))
	var s sink
	f := follow(t, testConfig(path), newMemory(), s.handle)
	f.settle(t)
	assert.Equal(t, 1, f.log.FilterLevelExact(zap.WarnLevel).Len(), "%v", f.log.All())
	require.NoError(t, os.Remove(path))
	write(t, path, "a file\n")
	f.await(t, &s, 1)
}

func TestPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("root may read everything: only the open error is injected")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.log")
	write(t, path, "one\n")
	var s sink
	cfg := testConfig(path)
	f := follow(t, cfg, newMemory(), s.handle)
	f.await(t, &s, 1)
	f.stop(t)

	tn := &turn{files: f.Files, path: path, f: &follower{}}
	for range 3 {
		assert.Equal(t, later, tn.unreadable(&os.PathError{Op: "open", Path: path, Err: os.ErrPermission}))
	}
	require.Equal(t, 1, f.about(path))
	assert.Equal(t, "permission denied", f.log.FilterLevelExact(zap.ErrorLevel).All()[0].ContextMap()["cause"])
	f.complaints.settle(path)
	tn.unreadable(os.ErrPermission)
	assert.Equal(t, 2, f.about(path), "again after it recovered")
	tn.unreadable(os.ErrNotExist)
	assert.Equal(t, 2, f.about(path), "a file that vanished is no fault")
}

func TestComplaintsAreBounded(t *testing.T) {
	core, log := observer.New(zap.InfoLevel)
	c := newComplaints(zap.New(core))
	for i := range 2 * maxComplaints {
		c.say(zap.InfoLevel, strings.Repeat("x", i+1), "cause", "message")
	}
	assert.Equal(t, maxComplaints+1, log.Len(), "one of them says that no more is said")
	assert.Equal(t, maxComplaints, c.silent)
	c.keep(func(string) bool { return false })
	assert.Empty(t, c.causes)
	assert.Zero(t, c.silent)
}

// A step of the clock, forth and back, stalls nothing: neither reading nor saving.
func TestClockSteps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, "one\n")
	var s sink
	f := follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 1)
	for i, step := range []time.Duration{-time.Hour, time.Hour} {
		f.store.mu.Lock()
		f.store.wall = func() time.Time { return time.Now().Add(step) }
		f.store.mu.Unlock()
		require.NoError(t, os.Chtimes(path, time.Now(), time.Now().Add(step)))
		appendTo(t, path, "more\n")
		f.await(t, &s, 2+i)
		until(t, func() bool { return store.savedOffset(t, path) == int64(4+5*(i+1)) })
		assert.GreaterOrEqual(t, f.Progress().Behind, time.Duration(0))
	}
	remove(t, path)
	until(t, func() bool { return len(s.ended()) == 1 })
}
