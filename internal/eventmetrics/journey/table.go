package journey

// firstHeld is how many entries a table has room for at first.
const firstHeld = 64

// table holds values by key, up to a bound, and knows which came first.
//
// The entries lie in one slice, linked into a ring by the order in which they
// were put in; the index is a hash table with open addressing of positions in
// that slice. So an entry costs its value, 16 bytes of key and links, and 8 to
// 16 bytes of the index, and neither putting one in nor taking one out
// allocates once both have grown. They never shrink.
type table[V any] struct {
	max     int
	used    int
	entries []entry[V] // entries[0] is the ring's seam: nobody's, newer than all and older than all
	free    uint32     // the first unused entry, linked by newer; 0 for none
	// index holds positions in entries, 0 for none. Its length is a power of
	// two, and at least half of it is empty, so that probes are short.
	index []uint32
}

type entry[V any] struct {
	key          uint64
	older, newer uint32
	value        V
}

// newTable has no memory before its first entry.
func newTable[V any](bound int) table[V] { return table[V]{max: bound} }

func (t *table[V]) full() bool { return t.used == t.max }

// find returns the position of a key, 0 where there is none.
func (t *table[V]) find(key uint64) uint32 {
	if t.used == 0 {
		return 0
	}
	return t.index[t.slot(key)]
}

// slot returns where in the index a key is, or else the empty one where it
// belongs. A hash is even, so its lower bits do for a place.
func (t *table[V]) slot(key uint64) uint64 {
	mask := uint64(len(t.index) - 1)
	slot := key & mask
	for {
		at := t.index[slot]
		if at == 0 || t.entries[at].key == key {
			return slot
		}
		slot = (slot + 1) & mask
	}
}

// value returns what is at a position. It is good until the next put.
func (t *table[V]) value(at uint32) *V { return &t.entries[at].value }

// oldest returns the position of the entry put in first, 0 where there is none.
func (t *table[V]) oldest() uint32 { return t.next(0) }

// next returns the position of the entry put in after this one, 0 for the last.
func (t *table[V]) next(at uint32) uint32 {
	if t.used == 0 {
		return 0
	}
	return t.entries[at].newer
}

// put adds a key that is not there to a table that is not full.
func (t *table[V]) put(key uint64, value V) {
	at := t.unused()
	t.index[t.slot(key)] = at
	t.entries[at] = entry[V]{key: key, value: value}
	t.link(at)
	t.used++
}

// unused returns the position of an entry to fill, and sees that the index has
// room for one more.
func (t *table[V]) unused() uint32 {
	if at := t.free; at != 0 {
		t.free = t.entries[at].newer
		return at
	}
	at := len(t.entries)
	if at == cap(t.entries) {
		t.grow()
		at = len(t.entries)
	}
	t.entries = t.entries[:at+1]
	return uint32(at)
}

// grow doubles the room of entries, and the index with them.
func (t *table[V]) grow() {
	room := min(max(2*(cap(t.entries)-1), firstHeld), t.max)
	entries := make([]entry[V], max(1, len(t.entries)), room+1)
	copy(entries, t.entries)
	t.entries = entries

	size := 2
	for size < 2*room {
		size *= 2
	}
	if size == len(t.index) {
		return
	}
	t.index = make([]uint32, size)
	for at := t.next(0); at != 0; at = t.next(at) {
		t.index[t.slot(t.entries[at].key)] = at
	}
}

// remove takes an entry out, and its value out of memory's reach.
func (t *table[V]) remove(at uint32) {
	t.unindex(t.entries[at].key)
	t.unlink(at)
	t.entries[at] = entry[V]{newer: t.free}
	t.free = at
	t.used--
}

// renew makes an entry the newest.
func (t *table[V]) renew(at uint32) {
	t.unlink(at)
	t.link(at)
}

func (t *table[V]) link(at uint32) {
	newest := t.entries[0].older
	t.entries[at].older, t.entries[at].newer = newest, 0
	t.entries[newest].newer = at
	t.entries[0].older = at
}

func (t *table[V]) unlink(at uint32) {
	e := &t.entries[at]
	t.entries[e.older].newer = e.newer
	t.entries[e.newer].older = e.older
}

// unindex empties a key's slot. Those behind it that were displaced by it move
// up, so that no probe meets a gap before its key.
func (t *table[V]) unindex(key uint64) {
	mask := uint64(len(t.index) - 1)
	gap := t.slot(key)
	for slot := (gap + 1) & mask; t.index[slot] != 0; slot = (slot + 1) & mask {
		home := t.entries[t.index[slot]].key & mask
		if (slot-home)&mask >= (slot-gap)&mask {
			t.index[gap] = t.index[slot]
			gap = slot
		}
	}
	t.index[gap] = 0
}
