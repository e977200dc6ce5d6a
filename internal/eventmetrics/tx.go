package eventmetrics

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Tx is what a batch adds to the series, worked out and not yet added. It ends
// with one Commit or Discard; whatever is called after that does nothing.
// A Tx belongs to one goroutine.
type Tx struct {
	engine *Engine
	work   *work // nil once ended
}

// Result says what became of the records of a batch.
type Result struct {
	// Counted, Duplicates and Skipped add up to the records of the batch.
	// Duplicates have a uid that was counted before; skipped ones are no event.
	Counted    int
	Duplicates int
	Skipped    int
	// Folded is the number of values that counted as Other, once for each
	// metric of a record.
	Folded int
	// Overflowed is the number of counts that went to an overflow series.
	Overflowed int
	// InvalidDurations are values that no sum or histogram took: negative, not
	// finite, or no number.
	InvalidDurations int
	// Early are events that were too far ahead of the clock, and counted now.
	// Late are those that were too old for a window or funnel, and counted in
	// the sums only.
	Early int
	Late  int
	// Evicted is how many users and beginnings funnels and pairs gave up before
	// their time, to keep to their bounds.
	Evicted int
	// ZerosRefused is how many new combinations of common attributes have no
	// zero points, because there are too many.
	ZerosRefused int
}

// work is the scratch space of a transaction.
type work struct {
	record       record
	counted      []countedRecord
	increments   []increment
	users        []uint64 // by counted record and identity of its plan
	shapes       scratchShapes
	traits       traits  // of the record
	traces       []trace // by counted record, where exemplars are kept
	observations []observation
	skipped      int
	result       Result   // of the commit
	pending      []*shape // with records that are yet to be counted
}

// countedRecord is one event. Its increments end at end and begin where those
// of the record before it end.
type countedRecord struct {
	uid   uint64 // 0 for none
	at    int64  // nanoseconds since 1970; 0 for now
	shape *shape // nil for a duplicate, which is known at commit
	// environment tells users of funnels apart.
	environment     uint64
	users, end      int32 // users is where those of the record begin
	folded, invalid int32
}

// increment is what a record adds of its own.
type increment struct {
	tally *tally
	// whole and fraction are a number; for a pair, whole is the hash of who and
	// of what has to match.
	whole    int64
	fraction float64
	// alternative marks an end that is tried only if the one before it found no
	// beginning.
	alternative bool
}

type trace struct {
	traceID pcommon.TraceID
	spanID  pcommon.SpanID
}

type observation struct {
	metric     int
	attributes []Attribute
	value      float64
}

// maxPooled is the number of records, 48 bytes each, and of increments beyond which the work
// of an unusually large batch is left to the garbage collector rather than
// kept for good.
const maxPooled = 1 << 14

var workPool = sync.Pool{New: func() any { return &work{} }}

// Compute works out what a batch adds. It keeps nothing of ld, which may be
// changed as soon as it returns.
//
// Values met for the first time take their place under the bounds now, so a
// batch that is discarded may use up places of values, never of series, nor
// of users in windows, funnels and pairs.
func (e *Engine) Compute(ld plog.Logs) *Tx {
	w := workPool.Get().(*work)
	w.record.grow(len(e.fields.specs), len(e.identities))
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, rl := range ld.ResourceLogs().All() {
		w.record.readResource(e.fields, e.resource, rl.Resource().Attributes())
		w.record.environment = e.environmentOf(&w.record)
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				e.computeRecord(w, lr)
			}
		}
	}
	w.record.attributes = pcommon.Map{} // or the pool would keep the batch
	return &Tx{engine: e, work: w}
}

// Commit adds the transaction to the series. Whether a uid was counted before
// is decided here and not in Compute, so that of two transactions with the
// same record the one that is committed counts it, and only one.
func (tx *Tx) Commit() Result {
	w := tx.work
	if w == nil {
		return Result{}
	}
	result := tx.engine.commit(w)
	for _, o := range w.observations {
		tx.engine.settings.Observe(o.metric, o.attributes, o.value)
	}
	tx.Discard()
	return result
}

// Discard ends the transaction without adding anything; its uids are not
// remembered.
func (tx *Tx) Discard() {
	w := tx.work
	if w == nil {
		return
	}
	tx.work = nil
	if cap(w.increments) > maxPooled || cap(w.counted) > maxPooled {
		return
	}
	clear(w.record.values) // strings of the batch
	clear(w.increments)    // rules of the engine, which may be gone by then
	clear(w.counted)
	clear(w.pending)
	w.traits.plan = nil
	w.shapes.forget()
	w.counted, w.increments, w.traces, w.skipped = w.counted[:0], w.increments[:0], w.traces[:0], 0
	w.users, w.pending = w.users[:0], w.pending[:0]
	clear(w.observations)
	w.observations = w.observations[:0]
	workPool.Put(w)
}
