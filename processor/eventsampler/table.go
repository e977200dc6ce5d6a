package eventsampler

import "hash/maphash"

const (
	// maxExponent bounds how thin a kind gets: one of 2^40.
	maxExponent = 40
	// minCounters is how many counters a generation holds at least. A kind has
	// one for each interval whose records arrive, and those of several files or
	// partitions that are read at once lie hours apart.
	minCounters = 1 << 16
)

// kind is what is sampled together, as a hash. Its seed is this process's own,
// so that nobody can craft two events that are taken for one kind.
type kind uint64

// counter is a kind's in one interval.
type counter struct {
	seen uint64
	// limit is how many may be seen before the exponent rises: quota<<exponent.
	limit uint64
	// exponent says which share is kept: 1 of 2^exponent. It begins at base.
	exponent, base uint8
	// kinds is, in an interval's own counter, how many kinds it has.
	kinds int
}

// table holds the counters of the kinds. It is not safe for concurrent use.
//
// It is two generations: one fills, and once it is full replaces the other. A
// counter that is used moves into the newer one, so that what goes is what was
// not used for the longest time. A kind whose counter is gone begins anew, and
// is kept whole at first.
type table struct {
	quota             uint64
	maxKinds          int
	maxCounters       int
	current, previous generation

	seed maphash.Seed
	// shared is the kind of all that found no room. interval is no kind: its
	// counters count the kinds of their interval.
	shared, interval kind
}

type generation struct {
	index    map[uint64]int
	counters []counter
}

func newTable(quota uint64, maxKinds int) *table {
	t := &table{quota: quota, maxKinds: maxKinds, maxCounters: max(minCounters, 4*maxKinds), seed: maphash.MakeSeed()}
	t.shared, t.interval = t.kindOf("shared"), t.kindOf("interval")
	t.current.index, t.previous.index = map[uint64]int{}, map[uint64]int{}
	return t
}

// kindOf hashes the parts of a kind. Their order and number tell: those of a
// record are two at least, those of the table itself are one.
func (t *table) kindOf(parts ...string) kind {
	h := uint64(len(parts))
	for _, part := range parts {
		h = (h ^ maphash.String(t.seed, part)) * 0x9e3779b97f4a7c15 // odd, so that nothing is lost
		h ^= h >> 32
	}
	return kind(h)
}

// at is the place of a kind's counter of an interval.
func (k kind) at(interval uint64) uint64 { return uint64(k) ^ interval*0xd6e8feb86659fd93 }

// take counts one record of a kind, and returns the share in which it is to be
// kept, 1 of 2^exponent; at is for undo. The share follows from the records
// before alone, never from what was decided about them, so that the adjusted
// counts are right on average whatever comes.
func (t *table) take(k kind, interval uint64) (exponent uint8, at uint64, overflow bool) {
	at = k.at(interval)
	c := t.find(at)
	if c == nil {
		if c = t.admit(k, interval); c == nil {
			at, overflow = t.shared.at(interval), true
			if c = t.find(at); c == nil {
				c = t.add(at, t.begin(t.shared, interval))
			}
		}
	}
	if c.seen >= c.limit && c.exponent < maxExponent {
		c.exponent++
		c.limit *= 2
	}
	c.seen++
	return c.exponent, at, overflow
}

// admit adds a kind to an interval; nil if that has too many.
func (t *table) admit(k kind, interval uint64) *counter {
	place := t.interval.at(interval)
	all := t.find(place)
	if all == nil {
		all = t.add(place, counter{})
	}
	if all.kinds >= t.maxKinds {
		return nil
	}
	all.kinds++
	return t.add(k.at(interval), t.begin(k, interval))
}

// begin returns a new counter. It starts at the share that would have brought
// the interval before down to the quota, or at 1 if that had too few, or none.
func (t *table) begin(k kind, interval uint64) counter {
	c := counter{limit: t.quota}
	if before := t.find(k.at(interval - 1)); before != nil {
		for before.seen > c.limit && c.base < maxExponent {
			c.base++
			c.limit *= 2
		}
	}
	c.exponent = c.base
	return c
}

// undo takes back one record that take has counted.
func (t *table) undo(at uint64) {
	c := t.find(at)
	if c == nil || c.seen == 0 {
		return // gone in the meantime
	}
	c.seen--
	for c.exponent > c.base && c.seen < c.limit/2 {
		c.exponent--
		c.limit /= 2
	}
}

// find returns a counter, or nil. It is valid until the next find or add.
func (t *table) find(at uint64) *counter {
	if i, ok := t.current.index[at]; ok {
		return &t.current.counters[i]
	}
	if i, ok := t.previous.index[at]; ok {
		return t.add(at, t.previous.counters[i])
	}
	return nil
}

func (t *table) add(at uint64, c counter) *counter {
	if len(t.current.counters) >= t.maxCounters {
		t.current, t.previous = t.previous, t.current
		clear(t.current.index)
		t.current.counters = t.current.counters[:0]
	}
	t.current.index[at] = len(t.current.counters)
	t.current.counters = append(t.current.counters, c)
	return &t.current.counters[len(t.current.counters)-1]
}
