package eventmetrics

import (
	"math"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// committer is what the increments of one record share.
type committer struct {
	engine  *Engine
	work    *work
	result  *Result
	now     time.Time
	changed int64 // now
	at      time.Time
	late    bool
	trace   trace
	matched bool // a pair has ended
	// environment is the record's, hashed.
	environment uint64
	// lastPeriod is that of the record before.
	lastPeriod int64
}

func (e *Engine) commit(w *work) Result {
	// In the pooled work: what so many functions take a pointer to would be an
	// allocation of its own in each batch.
	w.result = Result{Skipped: w.skipped}
	result := &w.result
	now := e.settings.Now()
	c := committer{engine: e, work: w, result: result, now: now, changed: now.UnixNano()}
	latest := now.Add(e.settings.MaxEarly).UnixNano()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.met.turn(c.changed)
	for chunk := range slices.Chunk(w.counted, uidChunk) {
		e.markDuplicates(chunk)
	}
	begin := int32(0)
	for i := range w.counted {
		r := &w.counted[i]
		increments := w.increments[begin:r.end]
		begin = r.end
		if r.shape == nil {
			result.Duplicates++
			continue
		}
		result.Counted++
		result.Folded += int(r.folded + r.shape.folded)
		result.InvalidDurations += int(r.invalid + r.shape.invalid)
		c.setTime(r.at, latest)
		if len(w.traces) > 0 {
			c.trace = w.traces[i]
		}
		c.environment = r.environment
		c.count(r.shape, w.users[r.users:])
		for j := range increments {
			c.apply(&increments[j])
		}
		if c.late {
			result.Late++
		}
	}
	c.finish()
	if evicted := e.evicted(); evicted != e.evictions {
		result.Evicted = int(evicted - e.evictions)
		e.evictions = evicted
	}
	return *result
}

// uidChunk is how many uids are fetched at a time; their slots fit into the
// processor's nearest cache.
const uidChunk = 128

// markDuplicates finds the records whose uid was counted before.
func (e *Engine) markDuplicates(records []countedRecord) {
	if e.seen.current != nil {
		var read uint64
		for i := range records {
			read |= e.seen.touch(records[i].uid)
		}
		e.touched = read // or the compiler would leave the loop out
	}
	for i := range records {
		if r := &records[i]; r.uid != 0 && !e.seen.add(r.uid) {
			r.shape = nil
		}
	}
}

// setTime bounds the time of a record from above: a time far ahead would keep
// users in windows that no clock reaches.
func (c *committer) setTime(at, latest int64) {
	c.late = false
	switch {
	case at > latest || at < 0: // beyond the year 2262
		c.result.Early++
		c.at = c.now
	case at == 0:
		c.at = c.now
	default:
		c.at = time.Unix(0, at)
	}
}

// period is that of the record's time, see met. Times of a batch are close
// together: a division takes as long as all comparisons.
func (c *committer) period() int64 {
	at, length := c.at.UnixNano(), c.engine.met.period
	if since := at - c.lastPeriod*length; since < 0 || since >= length {
		c.lastPeriod = at / length
	}
	return c.lastPeriod
}

// count adds what is the same for all records of a shape, but for their users.
func (c *committer) count(s *shape, users []uint64) {
	// Nearly always; whoever keeps exemplars takes the long way.
	if s.settled && len(c.work.traces) == 0 {
		if s.pending == 0 {
			c.work.pending = append(c.work.pending, s)
		}
		s.pending++
		if s.people != 0 {
			c.insert(s, users)
		}
	} else {
		c.countEach(s, users)
	}
	for i := range s.steps {
		c.reach(&s.steps[i], users)
	}
}

// countEach looks at each series of a shape.
func (c *committer) countEach(s *shape, users []uint64) {
	for i := range s.plain {
		c.add(&s.plain[i], 1, 0)
	}
	if len(s.unique) > 0 {
		c.insertEach(s.unique, users)
		s.people, s.user = peopleOf(s.unique), s.unique[0].user
	}
	s.settle()
}

// finish adds the records of each settled shape to its series, all at once: a
// batch has several of most shapes.
func (c *committer) finish() {
	for _, s := range c.work.pending {
		n := s.pending
		s.pending = 0
		for i := range s.plain {
			t := &s.plain[i]
			if t.series.count <= math.MaxInt64-n {
				t.series.count += n
				t.series.changed = c.changed
				continue
			}
			for range n { // there is room for some of them, maybe
				c.add(t, 1, 0)
			}
		}
		for i := range s.unique {
			s.unique[i].series.changed = c.changed
		}
	}
}

func (c *committer) reach(t *tally, users []uint64) {
	f := &c.engine.funnels[t.rule.target]
	// Behind the newest event and not behind the clock: of a backlog that is
	// read late, nothing is late. An event ahead of the clock, and a clock that
	// was, make none late that is on time.
	if c.at.After(f.latest) {
		f.latest = c.at
	}
	if f.latest.After(c.now) {
		f.latest = c.now
	}
	if c.at.Before(f.latest.Add(-f.Window)) {
		c.late = true
	} else if f.journey.Reach(users[t.user]^c.environment, t.rule.step, c.at) {
		c.add(t, 1, 0)
	}
}

func (c *committer) apply(inc *increment) {
	e, t := c.engine, inc.tally
	switch t.rule.operation {
	case opBegin:
		p := &e.pairs[t.rule.target]
		before, abandoned := p.pending.Begin(uint64(inc.whole), c.at, c.now, t.key)
		if abandoned && p.abandoned != nil {
			s := e.find(p.abandoned, &before, c.result)
			p.abandoned.add(s, 1, 0)
			s.changed = c.changed
		}
	case opEnd:
		if inc.alternative && c.matched {
			return
		}
		p := &e.pairs[t.rule.target]
		var d time.Duration
		if d, c.matched = p.pending.End(uint64(inc.whole), c.at); c.matched && p.duration != nil {
			c.add(t, 0, d.Seconds())
		}
	default:
		c.add(t, inc.whole, inc.fraction)
	}
}

// seriesOf returns the series that a tally counts in. One that was folded or
// overflowed is none of the tally's own: there may be room for that later.
func (c *committer) seriesOf(t *tally) *series {
	if t.series != nil {
		return t.series
	}
	s := c.engine.find(t.rule.metric, &t.key, c.result)
	if s.key == t.key && s != t.rule.metric.overflow {
		t.series = s
	}
	return s
}

// add adds a number to the series of a tally.
func (c *committer) add(t *tally, whole int64, fraction float64) {
	m, s := t.rule.metric, c.seriesOf(t)
	if !m.add(s, whole, fraction) {
		c.result.InvalidDurations++
		return
	}
	s.changed = c.changed
	if c.trace.traceID != (pcommon.TraceID{}) {
		c.exemplify(s, float64(whole)+fraction)
	}
	if s.histogram != nil && c.engine.settings.Observe != nil {
		c.work.observations = append(c.work.observations, observation{m.index, s.attributes, float64(whole) + fraction})
	}
}

// exemplify keeps the record's trace with a series.
func (c *committer) exemplify(s *series, value float64) {
	if s.exemplar == nil {
		s.exemplar = &exemplar{}
	}
	*s.exemplar = exemplar{c.trace.traceID, c.trace.spanID, value, pcommon.NewTimestampFromTime(c.at)}
}
