package unique

import (
	"fmt"
	"testing"
	"time"
)

func BenchmarkHash(b *testing.B) {
	user := "8c1b7a52-6c1d-4a4e-9f0e-0d5b0a3a7f11"
	b.SetBytes(int64(len(user)))
	b.ReportAllocs()
	for b.Loop() {
		testKey.Hash(user)
	}
}

// BenchmarkInsert inserts users who came before: the steady state.
func BenchmarkInsert(b *testing.B) {
	for _, users := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("users=%d", users), func(b *testing.B) {
			w := NewWindow(hour, testKey)
			hashes := make([]uint64, users)
			rng := newRand(1)
			for i := range hashes {
				hashes[i] = rng.Uint64()
				w.Insert(hashes[i], epoch, epoch)
			}
			i := 0
			b.SetBytes(8)
			b.ReportAllocs()
			for b.Loop() {
				w.Insert(hashes[i%users], epoch, epoch)
				i += 7919
			}
		})
	}
}

// BenchmarkInsertNew inserts users who never came before, over all slots.
func BenchmarkInsertNew(b *testing.B) {
	w := NewWindow(hour, testKey)
	rng := newRand(1)
	now := epoch
	b.SetBytes(8)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(time.Millisecond)
		w.Insert(rng.Uint64(), now, now)
	}
}

func BenchmarkEstimate(b *testing.B) {
	for _, users := range []int{100, 100_000} {
		w := NewWindow(hour, testKey)
		for i := range numSlots {
			at := epoch.Add(time.Duration(i) * slotLength)
			insert(w, newRand(uint64(i)), users, at, at)
		}
		now := epoch.Add(hour)
		b.Run(fmt.Sprintf("users=%d/same_slot", users), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.Estimate(now)
			}
		})
		b.Run(fmt.Sprintf("users=%d/after_a_slot_left", users), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.stale = true
				w.Estimate(now)
			}
		})
	}
}

// BenchmarkEncode is by users per slot, in all slots.
func BenchmarkEncode(b *testing.B) {
	for _, users := range []int{100, 5000, 100_000} {
		w := NewWindow(hour, testKey)
		for i := range numSlots {
			at := epoch.Add(time.Duration(i) * slotLength)
			insert(w, newRand(uint64(i)), users, at, at)
		}
		data := w.AppendSince(nil, 0)
		b.Run(fmt.Sprintf("users=%d/append", users), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				data = w.AppendSince(data[:0], 0)
			}
		})
		b.Run(fmt.Sprintf("users=%d/merge", users), func(b *testing.B) {
			to := NewWindow(hour, testKey)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := to.MergeBinary(data, epoch.Add(hour)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
