package pseudonym

import "sync/atomic"

// ways is how many entries share a place in the table. With four of them, and
// a seeded hash, few places are short of room while others are empty.
const ways = 4

// cache remembers values by key, a fixed number of them at most, without a
// lock: a look-up is one hash and one to four comparisons.
//
// Entries are written once and replaced whole. Two goroutines that put at the
// same time may lose one entry, and a look-up may miss what is just being put:
// both cost one computation again, and never give a wrong value.
type cache[K comparable, V any] struct {
	sets []set[K, V] // a power of two of them
}

type set[K comparable, V any] [ways]atomic.Pointer[entry[K, V]]

type entry[K comparable, V any] struct {
	hash  uint64 // compared first: the key may be in other memory
	key   K
	value V
	used  atomic.Bool // found since the clock's hand passed
}

// newCache makes a cache for so many entries, a power of two.
func newCache[K comparable, V any](entries int) *cache[K, V] {
	return &cache[K, V]{sets: make([]set[K, V], entries/ways)}
}

// set is where a key of this hash is.
func (c *cache[K, V]) set(hash uint64) *set[K, V] {
	return &c.sets[hash&uint64(len(c.sets)-1)]
}

func (c *cache[K, V]) get(hash uint64, key K) (value V, ok bool) {
	s := c.set(hash)
	for i := range s {
		e := s[i].Load()
		if e == nil || e.hash != hash || e.key != key {
			continue
		}
		// A store takes the line from the other cores, so only where needed.
		if !e.used.Load() {
			e.used.Store(true)
		}
		return e.value, true
	}
	return value, false
}

// put takes an empty place, or that of an entry that was not found lately, as
// a clock does: its hand takes the used mark from what it passes. It starts
// where the hash's high bits say, so that it needs no state of its own. What is
// put has no mark yet: values that come once do not push out those in use.
func (c *cache[K, V]) put(hash uint64, key K, value V) {
	s := c.set(hash)
	e := &entry[K, V]{hash: hash, key: key, value: value}
	for i := range s {
		if s[i].CompareAndSwap(nil, e) {
			return
		}
	}
	start := hash >> 32
	victim := &s[start%ways]
	for i := range uint64(ways) {
		way := &s[(start+i)%ways]
		if used := &way.Load().used; used.Load() {
			used.Store(false)
			continue
		}
		victim = way
		break
	}
	victim.Store(e)
}

// len is the number of entries held.
func (c *cache[K, V]) len() int {
	n := 0
	for i := range c.sets {
		for j := range c.sets[i] {
			if c.sets[i][j].Load() != nil {
				n++
			}
		}
	}
	return n
}
