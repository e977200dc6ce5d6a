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

// BenchmarkFunnel has users go through three steps; where there are more users
// than are held, each comes back after it was evicted.
func BenchmarkFunnel(b *testing.B) {
	for _, users := range []int{1_000, 100_000} {
		for _, share := range []float64{0.5, 2} {
			b.Run(fmt.Sprintf("held=%d/users=%g", users, share*float64(users)), func(b *testing.B) {
				keys := hashes(int(share * float64(users)))
				f := NewFunnel(3, true, time.Hour, users)
				for _, key := range keys {
					f.Reach(key, 0, noon)
				}
				i := 0
				b.ReportAllocs()
				b.SetBytes(1) // a user and a step, so that MB/s are millions of events
				for b.Loop() {
					f.Reach(keys[i%len(keys)], i%3, noon.Add(time.Duration(i)*time.Millisecond))
					i++
				}
			})
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
