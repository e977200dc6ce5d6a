package eventmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Output says how series become points.
type Output struct {
	// Resource is copied into each batch of metrics.
	Resource pcommon.Resource
	// Scope is the name of their only scope.
	Scope string
	// ExpireAfter leaves out a series once no record has touched it for so long;
	// 0 leaves out none. A series that was left out keeps its place and its
	// count, so that it goes on from there, with the same start time, at its
	// next record.
	ExpireAfter time.Duration
	// Snapshot asks Collect for a snapshot as well.
	Snapshot bool
}

// Collection is the state of all series at one moment.
type Collection struct {
	// Metrics has one batch for each cursor, in their order. Each is the
	// caller's, and empty where there are no points.
	Metrics []pmetric.Metrics
	// Snapshot holds at least what Metrics hold, and counts them as accepted;
	// nil where Output does not ask for it.
	Snapshot *Snapshot
}

// Collect returns what each cursor is to send now: all series, so that one
// that rests does not look like one that is gone. Metrics are in the order of
// the definition, points in the order of their attributes.
//
// The caller ends the collection with Accept or Refuse of each cursor, before
// it collects again.
func (e *Engine) Collect(now time.Time, out Output, cursors ...*Cursor) Collection {
	e.mu.Lock()
	defer e.mu.Unlock()
	collection := Collection{Metrics: make([]pmetric.Metrics, len(cursors))}
	for i, c := range cursors {
		collection.Metrics[i] = e.write(now, out, c)
	}
	if out.Snapshot {
		collection.Snapshot = e.snapshot(cursors)
	}
	return collection
}

// Metrics returns all series as cumulative metrics, for a reader that keeps no
// cursor.
//
// Series start when the engine did. A clock that was set back since then
// gives points at that start rather than before it.
func (e *Engine) Metrics(now time.Time, resource pcommon.Resource, scope string) pmetric.Metrics {
	return e.Collect(now, Output{Resource: resource, Scope: scope}, e.NewCursor("", Cumulative)).Metrics[0]
}

// write returns the metrics of one cursor. Without points there is no metric,
// and without metrics the result is empty.
func (e *Engine) write(now time.Time, out Output, cursor *Cursor) pmetric.Metrics {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	out.Resource.CopyTo(rm.Resource())
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(out.Scope)
	e.met.forget() // now moves windows on
	span := cursor.begin(now)
	for _, m := range e.metrics {
		w := metricWriter{metric: m, cursor: cursor, span: span, dest: sm.Metrics()}
		for _, s := range m.all() {
			if !s.expired(now, out.ExpireAfter) || cursor.owes(s) {
				w.write(s)
			}
		}
	}
	if sm.Metrics().Len() == 0 {
		return pmetric.NewMetrics()
	}
	return md
}

// expired reports whether the series rests for so long that it is left out. A
// zero point never is: it stands for what has yet to come.
func (s *series) expired(now time.Time, after time.Duration) bool {
	return after > 0 && s.changed != 0 && now.Sub(time.Unix(0, s.changed)) > after
}

// metricWriter writes the points of one metric for one cursor.
type metricWriter struct {
	*metric
	cursor *Cursor
	span   span
	dest   pmetric.MetricSlice
	out    pmetric.Metric // of dest, once started
	begun  bool
}

// write adds the point of a series; the first makes the metric.
func (w *metricWriter) write(s *series) {
	if !w.begun {
		w.begun = true
		w.start()
	}
	switch w.Kind {
	case definition.Sum:
		w.writeSum(s)
	case definition.Histogram:
		w.writeHistogram(s)
	case definition.ExponentialHistogram:
		w.writeExponential(s)
	case definition.Unique:
		w.writeUnique(s)
	}
}

func (w *metricWriter) start() {
	w.out = w.dest.AppendEmpty()
	w.out.SetName(w.Name)
	w.out.SetUnit(w.Unit)
	w.out.SetDescription(w.Description)
	switch temporality := w.cursor.temporality.pdata(); w.Kind {
	case definition.Sum:
		sum := w.out.SetEmptySum()
		sum.SetIsMonotonic(true)
		sum.SetAggregationTemporality(temporality)
		sum.DataPoints().EnsureCapacity(len(w.ordered) + 1)
	case definition.Histogram:
		histogram := w.out.SetEmptyHistogram()
		histogram.SetAggregationTemporality(temporality)
		histogram.DataPoints().EnsureCapacity(len(w.ordered) + 1)
	case definition.ExponentialHistogram:
		w.out.SetEmptyExponentialHistogram().SetAggregationTemporality(temporality)
	case definition.Unique:
		w.out.SetEmptyGauge()
	}
}
