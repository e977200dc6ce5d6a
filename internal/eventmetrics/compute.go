package eventmetrics

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

func (e *Engine) computeRecord(w *work, lr plog.LogRecord) {
	event := lr.EventName()
	if event == "" {
		w.skipped++
		return
	}
	rec := &w.record
	rec.values[fieldEvent] = value{kind: textual, text: event}
	p := e.read(rec, event, lr)
	if rec.values[fieldParseError].kind != absent {
		w.skipped++
		return
	}
	for _, f := range p.labels {
		rec.ids[f] = rec.intern(e.fields.specs[f].table, f)
	}
	for _, i := range p.identities {
		rec.users[i] = e.identities[i].hash(e.settings.UniqueKey, rec)
	}

	counted := countedRecord{uid: hashUID(rec.values[fieldUID]), at: recordTime(lr, e.settings.ObservedTime)}
	group := 0
	for i := range p.candidates {
		c := &p.candidates[i]
		if c.group == group || !c.applies(rec) {
			continue
		}
		group = c.group
		e.count(w, c, &counted)
	}
	counted.end = len(w.increments)
	w.counted = append(w.counted, counted)
	if e.settings.Exemplars {
		w.traces = append(w.traces, trace{lr.TraceID(), lr.SpanID()})
	}
}

// read reads a record by the plan of its event, and returns the plan. Which
// one of a name's plans it is depends on the source, which is known only once
// the record was read; so the first is tried, and is nearly always right.
func (e *Engine) read(rec *record, event string, lr plog.LogRecord) *plan {
	p := e.nameless
	if plans := e.plans[event]; len(plans) > 0 {
		p = plans[0]
	}
	rec.read(e.fields, p, lr)
	if source := rec.values[fieldSource].label(); p == e.nameless || source != p.source {
		p = e.planFor(source, event)
		rec.read(e.fields, p, lr)
	}
	if len(p.bodyFields) > 0 {
		rec.readBody(e.fields, p, lr)
	}
	return p
}

// applies reports whether a rule counts a record that it looks at.
func (r *rule) applies(rec *record) bool {
	for i := range r.conditions {
		if !r.conditions[i].holds(rec) {
			return false
		}
	}
	return true
}

// count works out what a rule has a record do.
func (e *Engine) count(w *work, c *candidate, counted *countedRecord) {
	rec := &w.record
	inc := increment{rule: c.rule, whole: 1}
	switch {
	case c.operation != opAdd:
		user := rec.users[c.identity]
		if user == 0 {
			return // nobody is known
		}
		inc.whole = int64(user)
	case c.hasValue:
		v := rec.values[c.value]
		if v.kind == absent {
			return
		}
		var ok bool
		if inc.whole, inc.fraction, ok = v.number(); !ok {
			counted.invalid++
			return
		}
	}
	if c.metric != nil {
		var folded int
		inc.key, folded = c.keyOf(e, rec)
		counted.folded += folded
	}
	switch c.operation {
	case opUnique:
		w.breakDown(inc)
	case opBegin:
		inc.whole = e.pairHash(c.rule, rec, 0)
		w.increments = append(w.increments, inc)
	case opEnd:
		e.end(w, inc)
	default:
		w.increments = append(w.increments, inc)
	}
}

// keyOf returns the key of a record, and how many of its values were folded.
func (c *candidate) keyOf(e *Engine, rec *record) (k key, folded int) {
	k, folded = c.key, c.folded
	for i := range c.slots {
		s := &c.slots[i]
		id, fold := s.id(e, rec)
		k[s.at] = id
		if fold {
			folded++
		}
	}
	return k, folded
}

// breakDown has a user count in total and in each breakdown that the record
// has a value for.
func (w *work) breakDown(inc increment) {
	all := inc.key
	for n, has := range inc.rule.metric.breakdowns {
		k := all
		absentHere := true
		for i := range k {
			if !has[i] {
				k[i] = absentID
			} else if !inc.rule.metric.breakdowns[0][i] && k[i] != absentID {
				absentHere = false
			}
		}
		if n > 0 && absentHere {
			continue // the total again
		}
		inc.key = k
		w.increments = append(w.increments, inc)
	}
}

// hash is that of the first of an identity's attributes that the record has,
// keyed, and apart for each attribute and source; 0 without one.
func (id *identity) hash(key unique.Key, rec *record) uint64 {
	for i, f := range id.fields {
		if v := rec.values[f]; v.kind != absent && v.kind != opaque {
			return max(1, key.Hash(rec.values[fieldSource].label(), id.names[i], v.label()))
		}
	}
	return 0
}

// pairHash is the hash of who a record is of and what has to match; without
// leaves out the attributes whose bits are set.
func (e *Engine) pairHash(r *rule, rec *record, without int) int64 {
	var parts [maxMatch]string
	for i, f := range r.match {
		if without&(1<<i) == 0 {
			parts[i] = rec.values[f].label()
		}
	}
	hash := rec.users[r.identity]
	if len(r.match) > 0 {
		hash ^= e.settings.UniqueKey.Hash(parts[:len(r.match)]...)
	}
	return int64(hash)
}

// end tries the beginning that agrees in all that has to match, and then those
// that lacked some of it.
func (e *Engine) end(w *work, inc increment) {
	rec := &w.record
	has := 0
	for i, f := range inc.rule.match {
		if rec.values[f].kind != absent {
			has |= 1 << i
		}
	}
	for without := 0; without < 1<<len(inc.rule.match); without++ {
		if without&^has != 0 {
			continue
		}
		inc.whole = e.pairHash(inc.rule, rec, without)
		inc.alternative = without != 0
		w.increments = append(w.increments, inc)
	}
}
