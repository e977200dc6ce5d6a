package eventmetrics

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique/exchange"
)

func (e *Engine) computeRecord(w *work, lr plog.LogRecord) {
	event := lr.EventName()
	if event == "" || event == exchange.EventName {
		w.skipped++
		return
	}
	rec := &w.record
	rec.values[fieldEvent].kind, rec.values[fieldEvent].text = textual, event
	p := e.read(rec, event, lr)
	if rec.values[fieldParseError].kind != absent {
		w.skipped++
		return
	}
	for _, l := range p.labels {
		v := &rec.values[l.field]
		switch v.kind { // what is most frequent first, without a call
		case absent:
			rec.ids[l.field] = absentValue
		case textual:
			rec.ids[l.field] = l.table.find(v.text)
		default:
			rec.ids[l.field] = rec.intern(l.table, l.field)
		}
	}
	for _, i := range p.identities {
		rec.users[i] = e.identities[i].hash(e.settings.UniqueKey, rec, p.salts[i])
	}

	counted := countedRecord{uid: hashUID(rec.values[fieldUID]), at: recordTime(lr, e.settings.ObservedTime)}
	var applied *rule
	for i := range p.candidates {
		c := &p.candidates[i]
		if c.rule != applied { // or else a breakdown of what applied
			if applied != nil && c.group == applied.group || !c.applies(rec) {
				continue
			}
			applied = c.rule
		}
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
	recent := &e.recent[bucketOf(event)%numRecentPlans]
	p := *recent
	if p.event != event {
		p = e.nameless
		if plans := e.plans[event]; len(plans) > 0 {
			p = plans[0]
			*recent = p
		}
	}
	rec.read(p, lr)
	if source := rec.values[fieldSource].label(); p == e.nameless || source != p.source {
		p = e.planFor(source, event)
		rec.read(p, lr)
	}
	if len(p.bodyFields) > 0 {
		rec.readBody(e.fields, p, lr)
	}
	return p
}

// applies reports whether a rule counts a record that it looks at.
func (c *candidate) applies(rec *record) bool {
	for _, condition := range c.conditions {
		if !condition.holds(&rec.values[condition.field]) {
			return false
		}
	}
	return true
}

// count works out what a rule has a record do. It writes where the increment
// stays: a key is written value by value, and the processor would wait for all
// of them before it copied the whole.
func (e *Engine) count(w *work, c *candidate, counted *countedRecord) {
	rec := &w.record
	whole, fraction := int64(1), 0.0
	switch {
	case c.operation != opAdd:
		user := rec.users[c.identity]
		if user == 0 {
			return // nobody is known
		}
		whole = int64(user)
	case c.hasValue:
		v := &rec.values[c.value]
		if v.kind == absent {
			return
		}
		var ok bool
		if whole, fraction, ok = v.number(); !ok {
			counted.invalid++
			return
		}
	}
	n := len(w.increments)
	if n == cap(w.increments) {
		w.increments = slices.Grow(w.increments, 1)
	}
	w.increments = w.increments[:n+1]
	inc := &w.increments[n]
	inc.rule, inc.key, inc.whole, inc.fraction, inc.alternative = c.rule, c.key, whole, fraction, false
	counted.folded += c.folded
	if len(c.slots) > 0 {
		counted.folded += e.fillKey(&inc.key, c.slots, rec)
	}
	switch c.operation {
	case opUnique:
		if c.breakdown > 0 && !c.hasOwn(&inc.key) {
			w.increments = w.increments[:n] // the total again
		}
	case opBegin:
		inc.whole = e.pairHash(c.rule, rec, 0)
	case opEnd:
		e.end(w)
	}
}

// fillKey puts a record's values into a key, and returns how many were folded.
func (e *Engine) fillKey(k *key, slots []slot, rec *record) (folded int) {
	for i := range slots {
		s := &slots[i]
		global := rec.ids[s.field]
		if global == absentValue {
			k[s.at] = s.fallback
			continue
		}
		id := s.view.known(global)
		if id == absentID {
			id = s.view.first(e, rec, s.field)
		}
		if k[s.at] = id; id == otherID && global != otherValue {
			folded++
		}
	}
	return folded
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

// hash is that of the first of an identity's attributes that the record has,
// keyed, and apart for each source and attribute by a salt, which is as
// secret as the key; 0 without one.
func (id *identity) hash(key unique.Key, rec *record, salts []uint64) uint64 {
	for i, f := range id.fields {
		if v := &rec.values[f]; v.kind != absent && v.kind != opaque {
			return max(1, key.Hash(v.label())^salts[i])
		}
	}
	return 0
}

// salts are those of an identity's attributes at one source.
func (id *identity) salts(key unique.Key, source string) []uint64 {
	salts := make([]uint64, len(id.names))
	for i, name := range id.names {
		salts[i] = key.Hash(source, name)
	}
	return salts
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
func (e *Engine) end(w *work) {
	rec := &w.record
	inc := w.increments[len(w.increments)-1]
	w.increments = w.increments[:len(w.increments)-1]
	has := 0
	for i, f := range inc.rule.match {
		if rec.values[f].kind != absent {
			has |= 1 << i
		}
	}
	for without := range 1 << len(inc.rule.match) {
		if without&^has != 0 {
			continue
		}
		inc.whole = e.pairHash(inc.rule, rec, without)
		inc.alternative = without != 0
		w.increments = append(w.increments, inc)
	}
}
