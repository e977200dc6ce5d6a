//go:build !race

// The race detector allocates, too.

package journey

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

const users = 100_000

// TestMemory measures what docs/journeys.md states: 51 bytes for each user of
// a funnel, and for each that pends 43 and what the caller wants back of it.
func TestMemory(t *testing.T) {
	list := hashes(2 * users)
	measure := func(fill func() any) float64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		held := fill()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(held)
		runtime.KeepAlive(list)
		return float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / users
	}
	funnel := measure(func() any {
		f := NewFunnel(3, true, time.Hour, users)
		for _, user := range list { // twice as many as it holds
			f.Reach(user, 0, noon)
		}
		return f
	})
	pairs := measure(func() any {
		p := NewPairs[[2]uint32](time.Hour, users)
		for _, key := range list {
			p.Begin(key, noon, noon, [2]uint32{})
		}
		return p
	})
	linked := measure(func() any {
		m := newLinkedMap(users)
		for _, user := range list[:users] {
			m.reach(user, 0, noon)
		}
		return m
	})
	t.Logf("bytes: %.1f a user, %.1f in a map; %.1f a pending pair with 8 bytes of its own", funnel, linked, pairs)
	assert.LessOrEqual(t, funnel, 52.0)
	assert.LessOrEqual(t, pairs, 52.0)
	assert.Less(t, funnel, linked, "or there would be no need for a table of our own")
}

// TestAllocatesNothing is about tables that are full: users and pairs come, go
// and are evicted.
func TestAllocatesNothing(t *testing.T) {
	const held = 1000
	list := hashes(4 * held)
	funnel := NewFunnel(3, false, time.Hour, held)
	pairs := NewPairs[int](time.Minute, held)
	now, i := noon, 0
	ignore := func(int) {}
	round := func() {
		now = now.Add(time.Second)
		user := list[i%len(list)]
		i++
		funnel.Reach(user, i%3, now)
		funnel.Expire(now.Add(-2 * time.Hour))
		pairs.Begin(user, now, now, i)
		pairs.Begin(user^1, now, now, i)
		pairs.End(user, now)
		if i%10 == 0 {
			pairs.Expire(now, ignore)
		}
	}
	for range 3 * len(list) {
		round()
	}
	assert.Zero(t, testing.AllocsPerRun(2*len(list), round))
	assert.Positive(t, funnel.Evicted())
}
