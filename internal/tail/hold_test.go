package tail

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// joiner is a handler that joins "F" with the "P" lines before it, of each
// letter apart, as CRI's stdout and stderr are: "P a", "P b", "F a", "F b".
type joiner struct {
	sink
	mu      sync.Mutex
	pending map[string]*joined
}

type joined struct {
	text  string
	first int64
}

func (j *joiner) handle(ctx context.Context, l *Lines) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := &Lines{Origin: l.Origin, End: l.End}
	for _, x := range l.Lines {
		tag, of, _ := strings.Cut(string(x.Text), " ")
		p := j.pending[of[:1]]
		if p == nil {
			p = &joined{first: x.Offset}
		}
		p.text += of
		if j.pending[of[:1]] = p; tag == "F" {
			out.Lines = append(out.Lines, Line{Text: []byte(p.text), Offset: p.first})
			delete(j.pending, of[:1])
		}
	}
	for _, p := range j.pending {
		if l.End {
			out.Lines = append(out.Lines, Line{Text: []byte(p.text), Offset: p.first})
		}
		l.Hold(p.first)
	}
	return j.sink.handle(ctx, out)
}

func newJoiner() *joiner { return &joiner{pending: map[string]*joined{}} }

// The position stays in front of what is held, over a restart and a crash; the
// lines before it are not read again.
func TestHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	store := newMemory()
	write(t, path, "F a0\nP a1\n")
	first := newJoiner()
	f := follow(t, testConfig(path), store, first.handle)
	f.await(t, &first.sink, 1)
	appendTo(t, path, "P b1\n")
	f.settle(t)
	until(t, func() bool { return store.savedOffset(t, path) == 5 })
	appendTo(t, path, "F a2\n") // now b is held, of an earlier call
	lines := f.await(t, &first.sink, 2)
	assert.Equal(t, "a1a2", lines[1].text)
	until(t, func() bool { return store.savedOffset(t, path) == 10 })
	crashed := store.copy()
	appendTo(t, path, "F b2\n")
	lines = f.await(t, &first.sink, 3)
	assert.Equal(t, "b1b2", lines[2].text)
	until(t, func() bool { return store.savedOffset(t, path) == 25 })
	f.stop(t)

	second := newJoiner()
	f = follow(t, testConfig(path), crashed, second.handle)
	again := f.await(t, &second.sink, 2)
	assert.Equal(t, lines[2], again[1], "read again, with its identity")
}

// A handler lets go at the end.
func TestHoldAtEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gz")
	store := newMemory()
	write(t, path, zipped(t, "F a0\nP a1\n"))
	j := newJoiner()
	f := follow(t, testConfig(path), store, j.handle)
	f.await(t, &j.sink, 2)
	assert.Equal(t, []string{"a0", "a1"}, j.texts())
	until(t, func() bool { return store.savedOffset(t, path) == 10 })

	plain := filepath.Join(t.TempDir(), "a.log")
	write(t, plain, "F b0\nP b1\n")
	j = newJoiner()
	f = follow(t, testConfig(plain), store, j.handle)
	f.await(t, &j.sink, 1)
	remove(t, plain)
	f.await(t, &j.sink, 2)
	assert.Equal(t, []string{"b0", "b1"}, j.texts())
}

// Each input has a handler of its own, made once for a generation.
func TestOpenerPerInput(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "a\n")
	write(t, filepath.Join(dir, "b"), "b\n")
	var mu sync.Mutex
	opened := map[string]int{}
	sinks := map[string]*sink{}
	f := followWith(t, testConfig(filepath.Join(dir, "*")), nil, func(o Origin) Handler {
		mu.Lock()
		defer mu.Unlock()
		opened[o.Name]++
		sinks[o.Name] = &sink{}
		return sinks[o.Name].handle
	})
	count := func(name string) int {
		mu.Lock()
		defer mu.Unlock()
		return opened[name]
	}
	until(t, func() bool { return count("a") == 1 && count("b") == 1 })
	appendTo(t, filepath.Join(dir, "a"), "more\n")
	f.settle(t)
	f.stop(t)
	assert.Equal(t, map[string]int{"a": 1, "b": 1}, opened)
	assert.Equal(t, []string{"a", "more"}, sinks["a"].texts())
	assert.Equal(t, []string{"b"}, sinks["b"].texts())
}
