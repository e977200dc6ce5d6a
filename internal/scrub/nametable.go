package scrub

import (
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
)

// nameTable finds what is known of a name. Go's map would do, but a walk looks
// up one name per value: this table has its names side by side in memory, and
// hashes eight bytes at a time.
//
// The names are the sender's behind a gateway, so the hash is seeded: nobody can
// write names that all fall into one slot.
type nameTable[T any] struct {
	slots []nameSlot[T] // a power of two of them, at most half of them taken
	seed  uint64
}

type nameSlot[T any] struct {
	name  string
	taken bool
	value T
}

// newNameTable builds the table of what is in m, which does not change again.
func newNameTable[T any](m map[string]T) nameTable[T] {
	if len(m) == 0 {
		return nameTable[T]{}
	}
	size := 1 << bits.Len(uint(2*len(m)-1))
	t := nameTable[T]{slots: make([]nameSlot[T], size), seed: rand.Uint64()}
	var side strings.Builder // the names, side by side
	order := slices.Sorted(maps.Keys(m))
	for _, name := range order {
		side.WriteString(name)
	}
	rest := side.String()
	for _, name := range order {
		t.put(rest[:len(name)], m[name])
		rest = rest[len(name):]
	}
	return t
}

func (t *nameTable[T]) put(name string, value T) {
	i := t.slot(name)
	for t.slots[i].taken {
		i = (i + 1) & (len(t.slots) - 1)
	}
	t.slots[i] = nameSlot[T]{name, true, value}
}

// get returns what is known of the name, if anything is.
func (t *nameTable[T]) get(name string) (value T, ok bool) {
	if len(t.slots) == 0 {
		return value, false
	}
	for i := t.slot(name); ; i = (i + 1) & (len(t.slots) - 1) {
		if s := &t.slots[i]; !s.taken || s.name == name {
			return s.value, s.taken
		}
	}
}

// slot hashes a name: a product of 128 bits, folded, for each 16 bytes, as wyhash
// does. The last 16 bytes may overlap those before them.
func (t *nameTable[T]) slot(name string) int {
	const odd = 0x9e3779b97f4a7c15
	h := t.seed ^ uint64(len(name))*odd
	for len(name) > 16 {
		h = fold(word(name)^h, word(name[8:])^t.seed)
		name = name[8:]
	}
	switch {
	case len(name) >= 8:
		h = fold(word(name)^h, word(name[len(name)-8:])^t.seed)
	case len(name) > 0:
		var w uint64
		for i := range len(name) {
			w = w<<8 | uint64(name[i])
		}
		h = fold(w^h, odd^t.seed)
	}
	return int(h) & (len(t.slots) - 1)
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// word reads eight bytes; the compiler makes one load of them.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
