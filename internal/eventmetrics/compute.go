package eventmetrics

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
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
	for i := range p.labels {
		l := &p.labels[i]
		switch v := &rec.values[l.field]; v.kind { // what is most frequent first, without a call
		case absent:
			rec.ids[l.field] = absentValue
		case textual:
			rec.ids[l.field] = l.find(v.text)
		default:
			rec.ids[l.field] = rec.intern(l.table, l.field)
		}
	}
	users := len(w.users)
	rec.hashed = noField
	for _, i := range p.identities {
		user := e.identities[i].hash(e.hashes, rec, p.salts[i])
		rec.users[i] = user
		w.users = append(w.users, user)
	}

	counted := countedRecord{
		uid: hashUID(rec.values[fieldUID]), at: recordTime(lr, e.settings.ObservedTime),
		shape: e.shapeOf(w, p), users: int32(users), environment: rec.environment,
	}
	for i := range counted.shape.measured {
		e.measure(w, &counted.shape.measured[i], &counted)
	}
	counted.end = int32(len(w.increments))
	w.counted = append(w.counted, counted)
	if e.settings.Exemplars {
		w.traces = append(w.traces, trace{lr.TraceID(), lr.SpanID()})
	}
}

// read reads a record by the plan of its event, and returns the plan. Which
// one of a name's plans it is depends on the source, which is known only once
// the record was read; so the first is tried, and is nearly always right.
func (e *Engine) read(rec *record, event string, lr plog.LogRecord) *plan {
	recent := &e.recent[planSlot(event)]
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
		p = e.planFor(rec, source, event)
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

// measure works out what a record adds where that is not the same for all
// records of its shape.
func (e *Engine) measure(w *work, t *tally, counted *countedRecord) {
	rec := &w.record
	inc := increment{tally: t}
	switch t.rule.operation {
	case opBegin:
		inc.whole = e.pairHash(t.rule, rec, 0)
	case opEnd:
		e.end(w, inc)
		counted.folded += t.folded
		return
	default:
		var ok bool
		if inc.whole, inc.fraction, ok = rec.values[t.rule.value].number(); !ok {
			counted.invalid++
			return
		}
	}
	counted.folded += t.folded
	w.increments = append(w.increments, inc)
}

// hash is that of the first of an identity's attributes that the record has,
// keyed, and apart for each source and attribute by a salt, which is as
// secret as the key; 0 without one.
func (id *identity) hash(hashes *hashes, rec *record, salts []uint64) uint64 {
	for i, f := range id.fields {
		if v := &rec.values[f]; v.kind != absent && v.kind != opaque {
			if rec.hashed != f { // most lists begin with the same attribute
				rec.hashed, rec.hash = f, hashes.of(v.label())
			}
			return max(1, rec.hash^salts[i])
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

// environmentOf is the keyed hash of a record's environment, 0 without one. It
// keeps apart who has the same id in two of them: what one does in staging is no
// step of the other in production. Unique counts have a series for each instead.
func (e *Engine) environmentOf(rec *record) uint64 {
	if len(e.funnels)+len(e.pairs) == 0 || rec.values[e.environment].kind == absent {
		return 0
	}
	return e.settings.UniqueKey.Hash(attr.DeploymentEnvironmentName, rec.values[e.environment].label())
}

// pairHash is the hash of who a record is of and what has to match; without
// leaves out the attributes whose bits are set.
func (e *Engine) pairHash(r *rule, rec *record, without int) int64 {
	hash := rec.users[r.identity] ^ rec.environment
	if len(r.match) == 1 {
		part := ""
		if without == 0 {
			part = rec.values[r.match[0]].label()
		}
		return int64(hash ^ e.hashes.of(part))
	}
	var parts [maxMatch]string
	for i, f := range r.match {
		if without&(1<<i) == 0 {
			parts[i] = rec.values[f].label()
		}
	}
	if len(r.match) > 0 {
		hash ^= e.settings.UniqueKey.Hash(parts[:len(r.match)]...)
	}
	return int64(hash)
}

// end tries the beginning that agrees in all that has to match, and then those
// that lacked some of it.
func (e *Engine) end(w *work, inc increment) {
	rec := &w.record
	rule := inc.tally.rule
	has := 0
	for i, f := range rule.match {
		if rec.values[f].kind != absent {
			has |= 1 << i
		}
	}
	for without := range 1 << len(rule.match) {
		if without&^has != 0 {
			continue
		}
		inc.whole = e.pairHash(rule, rec, without)
		inc.alternative = without != 0
		w.increments = append(w.increments, inc)
	}
}
