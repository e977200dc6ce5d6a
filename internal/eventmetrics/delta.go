package eventmetrics

import (
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Temporality says what a point holds.
type Temporality uint8

const (
	// Cumulative points hold everything since the engine's start.
	Cumulative Temporality = iota
	// Delta points hold what came since the last point that was accepted.
	Delta
)

func (t Temporality) pdata() pmetric.AggregationTemporality {
	if t == Delta {
		return pmetric.AggregationTemporalityDelta
	}
	return pmetric.AggregationTemporalityCumulative
}

// Cursor is how far one consumer has taken the series. The series themselves
// are always cumulative; a delta is what they hold beyond the cursor, so a
// refused one needs no keeping: the next is larger by as much, and begins
// where the last accepted one ended.
//
// All of it is guarded by the engine's lock. What it holds is bounded by the
// number of series.
type Cursor struct {
	engine      *Engine
	name        string
	temporality Temporality
	// since is the end of the last accepted delta, and taken what each series
	// had come to by then.
	since time.Time
	taken map[*series]totals
	// open says that a collection is under way: it ends at until, and changed
	// has what differs from taken once it is accepted.
	open    bool
	until   time.Time
	changed map[*series]totals
}

// totals are the numbers of a series at one moment.
type totals struct {
	count     int64
	fraction  float64
	histogram histogram // a copy
}

// span is the time that points are of.
type span struct{ start, end pcommon.Timestamp }

// NewCursor returns the cursor of the consumer name, which has taken nothing
// yet. Restore sets it to what was stored under its name.
func (e *Engine) NewCursor(name string, temporality Temporality) *Cursor {
	return &Cursor{engine: e, name: name, temporality: temporality, since: e.settings.Start, taken: map[*series]totals{}}
}

// Accept ends the collection: what it held is not sent again.
func (c *Cursor) Accept() {
	c.engine.mu.Lock()
	defer c.engine.mu.Unlock()
	if !c.open {
		return
	}
	for s, t := range c.changed {
		c.taken[s] = t
	}
	c.since = c.until
	c.open = false
	clear(c.changed)
}

// Refuse ends the collection: what it held is in the next as well.
func (c *Cursor) Refuse() {
	c.engine.mu.Lock()
	defer c.engine.mu.Unlock()
	c.open = false
	clear(c.changed)
}

// maxAhead is how far deltas may begin in the future: longer than a clock is
// slewed, shorter than backends refuse (Datadog: ten minutes).
const maxAhead = time.Minute

// begin opens a collection. A clock that was set back gives a point of no
// length rather than one that ends before it starts. Deltas go on at the new
// time if the old one was far ahead, and do not stay there until it has come.
func (c *Cursor) begin(now time.Time) span {
	start := c.engine.settings.Start
	if c.temporality == Delta {
		start = c.since
		if start.Sub(now) > maxAhead {
			start = now
		}
	}
	c.open, c.until = true, now
	if now.Before(start) {
		c.until = start
	}
	clear(c.changed)
	return span{pcommon.NewTimestampFromTime(start), pcommon.NewTimestampFromTime(c.until)}
}

// owes reports whether the consumer has yet to take something of the series.
func (c *Cursor) owes(s *series) bool {
	return c.temporality == Delta && c.taken[s].differs(s)
}

// base returns what a point of the series leaves out, and notes that it is
// under way. For a cumulative cursor that is nothing.
func (c *Cursor) base(s *series) totals {
	if c.temporality != Delta {
		return totals{}
	}
	base := c.taken[s]
	if base.differs(s) {
		if c.changed == nil {
			c.changed = map[*series]totals{}
		}
		c.changed[s] = s.totals()
	}
	return base
}

// assumed is what the consumer counts as having taken of the series: what is
// under way may have reached it.
func (c *Cursor) assumed(s *series) totals {
	if t, ok := c.changed[s]; ok && c.open {
		return t
	}
	return c.taken[s]
}

// assumedSince is the end of what counts as taken.
func (c *Cursor) assumedSince() time.Time {
	if c.open {
		return c.until
	}
	return c.since
}

func (s *series) totals() totals {
	t := totals{count: s.count, fraction: s.fraction}
	if s.histogram != nil {
		t.histogram = s.histogram.clone()
	}
	return t
}

// differs compares by what no record leaves as it was: one adds to the count,
// or to the fraction alone where its value is below 1. Both only grow.
func (t totals) differs(s *series) bool {
	return t.count != s.count || t.fraction != s.fraction
}

func (h *histogram) clone() histogram {
	c := *h
	c.buckets = slices.Clone(h.buckets)
	if h.exponential != nil {
		e := *h.exponential
		e.buckets = slices.Clone(e.buckets)
		c.exponential = &e
	}
	return c
}

// minus returns what h has beyond base, as buckets of its own.
func (h *histogram) minus(base histogram) histogram {
	d := h.clone()
	d.sum -= base.sum
	for i, n := range base.buckets {
		d.buckets[i] -= min(n, d.buckets[i])
	}
	if base.exponential != nil {
		d.exponential.subtract(base.exponential)
	}
	return d
}

// subtract takes off buckets of an earlier state. Its scale may have been
// finer: a histogram that has to reach further merges neighbours.
func (e *exponential) subtract(base *exponential) {
	e.zero -= min(base.zero, e.zero)
	shift := max(base.scale-e.scale, 0)
	for i, n := range base.buckets {
		at := (base.offset+int32(i))>>shift - e.offset
		if at >= 0 && int(at) < len(e.buckets) { // always, unless a snapshot lies
			e.buckets[at] -= min(n, e.buckets[at])
		}
	}
}
