package eventmetrics

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// Restored says what became of a snapshot.
type Restored struct {
	// Series were restored; those that agree in what is left of their attributes
	// are one.
	Series int
	// Dropped series are of metrics that there are no longer, or that are of
	// another kind, unit or other bounds.
	Dropped int
	// OtherKey is set if users were hashed with another key: then funnels and
	// pairs begin anew.
	OtherKey bool
}

// Restore adds a snapshot to an engine that has not counted yet, and sets the
// cursors, by name. A snapshot that can't be read changes nothing.
//
// An attribute that a metric no longer has is left out, and series that only
// it told apart become one. A value that is no longer told apart counts as
// Other. So totals stay what they were.
func (e *Engine) Restore(data []byte, cursors ...*Cursor) (Restored, error) {
	var s Snapshot
	if err := s.UnmarshalBinary(data); err != nil {
		return Restored{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range cursors {
		c.since = e.settings.Start
	}
	e.settings.Start = time.Unix(0, s.Start).UTC()
	r := restorer{Snapshot: &s, engine: e, sameKey: s.KeyCheck == keyCheck(e.settings.UniqueKey), places: map[place]*series{}}
	r.OtherKey = !r.sameKey
	for i := range s.Metrics {
		r.restoreMetric(e.metricLike(&s.Metrics[i]), i)
	}
	r.meet()
	e.seen.restore(s.Seen)
	if r.sameKey {
		for i := range e.funnels {
			r.restoreFunnel(&e.funnels[i])
		}
		for i := range e.pairs {
			r.restorePair(&e.pairs[i])
		}
	}
	for _, c := range cursors {
		r.restoreCursor(c)
	}
	return r.Restored, nil
}

// UnmarshalBinary decodes a snapshot and checks what it refers to.
func (s *Snapshot) UnmarshalBinary(data []byte) error {
	decoder := gob.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode((*encodedSnapshot)(s)); err != nil {
		return errNoSnapshot
	}
	if s.Format != snapshotFormat {
		return errFormat(s.Format)
	}
	return s.check()
}

// Errors of a snapshot that is not restored.
var (
	errNoSnapshot    = errors.New("it is no snapshot of event metrics")
	errContradiction = errors.New("it contradicts itself")
)

func errFormat(format int) error {
	return fmt.Errorf("it has the format %d and not %d: another version wrote it", format, snapshotFormat)
}

// check refuses numbers that point nowhere, so that nothing after it has to.
func (s *Snapshot) check() error {
	for _, m := range s.Metrics {
		for _, series := range m.Series {
			if !fits(m.Dimensions, series.Attributes, len(s.Values)) || !m.holds(series.Totals) {
				return errContradiction
			}
		}
	}
	for _, p := range s.Pairs {
		for _, e := range p.Entries {
			if !fits(p.Dimensions, e.Attributes, len(s.Values)) {
				return errContradiction
			}
		}
	}
	for _, c := range s.Cursors {
		for _, b := range c.Behind {
			if b.Metric < 0 || b.Metric >= len(s.Metrics) || b.Series < 0 || b.Series >= len(s.Metrics[b.Metric].Series) ||
				!s.Metrics[b.Metric].holds(b.Taken) {
				return errContradiction
			}
		}
	}
	return nil
}

// fits reports whether there is a value for each dimension, and all are among
// so many.
func fits(dimensions, attributes []uint32, values int) bool {
	beyond := func(n uint32) bool { return int64(n) >= int64(values) }
	return len(dimensions) == len(attributes) && !slices.ContainsFunc(dimensions, beyond) && !slices.ContainsFunc(attributes, beyond)
}

// holds reports whether totals are of the metric's kind.
func (m *metricSnapshot) holds(t totalsSnapshot) bool {
	h := t.Histogram
	switch m.Kind {
	case definition.Histogram:
		// A cursor has nothing of a series that came after it.
		return h == nil && t.Count == 0 || h != nil && !h.Exponential && len(h.Buckets) == len(m.Bounds)+1
	case definition.ExponentialHistogram:
		return h == nil && t.Count == 0 || h != nil && h.Exponential && len(h.Buckets) <= maxExponentialBuckets &&
			h.Scale <= maxScale && h.Scale >= -maxScale
	default:
		return h == nil
	}
}

// metricLike returns the metric that can go on with a snapshot's; nil if none.
func (e *Engine) metricLike(s *metricSnapshot) *metric {
	for _, m := range e.metrics {
		if m.Name == s.Name && m.Unit == s.Unit && m.Kind == s.Kind && slices.Equal(m.bounds, s.Bounds) {
			return m
		}
	}
	return nil
}

// restorer puts a snapshot into an engine.
type restorer struct {
	*Snapshot
	Restored
	engine  *Engine
	sameKey bool
	places  map[place]*series
}

func (r *restorer) restoreMetric(m *metric, index int) {
	from := &r.Metrics[index]
	if m == nil {
		r.Dropped += len(from.Series)
		return
	}
	for i := range from.Series {
		s := r.seriesFor(m, from.Series[i].Overflow, from.Dimensions, from.Series[i].Attributes)
		s.changed = max(s.changed, from.Series[i].Changed)
		m.restore(s, from.Series[i].Totals.totals())
		r.places[place{index, i}] = s
		r.Series++
	}
}

// seriesFor returns the series with the same values of the attributes that the
// metric has now. While there is room none is folded, however little it is: a
// series that came back under another name would count a second time there.
func (r *restorer) seriesFor(m *metric, overflow bool, dimensions, values []uint32) *series {
	if overflow {
		return m.overflowSeries(r.engine.settings.UniqueKey)
	}
	k := r.keyOf(m, dimensions, values)
	if s, ok := m.series[k]; ok {
		return s
	}
	if len(m.series) < m.maxSeries {
		return m.create(k, r.engine.settings.UniqueKey)
	}
	return r.engine.at(m, k, &Result{})
}

// meet adds the zero points that come with what is restored, which take no
// room from it.
func (r *restorer) meet() {
	for _, m := range r.engine.metrics {
		for _, s := range m.ordered {
			r.engine.meet(m, s.key, &Result{})
		}
	}
}

// keyOf returns the key of values that stand for the dimensions of a snapshot.
func (r *restorer) keyOf(m *metric, dimensions, values []uint32) (k key) {
	text := func(name string) string {
		at := slices.IndexFunc(dimensions, func(n uint32) bool { return r.Values[n] == name })
		if at < 0 {
			return ""
		}
		return r.Values[values[at]]
	}
	source := text(attr.Source)
	for i := range m.dimensions {
		d := &m.dimensions[i]
		k[i] = d.adopt(source, text(d.Name))
	}
	return k
}

// overflowSeries returns the series for what the metric has no room for.
func (m *metric) overflowSeries(users unique.Key) *series {
	if m.overflow == nil {
		m.overflow = m.newSeries([]Attribute{{Name: overflowAttribute, Bool: true, IsBool: true}}, users)
	}
	return m.overflow
}

// restoreCursor sets a cursor to what is restored, less what it is behind by.
func (r *restorer) restoreCursor(c *Cursor) {
	if c.temporality != Delta {
		return
	}
	for _, m := range r.engine.metrics {
		for _, s := range m.all() {
			c.taken[s] = s.totals()
		}
	}
	at := slices.IndexFunc(r.Cursors, func(s cursorSnapshot) bool { return s.Name == c.name })
	if at < 0 {
		return
	}
	c.since = time.Unix(0, r.Cursors[at].Since).UTC()
	for _, b := range r.Cursors[at].Behind {
		s, ok := r.places[place{b.Metric, b.Series}]
		if !ok {
			continue
		}
		// Several of the snapshot's series may be one here, so only the
		// difference is taken off.
		c.taken[s] = c.taken[s].less(r.Metrics[b.Metric].Series[b.Series].Totals.totals(), b.Taken.totals())
	}
}
