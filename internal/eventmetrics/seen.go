package eventmetrics

import (
	"math/bits"
	"math/rand/v2"

	"github.com/cespare/xxhash/v2"
)

// maxSeen is how many uids are remembered at least, and half of how many at
// most. A receiver sends a refused batch again before it goes on, so the
// window needs to hold the batches in flight.
const maxSeen = 1 << 16

// slots of a generation; half of them stay empty, so that probes are short.
const slots = 2 * maxSeen

// seen remembers the uids counted last, as 64-bit hashes. Two uids of one
// window share a hash, and one event goes uncounted, about once in 2^31
// windows.
//
// It is two hash sets: one fills, and once it is full replaces the other. A Go
// map and a ring do the same at several times the cost, see
// BenchmarkSeen, most of it in deleting one by one.
type seen struct {
	current, previous []uint64 // 0 is an empty slot; nil before the first uid
	used              int      // of current
	turned            bool     // previous was current
	// A hash is stretched by a secret before it becomes a slot, or whoever
	// writes log lines could have all uids meet in one slot.
	secret uint64
}

// hashUID returns 0 for a record without a uid, and for no other.
func hashUID(uid value) uint64 {
	if uid.kind == absent {
		return 0
	}
	return max(1, xxhash.Sum64String(uid.label()))
}

// add remembers a hash and reports whether it was new.
func (s *seen) add(hash uint64) bool {
	if s.current == nil {
		s.current, s.previous = make([]uint64, slots), make([]uint64, slots)
		s.secret = rand.Uint64() | 1
	}
	slot, known := s.find(s.current, hash)
	if known {
		return false
	}
	if _, known := s.find(s.previous, hash); known {
		return false
	}
	s.current[slot] = hash
	s.used++
	if s.used == maxSeen {
		s.current, s.previous = s.previous, s.current
		clear(s.current)
		s.used, s.turned = 0, true
	}
	return true
}

// touch reads the slots of a hash, so that they are near when add comes to
// them. Nothing waits for what it reads, and the processor fetches the slots
// of several hashes at a time; between the branches of add it could not.
func (s *seen) touch(hash uint64) uint64 {
	slot := (hash * s.secret) >> (64 - bits.TrailingZeros(slots))
	return s.current[slot] ^ s.previous[slot]
}

// find returns the slot of a hash, or the empty one where it belongs.
func (s *seen) find(set []uint64, hash uint64) (slot uint64, known bool) {
	slot = (hash * s.secret) >> (64 - bits.TrailingZeros(slots))
	for set[slot] != 0 {
		if set[slot] == hash {
			return slot, true
		}
		slot = (slot + 1) % slots
	}
	return slot, false
}
