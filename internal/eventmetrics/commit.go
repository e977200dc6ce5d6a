package eventmetrics

import (
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
	for chunk := range slices.Chunk(w.counted, uidChunk) {
		e.markDuplicates(chunk)
	}
	begin := 0
	for i := range w.counted {
		r := &w.counted[i]
		increments := w.increments[begin:r.end]
		begin = r.end
		if r.duplicate {
			result.Duplicates++
			continue
		}
		result.Counted++
		result.Folded += r.folded
		result.InvalidDurations += r.invalid
		c.setTime(r.at, latest)
		if len(w.traces) > 0 {
			c.trace = w.traces[i]
		}
		for j := range increments {
			c.apply(&increments[j])
		}
		if c.late {
			result.Late++
		}
	}
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
		if r := &records[i]; r.uid != 0 {
			r.duplicate = !e.seen.add(r.uid)
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

func (c *committer) apply(inc *increment) {
	e := c.engine
	switch inc.rule.operation {
	case opAdd:
		c.add(inc.rule.metric, &inc.key, inc.whole, inc.fraction)
	case opUnique:
		s := e.find(inc.rule.metric, &inc.key, c.result)
		for _, w := range s.windows {
			if !w.Insert(uint64(inc.whole), c.at, c.now) {
				c.late = true
			}
		}
		s.changed = c.changed
	case opStep:
		f := &e.funnels[inc.rule.target]
		if c.at.After(f.latest) {
			f.latest = c.at
		}
		// Behind the newest event and not behind the clock: of a backlog that is
		// read late, nothing is late.
		if c.at.Before(f.latest.Add(-f.Window)) {
			c.late = true
		} else if f.journey.Reach(uint64(inc.whole), inc.rule.step, c.at) {
			c.add(f.metric, &inc.key, 1, 0)
		}
	case opBegin:
		p := &e.pairs[inc.rule.target]
		before, abandoned := p.pending.Begin(uint64(inc.whole), c.at, c.now, inc.key)
		if abandoned && p.abandoned != nil {
			s := e.find(p.abandoned, &before, c.result)
			p.abandoned.add(s, 1, 0)
			s.changed = c.changed
		}
	case opEnd:
		if inc.alternative && c.matched {
			return
		}
		p := &e.pairs[inc.rule.target]
		var d time.Duration
		if d, c.matched = p.pending.End(uint64(inc.whole), c.at); c.matched && p.duration != nil {
			c.add(p.duration, &inc.key, 0, d.Seconds())
		}
	}
}

// add adds a number to the series of a key.
func (c *committer) add(m *metric, k *key, whole int64, fraction float64) {
	s := c.engine.find(m, k, c.result)
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
