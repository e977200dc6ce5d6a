package eventmetrics

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
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
	// InvalidDurations are those that no histogram took.
	InvalidDurations int
}

// work is the scratch space of a transaction.
type work struct {
	record       record
	counted      []countedRecord
	increments   []increment
	observations []observation
	skipped      int
}

// countedRecord is one event. Its increments end at end and begin where those
// of the record before it end.
type countedRecord struct {
	uid              uint64 // 0 for none
	end              int
	folded           int
	invalidDurations int
}

type increment struct {
	value  float64 // of a histogram
	key    key
	metric int
}

type observation struct {
	metric     int
	attributes []Attribute
	value      float64
}

// maxPooled is the number of increments, 32 bytes each, beyond which the work
// of an unusually large batch is left to the garbage collector rather than
// kept for good.
const maxPooled = 1 << 15

var workPool = sync.Pool{New: func() any { return &work{} }}

// Compute works out what a batch adds. It keeps nothing of ld, which may be
// changed as soon as it returns.
//
// Values met for the first time take their place under the bounds now, so a
// batch that is discarded may use up places of values, never of series.
func (e *Engine) Compute(ld plog.Logs) *Tx {
	w := workPool.Get().(*work)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, rl := range ld.ResourceLogs().All() {
		environment := ""
		if v, ok := rl.Resource().Attributes().Get(attr.DeploymentEnvironmentName); ok {
			environment = text(v)
		}
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				e.computeRecord(w, lr, environment)
			}
		}
	}
	return &Tx{engine: e, work: w}
}

func (e *Engine) computeRecord(w *work, lr plog.LogRecord, environment string) {
	event := lr.EventName()
	if event == "" {
		w.skipped++
		return
	}
	rec := &w.record
	*rec = record{}
	rec.values[fieldEventName] = event
	rec.values[fieldEnvironment] = environment
	for name, value := range lr.Attributes().All() {
		rec.read(name, value)
	}
	if rec.parseError {
		w.skipped++
		return
	}

	counted := countedRecord{uid: hashUID(rec.uid)}
	var previous *metric
	candidates := e.candidatesFor(rec.values[fieldSource], event)
	for i := range candidates {
		c := &candidates[i]
		if c.metric == previous || !c.rule.applies(rec) {
			continue
		}
		previous = c.metric
		if c.metric.Kind == definition.Histogram && rec.durationState != durationValid {
			if rec.durationState == durationInvalid {
				counted.invalidDurations++
			}
			continue
		}
		k, folded := c.keyOf(rec)
		counted.folded += folded
		w.increments = append(w.increments, increment{value: rec.duration, key: k, metric: c.rule.metric})
	}
	counted.end = len(w.increments)
	w.counted = append(w.counted, counted)
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

func (e *Engine) commit(w *work) Result {
	result := Result{Skipped: w.skipped}
	e.mu.Lock()
	defer e.mu.Unlock()
	begin := 0
	for _, c := range w.counted {
		increments := w.increments[begin:c.end]
		begin = c.end
		if c.uid != 0 && !e.seen.add(c.uid) {
			result.Duplicates++
			continue
		}
		result.Counted++
		result.Folded += c.folded
		result.InvalidDurations += c.invalidDurations
		for _, inc := range increments {
			m := e.metrics[inc.metric]
			s := m.at(inc.key)
			m.add(s, inc.value)
			if s == m.overflow {
				result.Overflowed++
			}
			if m.Kind == definition.Histogram && e.settings.Observe != nil {
				w.observations = append(w.observations, observation{inc.metric, s.attributes, inc.value})
			}
		}
	}
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
	w.record = record{} // strings of the batch
	w.counted, w.increments, w.skipped = w.counted[:0], w.increments[:0], 0
	clear(w.observations)
	w.observations = w.observations[:0]
	workPool.Put(w)
}
