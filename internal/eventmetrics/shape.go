package eventmetrics

import "slices"

// Bounds of what is kept of records that were alike.
const (
	// numShapes is a power of two. A shape takes about a kilobyte.
	numShapes = 4096
	// maxShapeFields and the 64 bits of traits are what records may differ in;
	// where a plan has more, nothing is kept of its records.
	maxShapeFields = 32
	// patience is how often in a row the place of a shape must be wanted by
	// others before it is given up, so that where there are more shapes than
	// places not every record allocates one.
	patience = 32
	// maxScratch is how many shapes of a batch that are not kept leave their
	// memory to the next.
	maxScratch = 1 << 10
)

// shape is where a record counts, worked out. Records of one event that have
// the same labels and meet the same conditions count in the same series, so it
// is looked up by traits, and the cost of a record does not grow with the
// number of metrics that count it: to try all rules again and to put together
// and look up a key for each took two thirds of the time.
//
// A batch that was just scrubbed has left little of the engine in the
// processor's caches, and to fetch a shape takes longer than to count by it. So
// what each record needs comes first, and a kept shape is of whole cache lines.
type shape struct {
	traits traits
	// pending are the records of the commit under way that plain has yet to
	// count, see settle. It is 0 between commits.
	pending int64
	// people is the same for all shapes with the same series in unique; 0 until
	// these are known, or if they can't be told by one user.
	people          uint64
	folded, invalid int32 // see countedRecord
	misses          int32 // in a row
	settled         bool  // all series of plain and unique are known
	user            uint8 // of unique, where people is known

	// plain are sums of 1; steps are of funnels. measured need more of each
	// record: a number, or what a pair has to match.
	plain, unique, steps, measured []tally
	_                              [48]byte // up to five cache lines
}

// traits are all that a record's series depend on. The numbers of labels never
// change their meaning, and neither does what stands for one.
type traits struct {
	plan *plan
	bits uint64                   // see plan.traits
	ids  [maxShapeFields]interned // of plan.fields; what is behind them has no meaning
}

func (t *traits) equal(other *traits) bool {
	if t.plan != other.plan || t.bits != other.bits {
		return false
	}
	n := len(t.plan.fields)
	return slices.Equal(t.ids[:n], other.ids[:n])
}

// tally is a rule that counts a record, with the series it counts in.
type tally struct {
	rule   *rule
	key    key
	user   uint8   // whom it counts: an index into plan.identities
	folded int32   // values of the key that are Other; for measured alone
	series *series // nil until it was found; what is folded to get room is found each time
}

// traits of a record: its labels, and a bit each for a condition that holds, a
// user who is known, and a number that is there.
func (p *plan) traits(t *traits, rec *record) (slot uint32) {
	t.plan = p
	t.bits = 0
	for _, c := range p.conditions {
		t.bits <<= 1
		if c.holds(&rec.values[c.field]) {
			t.bits |= 1
		}
	}
	for _, i := range p.identities {
		t.bits <<= 1
		if rec.users[i] != 0 {
			t.bits |= 1
		}
	}
	for _, f := range p.values {
		t.bits <<= 1
		if rec.values[f].kind != absent {
			t.bits |= 1
		}
	}
	h := p.number*0x9e3779b97f4a7c15 ^ t.bits*0xd6e8feb86659fd93
	for i, f := range p.fields {
		id := rec.ids[f]
		t.ids[i] = id
		h = (h ^ uint64(id)) * 0x9fb21c651e98df25
	}
	return uint32(h>>40) % numShapes
}

// shapeOf returns the shape of a record, kept or of this batch alone.
func (e *Engine) shapeOf(w *work, p *plan) *shape {
	if p.unlike {
		s := w.newShape()
		e.build(s, p, &w.record)
		return s
	}
	slot := p.traits(&w.traits, &w.record)
	kept := e.shapes[slot]
	if kept != nil && kept.traits.equal(&w.traits) {
		kept.misses = 0
		return kept
	}
	s := w.newShape()
	if !e.build(s, p, &w.record) {
		return s
	}
	if kept != nil && kept.misses < patience {
		kept.misses++
		return s
	}
	kept = s.keep(&w.traits)
	e.shapes[slot] = kept
	return kept
}

// keep copies a final shape, its tallies next to each other.
func (s *shape) keep(traits *traits) *shape {
	all := slices.Concat(s.plain, s.unique, s.steps, s.measured)
	next := func(n int) (part []tally) {
		part, all = all[:n:n], all[n:]
		return part
	}
	return &shape{
		traits: *traits, folded: s.folded,
		plain: next(len(s.plain)), unique: next(len(s.unique)), steps: next(len(s.steps)), measured: next(len(s.measured)),
	}
}

// settle finds out whether a shape's records need no look at its series, but for
// the sum of them at the end of the commit. A shape that is not kept never is.
func (s *shape) settle() {
	if s.traits.plan == nil || len(s.unique) > 0 && s.people == 0 {
		return
	}
	for i := range s.plain {
		if s.plain[i].series == nil {
			return
		}
	}
	s.settled = true
}

// build works out where a record counts. It is final if all records with the
// same traits count there: not if a value was met for the first time.
func (e *Engine) build(s *shape, p *plan, rec *record) (final bool) {
	final = true
	var applied *rule
	for i := range p.candidates {
		c := &p.candidates[i]
		if c.rule != applied { // or else a breakdown of what applied
			if applied != nil && c.group == applied.group || !c.applies(rec) {
				continue
			}
			applied = c.rule
		}
		switch {
		case c.operation != opAdd && rec.users[c.identity] == 0:
			continue // nobody is known
		case c.hasValue:
			v := &rec.values[c.value]
			if v.kind == absent {
				continue
			}
			if _, _, ok := v.number(); !ok {
				s.invalid++
				final = false
				continue
			}
		}
		t := tally{rule: c.rule, key: c.key, user: c.user}
		folded, known := e.fillKey(&t.key, c.slots, rec)
		folded += c.folded
		final = final && known
		switch {
		case c.operation == opUnique:
			s.folded += int32(folded)
			if c.breakdown == 0 || c.hasOwn(&t.key) { // or else it is the total again
				s.unique = append(s.unique, t)
			}
		case c.operation == opStep:
			s.folded += int32(folded)
			s.steps = append(s.steps, t)
		case c.operation == opAdd && !c.hasValue:
			s.folded += int32(folded)
			s.plain = append(s.plain, t)
		default:
			t.folded = int32(folded)
			s.measured = append(s.measured, t)
		}
	}
	return final
}

// fillKey puts a record's values into a key, and returns how many were folded.
// known is false if it depends on more than the numbers of the values.
func (e *Engine) fillKey(k *key, slots []slot, rec *record) (folded int, known bool) {
	known = true
	for i := range slots {
		s := &slots[i]
		global := rec.ids[s.field]
		if global == absentValue {
			k[s.at] = s.fallback
			continue
		}
		id := s.view.known(global)
		if id == absentID {
			known = known && s.view.refuses(global)
			id = s.view.first(e, rec, s.field)
		}
		if k[s.at] = id; id == otherID && global != otherValue {
			folded++
		}
	}
	return folded, known
}

// hasOwn says whether a record has a value for what is counted apart.
func (c *candidate) hasOwn(k *key) bool {
	for i := numCommon; i < len(k); i++ {
		if k[i] != absentID {
			return true
		}
	}
	return false
}

// scratchShapes are those of the records of a batch that are like none that is
// kept. Their memory is used again by the next batch.
type scratchShapes struct {
	// list is cut to maxScratch, so that one unusual batch takes no memory for
	// good.
	list []*shape
	used int
}

func (w *work) newShape() *shape {
	if w.shapes.used == len(w.shapes.list) {
		w.shapes.list = append(w.shapes.list, &shape{})
	}
	s := w.shapes.list[w.shapes.used]
	w.shapes.used++
	*s = shape{plain: s.plain[:0], unique: s.unique[:0], steps: s.steps[:0], measured: s.measured[:0]}
	return s
}

// forget lets go of the engine, which may be gone before the work is used
// again.
func (s *scratchShapes) forget() {
	for _, shape := range s.list[:s.used] {
		clear(shape.plain)
		clear(shape.unique)
		clear(shape.steps)
		clear(shape.measured)
	}
	s.used = 0
	if len(s.list) > maxScratch {
		clear(s.list[maxScratch:])
		s.list = s.list[:maxScratch]
	}
}
