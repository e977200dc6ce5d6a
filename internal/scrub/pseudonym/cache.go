package pseudonym

import (
	"math/bits"
	"sync/atomic"
)

// ways is how many entries share a place in the table. With four of them, and
// a seeded hash, few places are short of room while others are empty.
const ways = 4

// cache remembers values by key, a fixed number of them at most, without a
// lock: a look-up is one hash, the line of memory that its set is, and the one
// entry that has this hash. What a look-up costs is the memory that it touches,
// for thousands of users do not fit the processor's cache.
//
// Entries are written once and replaced whole. Two goroutines that put at the
// same time may lose one entry, or leave one that is not found, and a look-up may
// miss what is just being put: all cost one computation again, and never give a
// wrong value.
type cache[K comparable, V any] struct {
	sets []set[K, V]
}

// set is one line of memory, 64 bytes.
type set[K comparable, V any] struct {
	// marks are the hashes of entries. In the lowest bit, which is little of a hash,
	// stands whether the entry was found since the clock's hand passed.
	marks   [ways]atomic.Uint64
	entries [ways]atomic.Pointer[entry[K, V]]
}

// used is the bit of a mark that says that its entry was found.
const used = 1

type entry[K comparable, V any] struct {
	key   K
	value V
}

// newCache makes a cache for so many entries, a multiple of ways.
func newCache[K comparable, V any](entries int) *cache[K, V] {
	return &cache[K, V]{sets: make([]set[K, V], entries/ways)}
}

// set is where a key of this hash is: as far into the sets as the hash is into
// its range, so that there may be any number of them.
func (c *cache[K, V]) set(hash uint64) *set[K, V] {
	i, _ := bits.Mul64(hash, uint64(len(c.sets)))
	return &c.sets[i]
}

func (c *cache[K, V]) get(hash uint64, key K) (value V, ok bool) {
	if e := c.find(hash, &key); e != nil {
		return e.value, true
	}
	return value, false
}

// find returns the entry of a key, nil where there is none. It is not to be
// written to.
func (c *cache[K, V]) find(hash uint64, key *K) *entry[K, V] {
	s := c.set(hash)
	for i := range s.marks {
		mark := s.marks[i].Load()
		if mark|used != hash|used {
			continue
		}
		e := s.entries[i].Load()
		if e == nil || e.key != *key {
			continue
		}
		// A store takes the line from the other cores, so only where needed.
		if mark&used == 0 {
			s.marks[i].CompareAndSwap(mark, mark|used)
		}
		return e
	}
	return nil
}

// put takes an empty place, or that of an entry that was not found lately, as
// a clock does: its hand takes the used mark from what it passes. It starts
// where bits of the hash say, so that it needs no state of its own. What is
// put has no mark yet: values that come once do not push out those in use.
func (c *cache[K, V]) put(hash uint64, key K, value V) {
	c.putEntry(hash, &entry[K, V]{key: key, value: value})
}

func (c *cache[K, V]) putEntry(hash uint64, e *entry[K, V]) {
	s := c.set(hash)
	mark := hash &^ used
	for i := range s.entries {
		if s.entries[i].CompareAndSwap(nil, e) {
			s.marks[i].Store(mark)
			return
		}
	}
	start := hash >> 32
	victim := start % ways
	for i := range uint64(ways) {
		way := (start + i) % ways
		if old := s.marks[way].Load(); old&used != 0 {
			s.marks[way].CompareAndSwap(old, old&^used)
			continue
		}
		victim = way
		break
	}
	s.entries[victim].Store(e)
	s.marks[victim].Store(mark)
}

// len is the number of entries held.
func (c *cache[K, V]) len() int {
	n := 0
	for i := range c.sets {
		for j := range c.sets[i].entries {
			if c.sets[i].entries[j].Load() != nil {
				n++
			}
		}
	}
	return n
}
