package unique

import "math/bits"

// precision gives 131,072 registers and thereby a standard error of
// 1.04/√131072 = 0.29%: an estimate within ±1% is one within 3.5 standard
// errors, which 99.9% of them are.
const (
	precision    = 17
	numRegisters = 1 << precision
	maxRank      = 64 - precision + 1
)

// A small sketch keeps a key for each hash: its first keyBits, and how many
// zeros follow them. That is enough to fill registers from later, and so much
// that two users in 100 million share one.
const (
	keyBits     = 26
	rankBits    = 32 - keyBits
	maxKeyRank  = 64 - keyBits + 1
	minSmall    = 8                    // slots of the smallest table of keys
	maxSmall    = numRegisters / 4 / 2 // and of the largest: the next would be as large as the registers
	maxSmallLen = maxSmall / 4 * 3
)

// sketch counts distinct hashes: exactly but for rare collisions while there
// are few, in 5 to 11 bytes each, and above maxSmallLen in 128 KiB of
// registers. The zero value is empty.
//
// github.com/axiomhq/hyperloglog has the same two forms, and the same
// registers. Its small one rebuilds a compressed list every 1,300 hashes, also
// of users who came before (160 ns a hash), and its estimate walks all
// registers (3.5 ms); the tests hold this one against it.
type sketch struct {
	table []uint32 // of keys, by open addressing, 0 is free; nil once dense
	used  int
	dense *registers // nil while small
}

// add tells whether the hash changed the sketch.
func (s *sketch) add(hash uint64) bool {
	if s.dense != nil {
		// The bit below the hash's last stops the count of zeros.
		rank := bits.LeadingZeros64(hash<<precision|1<<(precision-1)) + 1
		return s.dense.raise(uint32(hash>>(64-precision)), uint8(rank))
	}
	return s.addKey(keyOf(hash))
}

// keyOf is never 0, as the rank is at least 1.
func keyOf(hash uint64) uint32 {
	rank := bits.LeadingZeros64(hash<<keyBits|1<<(keyBits-1)) + 1
	return uint32(hash>>(64-keyBits))<<rankBits | uint32(rank)
}

// register returns what the key's hash means to registers.
func register(key uint32) (index uint32, rank uint8) {
	const between = keyBits - precision // bits of a key that registers count zeros in
	index = key >> (32 - precision)
	if rest := key << precision >> (32 - between); rest != 0 {
		return index, uint8(between - bits.Len32(rest) + 1)
	}
	return index, uint8(between + key&(1<<rankBits-1))
}

func (s *sketch) addKey(key uint32) bool {
	if s.dense != nil {
		return s.dense.raise(register(key))
	}
	if s.table == nil {
		s.table = make([]uint32, minSmall)
	}
	i := s.find(key)
	if s.table[i] == key {
		return false
	}
	if s.used == len(s.table)/4*3 {
		s.grow()
		return s.addKey(key)
	}
	s.table[i] = key
	s.used++
	return true
}

// each calls f for every key, in leaps over the table: keys that came to another
// table in the order of this one would pile up in one part of it, and be
// searched for through thousands of others.
func (s *sketch) each(f func(key uint32)) {
	mask := uint32(len(s.table) - 1)
	for i := range uint32(len(s.table)) {
		if key := s.table[i*spread&mask]; key != 0 { // odd, so each place comes once
			f(key)
		}
	}
}

// spread is 2^32 over the golden ratio.
const spread = 0x9e3779b1

// find returns where the key is, or else the free place where it belongs.
func (s *sketch) find(key uint32) uint32 {
	mask := uint32(len(s.table) - 1)
	// The lowest bits of a key are a rank, and those before them are the ones
	// that users with the same register differ in: all are to matter.
	i := key * spread >> 16 & mask
	for s.table[i] != 0 && s.table[i] != key {
		i = (i + 1) & mask
	}
	return i
}

// grow makes room for more keys, or goes over to registers.
func (s *sketch) grow() {
	if len(s.table) >= maxSmall {
		s.toDense()
		return
	}
	old := *s
	s.table, s.used = make([]uint32, 2*len(old.table)), 0
	old.each(func(key uint32) { s.addKey(key) })
}

func (s *sketch) toDense() {
	s.dense = newRegisters()
	s.each(func(key uint32) { s.dense.raise(register(key)) })
	s.table, s.used = nil, 0
}

// merge adds all that other holds, and tells whether that changed anything.
func (s *sketch) merge(other *sketch) bool {
	changed := false
	if other.dense == nil {
		other.each(func(key uint32) {
			if s.addKey(key) {
				changed = true
			}
		})
		return changed
	}
	if s.dense == nil {
		s.toDense()
	}
	return s.dense.merge(other.dense)
}

func (s *sketch) empty() bool { return s.used == 0 && s.dense == nil }
