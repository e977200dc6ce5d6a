package unique

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMergeEqualsUnion: what several collectors saw, merged in any order, in
// parts and repeatedly, is the window of one that saw all.
func TestMergeEqualsUnion(t *testing.T) {
	for seed := range uint64(6) {
		rng := newRand(seed)
		perStep := []int{1, 20, 3000}[seed%3]
		all, merged := NewWindow(hour, testKey), NewWindow(hour, testKey)
		parts := []*Window{NewWindow(hour, testKey), NewWindow(hour, testKey), NewWindow(hour, testKey)}
		sent := make([]uint64, len(parts))
		now := epoch
		for range 60 {
			now = now.Add(time.Duration(rng.Int64N(int64(4 * time.Minute))))
			for range perStep {
				// Users move from one collector to another.
				user, at := rng.Uint64()>>uint(rng.IntN(2)*16)<<16, now.Add(-time.Duration(rng.Int64N(int64(hour))))
				all.Insert(user, at, now)
				parts[rng.IntN(len(parts))].Insert(user, at, now)
			}
			from := rng.IntN(len(parts))
			send(t, merged, parts[from].AppendSince(nil, sent[from]), now)
			sent[from] = parts[from].Revision()
			if rng.IntN(3) == 0 {
				send(t, merged, parts[from].AppendSince(nil, 0), now) // again
			}
		}
		for i := range parts {
			send(t, merged, parts[i].AppendSince(nil, sent[i]), now)
		}
		requireSame(t, all, merged)
		require.Equal(t, all.Estimate(now), merged.Estimate(now))

		direct := NewWindow(hour, testKey)
		for _, i := range rng.Perm(len(parts)) {
			require.NoError(t, direct.Merge(parts[i], now))
		}
		requireSame(t, all, direct)
		require.Equal(t, all.Estimate(now), direct.Estimate(now))
		revision := direct.Revision()
		require.NoError(t, direct.Merge(parts[0], now))
		require.Equal(t, revision, direct.Revision(), "what is known changes nothing")
	}
}

func send(t *testing.T, to *Window, data []byte, now time.Time) {
	t.Helper()
	require.NoError(t, to.MergeBinary(data, now))
}

// requireSame compares what the slots hold.
func requireSame(t *testing.T, want, got *Window) {
	t.Helper()
	require.Equal(t, want.newest, got.newest)
	for i := range want.slots {
		require.Equal(t, contents(want.slots[i]), contents(got.slots[i]), "slot %d", i)
	}
}

// contents is empty for no slot and for one that holds nothing.
func contents(s *slot) string {
	if s == nil || s.empty() {
		return ""
	}
	return string(s.append(nil))
}

func TestMergeKeepsNothingOfTheOther(t *testing.T) {
	for _, n := range []int{10, 20_000} {
		a, b := NewWindow(hour, testKey), NewWindow(hour, testKey)
		insert(b, newRand(1), n, epoch, epoch)
		require.NoError(t, a.Merge(b, epoch))
		before := a.Estimate(epoch)
		insert(b, newRand(2), n, epoch, epoch)
		require.Equal(t, before, a.Estimate(epoch))
		after := b.Estimate(epoch)
		insert(a, newRand(3), n, epoch, epoch)
		require.Equal(t, after, b.Estimate(epoch))
	}
}

func TestMergeAcrossClocks(t *testing.T) {
	peer, w := NewWindow(hour, testKey), NewWindow(hour, testKey)
	ahead := epoch.AddDate(1, 0, 0)
	peer.Insert(user(1), ahead, ahead)
	w.Insert(user(2), epoch, epoch)
	require.NoError(t, w.Merge(peer, epoch))
	require.EqualValues(t, 2, w.Estimate(epoch), "a peer whose clock is ahead counts now, and drops nothing")
	require.NoError(t, w.Merge(peer, epoch.Add(30*time.Minute)))
	require.EqualValues(t, 1, w.Estimate(epoch.Add(hour+slotLength)), "and leaves with what came with it")
	require.EqualValues(t, 1, w.Estimate(epoch.Add(hour+slotLength+30*time.Minute-1)))
	require.Zero(t, w.Estimate(epoch.Add(hour+slotLength+30*time.Minute)))

	w = NewWindow(hour, testKey)
	w.Insert(user(2), epoch, epoch)

	late := NewWindow(hour, testKey)
	late.Insert(user(3), epoch.Add(-hour-slotLength), epoch.Add(-hour-slotLength))
	late.Insert(user(4), epoch.Add(-hour), epoch.Add(-hour))
	require.NoError(t, w.Merge(late, epoch))
	require.EqualValues(t, 2, w.Estimate(epoch), "what is older than the window stays out")
	require.NoError(t, w.Merge(NewWindow(hour, testKey), epoch))
	require.EqualValues(t, 2, w.Estimate(epoch))
}

func TestMergeRefuses(t *testing.T) {
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	for name, other := range map[string]*Window{
		"another length": NewWindow(24*hour, testKey), "another key": NewWindow(hour, NewKey([]byte("another"))),
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, w.Merge(other, epoch), ErrForeign)
			other.Insert(user(2), epoch, epoch)
			data, err := other.MarshalBinary()
			require.NoError(t, err)
			require.ErrorIs(t, w.UnmarshalBinary(data), ErrForeign)
			require.ErrorIs(t, w.MergeBinary(data, epoch), ErrForeign)
			require.ErrorIs(t, w.MergeBinary(data[1:], epoch), ErrDamaged)
			require.EqualValues(t, 1, w.Estimate(epoch))
		})
	}
}

// TestSketchMerge: each of the two forms into each.
func TestSketchMerge(t *testing.T) {
	fill := func(seed uint64, n int) *sketch {
		s, rng := &sketch{}, rand.New(rand.NewPCG(seed, 1))
		for range n {
			s.add(rng.Uint64())
		}
		return s
	}
	const small, dense = 9000, 40_000
	for _, sizes := range [][2]int{{0, small}, {small, 0}, {small, small}, {small, dense}, {dense, small}, {dense, dense}, {0, dense}} {
		a, b := fill(1, sizes[0]), fill(2, sizes[1])
		want := fill(1, sizes[0])
		rng := rand.New(rand.NewPCG(2, 1))
		for range sizes[1] {
			want.add(rng.Uint64())
		}
		require.Equal(t, sizes[1] > 0, a.merge(b))
		require.False(t, a.merge(b))
		require.Equal(t, string(want.append(nil)), string(a.append(nil)), "%v", sizes)
	}
}
