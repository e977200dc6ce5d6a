package journey

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// hashes of n users, random as keyed hashes are.
func hashes(n int) []uint64 {
	random := rand.New(rand.NewPCG(11, 12))
	list := make([]uint64, n)
	for i := range list {
		list[i] = random.Uint64()
	}
	return list
}

// linkedMap is the usual way to hold users, oldest first: a map to entries that
// are linked. It is here to be compared with.
type linkedMap struct {
	users map[uint64]*linked
	seam  *linked
	max   int
}

type linked struct {
	user         uint64
	older, newer *linked
	progress
}

func newLinkedMap(bound int) *linkedMap {
	m := &linkedMap{users: map[uint64]*linked{}, seam: &linked{}, max: bound}
	m.seam.older, m.seam.newer = m.seam, m.seam
	return m
}

func (m *linkedMap) reach(user uint64, step int, at time.Time) bool {
	now, bit := at.UnixNano(), uint64(1)<<step
	if e := m.users[user]; e != nil && now-e.start < int64(time.Hour) {
		first := e.steps&bit == 0
		e.steps |= bit
		return first
	}
	if len(m.users) == m.max {
		oldest := m.seam.newer
		m.seam.newer, oldest.newer.older = oldest.newer, m.seam
		delete(m.users, oldest.user)
	}
	e := &linked{user: user, older: m.seam.older, newer: m.seam, progress: progress{start: now, steps: bit}}
	m.seam.older.newer, m.seam.older = e, e
	m.users[user] = e
	return true
}

// BenchmarkFunnel has users go through three steps; where there are more users
// than are held, each comes back after it was evicted.
func BenchmarkFunnel(b *testing.B) {
	for _, held := range []int{1_000, 100_000} {
		for _, share := range []float64{0.5, 2} {
			keys := hashes(int(share * float64(held)))
			for name, reach := range map[string]func(uint64, int, time.Time) bool{
				"table": NewFunnel(3, false, time.Hour, held).Reach,
				"map":   newLinkedMap(held).reach,
			} {
				b.Run(fmt.Sprintf("held=%d/users=%d/%s", held, len(keys), name), func(b *testing.B) {
					for _, key := range keys {
						reach(key, 0, noon)
					}
					i := 0
					b.ReportAllocs()
					b.SetBytes(1) // one event, so that MB/s are millions of events
					for b.Loop() {
						reach(keys[i%len(keys)], i%3, noon.Add(time.Duration(i)*time.Microsecond))
						i++
					}
				})
			}
		}
	}
}

// BenchmarkPairs begins and ends one pair in each round, among others pending.
func BenchmarkPairs(b *testing.B) {
	for _, pending := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			keys := hashes(2 * pending)
			p := NewPairs[[2]uint32](time.Hour, pending)
			for _, key := range keys[:pending-1] {
				p.Begin(key, noon, noon, [2]uint32{})
			}
			i := 0
			b.ReportAllocs()
			b.SetBytes(2) // events
			for b.Loop() {
				key := keys[pending+i%pending]
				p.Begin(key, noon, noon, [2]uint32{})
				if _, ok := p.End(key, noon); !ok {
					b.Fatal("not pending")
				}
				i++
			}
		})
	}
}

// BenchmarkExpireNothing is what a flush costs while nothing is due.
func BenchmarkExpireNothing(b *testing.B) {
	const pending = 100_000
	p := NewPairs[[2]uint32](time.Hour, pending)
	for _, key := range hashes(pending) {
		p.Begin(key, noon, noon, [2]uint32{})
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Expire(noon, func([2]uint32) {})
	}
}

// BenchmarkEntries is what a snapshot of a full funnel costs under the lock.
func BenchmarkEntries(b *testing.B) {
	const users = 100_000
	f := NewFunnel(3, true, time.Hour, users)
	for _, key := range hashes(users) {
		f.Reach(key, 0, noon)
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(f.Entries()) != users {
			b.Fatal("not all")
		}
	}
}
