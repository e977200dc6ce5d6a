package autheventsblob

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

const hour = int64(time.Hour)

// anObject is one of the bucket of these tests; modTime is in hours.
func anObject(key string, hours int64) object {
	id := hash(0, key)
	return object{key: key, modTime: hours * hour, id: id, version: hash(id, fmt.Sprint(hours))}
}

// passOver does what a poller does in a pass over objects, in pages of two, and
// returns the keys that it read.
func passOver(s *state, nowHours int64, objects ...object) []string {
	s.beginPass(time.Unix(0, nowHours*hour))
	var read []string
	for len(objects) > 0 {
		n := min(2, len(objects))
		for i := range objects[:n] {
			if s.wants(&objects[i], false) {
				read = append(read, objects[i].key)
				s.finish(&objects[i])
			}
		}
		s.endPage(objects[:n], objects[n-1].key)
		objects = objects[n:]
	}
	s.dropGone()
	s.endPass()
	return read
}

func TestStateWindow(t *testing.T) {
	s := newState(10 * time.Hour)
	a, b, c := anObject("a", 100), anObject("b", 50), anObject("c", 95)
	assert.Equal(t, []string{"a", "b", "c"}, passOver(s, 101, a, b, c), "all of them the first time")
	assert.Equal(t, 90*hour, s.floor)
	assert.Len(t, s.done, 2, "b is too old to be remembered")
	late, tooLate := anObject("d", 91), anObject("e", 89)
	assert.Equal(t, []string{"d"}, passOver(s, 102, a, b, c, late, tooLate))
	assert.Empty(t, passOver(s, 103, a, b, c, late, tooLate))
	assert.Equal(t, []string{"a"}, passOver(s, 104, anObject("a", 103), b, c, late), "a is overwritten")
	assert.Equal(t, 93*hour, s.floor)
}

// While a long pass reads, objects appear before the place where it is. They
// are older than the newest that it sees at its end, and must not be left out.
func TestStateLongPass(t *testing.T) {
	s := newState(time.Hour)
	first := []object{anObject("b", 10), anObject("c", 20), anObject("z", 99)}
	passOver(s, 50, first...)
	assert.LessOrEqual(t, s.floor, 49*hour, "not before the beginning of the pass")
	assert.Equal(t, []string{"a"}, passOver(s, 100, append([]object{anObject("a", 60)}, first...)...))
}

// A clock of this host that is ahead must not make objects old.
func TestStateClockAhead(t *testing.T) {
	s := newState(time.Hour)
	passOver(s, 10_000, anObject("a", 10))
	assert.Equal(t, []string{"b"}, passOver(s, 10_001, anObject("a", 10), anObject("b", 10)))
}

func TestStateTooManyToRemember(t *testing.T) {
	s := newState(1000 * time.Hour)
	s.maxDone = 20
	var objects []object
	for i := range 100 {
		objects = append(objects, anObject(fmt.Sprintf("%03d", i), int64(100+i)))
	}
	assert.Len(t, passOver(s, 300, objects...), 100)
	assert.LessOrEqual(t, len(s.done), 22)
	assert.Greater(t, s.floor, 150*hour, "what is forgotten is older than floor")
	assert.Empty(t, passOver(s, 301, objects...), "and is not read again")
	next := anObject("200", 299)
	assert.Equal(t, []string{"200"}, passOver(s, 302, append(objects, next)...))
	// What is younger than the beginning of the pass is not forgotten: a
	// listing may show it only the next time.
	s = newState(0)
	s.maxDone = 20
	assert.Len(t, passOver(s, 50, objects...), 100)
	assert.Len(t, s.done, 100)
}

// In the middle of a pass, a restart remembers the cursor, and what is open.
func TestStateSaved(t *testing.T) {
	s := newState(10 * time.Hour)
	s.beginPass(time.Unix(0, 100*hour))
	a, b, c, d := anObject("a", 10), anObject("b", 99), anObject("c", 20), anObject("d", 21)
	for _, o := range []*object{&a, &b, &c, &d} {
		require.True(t, s.wants(o, false))
		require.False(t, s.wants(o, false), "it is being read")
	}
	s.finish(&a)
	s.fail(&b)
	s.endPage([]object{a, b}, "b")
	assert.Equal(t, 7, s.taken(&c, 1234, true, 7))

	client := newMemoryClient()
	save := func() {
		ops, err := s.snapshot(42)
		require.NoError(t, err)
		require.NoError(t, client.Batch(t.Context(), ops...))
	}
	save()
	ops, err := s.snapshot(42)
	require.NoError(t, err)
	assert.Nil(t, ops, "nothing has changed")

	load := func() *state {
		s := newState(10 * time.Hour)
		check := &checkpoints{client: client, state: s, selection: 42}
		require.NoError(t, check.load(t.Context(), start{now: true}))
		return s
	}
	s = load()
	assert.Equal(t, "b", s.beginPass(time.Unix(0, 200*hour)))
	assert.Equal(t, 100*hour, s.started, "it is the same pass")
	assert.False(t, s.wants(&a, true))
	assert.True(t, s.wants(&b, true), "it failed before")
	assert.True(t, s.wants(&c, false))
	offset, plain := s.position(&c)
	assert.EqualValues(t, 1234, offset)
	assert.True(t, plain)
	assert.True(t, s.wants(&d, false))
	offset, plain = s.position(&d)
	assert.Zero(t, offset)
	assert.False(t, plain)
	for _, o := range []*object{&b, &c} {
		s.finish(o)
	}
	s.replaced(&d)
	s.endPass()
	assert.Equal(t, 89*hour, s.floor)
	save()
	s = load()
	s.beginPass(time.Unix(0, 300*hour))
	for _, o := range []*object{&a, &b, &c, &d} {
		assert.False(t, s.wants(o, false), o.key)
	}
}

func TestStateUnsaved(t *testing.T) {
	s := newState(time.Hour)
	passOver(s, 100, anObject("a", 100))
	ops, err := s.snapshot(1)
	require.NoError(t, err)
	s.unsaved(ops)
	again, err := s.snapshot(1)
	require.NoError(t, err)
	assert.Equal(t, ops, again)
	// A shard that holds nothing any more is deleted.
	passOver(s, 200, anObject("b", 200))
	ops, err = s.snapshot(1)
	require.NoError(t, err)
	deleted := 0
	for _, op := range ops {
		if op.Type == storage.Delete {
			deleted++
		}
	}
	assert.Equal(t, 1, deleted)
}

// An object that failed for long is known by its value alone: should that be
// damaged, it is read again, however old.
func TestStateOpenDamaged(t *testing.T) {
	s := newState(time.Hour)
	old, young := anObject("a", 10), anObject("b", 99)
	s.beginPass(time.Unix(0, 100*hour))
	require.True(t, s.wants(&old, false))
	s.fail(&old)
	require.True(t, s.wants(&young, false))
	s.finish(&young)
	s.endPage([]object{old, young}, "b")
	s.endPass()
	require.Equal(t, 98*hour, s.floor)
	s.beginPass(time.Unix(0, 101*hour))
	s.endPage([]object{old}, "a")
	client := newMemoryClient()
	ops, err := s.snapshot(42)
	require.NoError(t, err)
	require.NoError(t, client.Batch(t.Context(), ops...))
	value, err := client.Get(t.Context(), openKey)
	require.NoError(t, err)
	value[1] ^= 1
	require.NoError(t, client.Set(t.Context(), openKey, value))

	s = newState(time.Hour)
	check := &checkpoints{client: client, state: s, selection: 42, logger: zap.NewNop()}
	require.NoError(t, check.load(t.Context(), start{now: true}))
	assert.Equal(t, []string{"a"}, passOver(s, 102, old, young))
}

// A bit of a key that flips hides the value: that is no first start, at which
// start would leave objects out.
func TestStatePassGone(t *testing.T) {
	s := newState(time.Hour)
	read, unread := anObject("a", 100), anObject("b", 50)
	passOver(s, 101, read)
	client := newMemoryClient()
	ops, err := s.snapshot(42)
	require.NoError(t, err)
	require.NoError(t, client.Batch(t.Context(), ops...))
	require.NoError(t, client.Delete(t.Context(), passKey))

	s = newState(time.Hour)
	check := &checkpoints{client: client, state: s, selection: 42, logger: zap.NewNop()}
	require.NoError(t, check.load(t.Context(), start{now: true}))
	assert.Equal(t, []string{"b"}, passOver(s, 102, read, unread))
}

// Whatever stands in storage, none of it panics.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("{}"))
	f.Add(make([]byte, openSize))
	f.Add(make([]byte, doneSize+1))
	f.Fuzz(func(t *testing.T, content []byte) {
		s := newState(0)
		if s.decodeOpen(content) == nil {
			require.LessOrEqual(t, len(s.open), len(content)/openSize)
		}
		if s.decodeDone(content) == nil {
			require.LessOrEqual(t, len(s.done), len(content)/doneSize)
		}
		_, _ = s.decodePass(content)
	})
}
