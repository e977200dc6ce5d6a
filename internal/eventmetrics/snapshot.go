package eventmetrics

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// snapshotFormat is of the encoded Snapshot. Another is refused: counts that
// were understood wrongly are worse than counts that begin anew.
const snapshotFormat = 1

// Snapshot is a copy of everything that an engine has to know after a restart,
// but for the windows of unique counts: see Engine.Windows. It holds no identities: who was counted is there as keyed hashes alone.
//
// Metrics and attributes are named rather than numbered, so that an engine
// with another configuration restores what it still counts.
type Snapshot struct {
	Format  int
	Start   int64 // of the series, in nanoseconds since 1970
	Values  []string
	Metrics []metricSnapshot
	Seen    seenSnapshot
	Cursors []cursorSnapshot
	// KeyCheck is of the key that hashed all users below.
	KeyCheck uint64
	Funnels  []funnelSnapshot
	Pairs    []pairSnapshot
}

// metricSnapshot is a metric with its series.
type metricSnapshot struct {
	Name, Unit string
	Kind       definition.Kind
	Bounds     []float64
	// Dimensions are attribute names, as numbers in Snapshot.Values.
	Dimensions []uint32
	Series     []seriesSnapshot
}

// seriesSnapshot is a series with its totals.
type seriesSnapshot struct {
	Overflow bool
	// Attributes has a number in Snapshot.Values for each of the Dimensions;
	// the first value is the empty one, of an absent attribute.
	Attributes []uint32
	Changed    int64
	Totals     totalsSnapshot
}

type totalsSnapshot struct {
	Count     int64
	Fraction  float64
	Histogram *histogramSnapshot
}

type histogramSnapshot struct {
	Sum, Min, Max float64
	Buckets       []uint64
	Exponential   bool
	Scale, Offset int32
	Zero          uint64
}

// cursorSnapshot is a delta cursor that is behind the series.
type cursorSnapshot struct {
	Name   string
	Since  int64
	Behind []behindSnapshot
}

// behindSnapshot is what a cursor has of one series that has more.
type behindSnapshot struct {
	Metric, Series int // indexes in the Snapshot
	Taken          totalsSnapshot
}

// Snapshot returns the state of the engine and its cursors. Of a collection
// under way it says that it was accepted: so what is sent after a crash may be
// short by what that collection held, and is never more than was counted.
func (e *Engine) Snapshot(cursors ...*Cursor) *Snapshot {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.snapshot(cursors)
}

// MarshalBinary encodes the snapshot; the same state gives the same bytes.
func (s *Snapshot) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode((*encodedSnapshot)(s)); err != nil {
		return nil, fmt.Errorf("encode the snapshot of the counts: %w", err)
	}
	return b.Bytes(), nil
}

// encodedSnapshot has no methods, or gob would call MarshalBinary again.
type encodedSnapshot Snapshot

// snapshot copies the state, with mu held.
func (e *Engine) snapshot(cursors []*Cursor) *Snapshot {
	w := snapshotWriter{numbers: map[string]uint32{}, places: map[*series]place{}}
	w.Format = snapshotFormat
	w.Start = e.settings.Start.UnixNano()
	w.number("")
	for _, m := range e.metrics {
		w.writeMetric(m)
	}
	w.Seen = e.seen.snapshot()
	w.KeyCheck = keyCheck(e.settings.UniqueKey)
	for i := range e.funnels {
		w.writeFunnel(&e.funnels[i])
	}
	for i := range e.pairs {
		w.writePair(&e.pairs[i])
	}
	for _, c := range cursors {
		w.writeCursor(c)
	}
	return &w.Snapshot
}

// snapshotWriter makes a snapshot.
type snapshotWriter struct {
	Snapshot
	numbers map[string]uint32 // of Values
	places  map[*series]place
}

// place is where a series stands in a snapshot.
type place struct{ metric, series int }

func (w *snapshotWriter) number(value string) uint32 {
	n, ok := w.numbers[value]
	if !ok {
		n = uint32(len(w.Values))
		w.numbers[value] = n
		w.Values = append(w.Values, value)
	}
	return n
}

func (w *snapshotWriter) writeMetric(m *metric) {
	list := m.all()
	out := metricSnapshot{
		Name: m.Name, Unit: m.Unit, Kind: m.Kind, Bounds: m.bounds,
		Series: make([]seriesSnapshot, len(list)),
	}
	out.Dimensions = w.dimensions(m)
	for i, s := range list {
		w.places[s] = place{len(w.Metrics), i}
		out.Series[i] = seriesSnapshot{
			Overflow:   s == m.overflow,
			Attributes: w.attributes(m, s.key),
			Changed:    s.changed,
			Totals:     s.totals().snapshot(),
		}
	}
	w.Metrics = append(w.Metrics, out)
}

func (w *snapshotWriter) dimensions(m *metric) []uint32 {
	names := make([]uint32, len(m.dimensions))
	for i, d := range m.dimensions {
		names[i] = w.number(d.Name)
	}
	return names
}

// attributes of a key, one for each dimension.
func (w *snapshotWriter) attributes(m *metric, k key) []uint32 {
	values := make([]uint32, len(m.dimensions))
	for i, d := range m.dimensions {
		values[i] = w.number(d.values[k[i]])
	}
	return values
}

// writeCursor leaves out a cursor that has everything: it begins at the
// restart, because nothing is counted in between.
func (w *snapshotWriter) writeCursor(c *Cursor) {
	if c.temporality != Delta {
		return
	}
	out := cursorSnapshot{Name: c.name, Since: c.assumedSince().UnixNano()}
	for s, at := range w.places {
		if t := c.assumed(s); t.differs(s) {
			out.Behind = append(out.Behind, behindSnapshot{at.metric, at.series, t.snapshot()})
		}
	}
	if len(out.Behind) == 0 {
		return
	}
	slices.SortFunc(out.Behind, func(a, b behindSnapshot) int {
		return slices.Compare([]int{a.Metric, a.Series}, []int{b.Metric, b.Series})
	})
	w.Cursors = append(w.Cursors, out)
}
