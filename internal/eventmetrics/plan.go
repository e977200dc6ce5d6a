package eventmetrics

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxResolved bounds the plans that are kept. Beyond it all are given up, and
// those still needed are made anew: a plan costs as much as counting a hundred
// records, so names that nobody has should not hold the room for good.
const maxResolved = 4096

// numRecentPlans is how many plans are found without a look into the map; a
// power of two. Login.gov alone has 442 names of events.
const numRecentPlans = 1 << recentPlanBits

const recentPlanBits = 10

// planSlot mixes the length of an event's name and four of its letters, which
// tell apart 433 of Login.gov's names. The name is not empty.
func planSlot(event string) uint32 {
	const odd = 0x9e3779b1
	n := len(event)
	h := uint32(n)*odd ^ uint32(event[n-1])
	h = h*odd ^ uint32(event[n/2])
	h = h*odd ^ uint32(event[n/4])
	h = h*odd ^ uint32(event[n*3/4])
	return h * odd >> (32 - recentPlanBits)
}

// plan is what counting does with the records of one source and event name:
// what it reads of them, and the rules that look at them. What no rule for
// such an event needs costs next to nothing.
type plan struct {
	source     string
	event      string      // empty where the plan is not kept
	candidates []candidate // in the order of the catalogue
	wanted     wantedNames // attributes that are read
	clear      []field     // attributes and body paths that are read
	labels     []label     // of these, the ones that are looked up in tables
	identities []int       // who the record's user is, by these lists
	// What tells records apart beside their users, see traits; unlike is set
	// where that is more than traits have room for.
	conditions []*condition // of all candidates, each once
	values     []field      // of numbers
	fields     []field      // of labels, those of resources as well
	unlike     bool
	number     uint64     // of the plan
	salts      [][]uint64 // by identity
	bodyFields []field
	body       bodyTree
	// personal is set where the event's name or the source holds whom the record
	// is of: such a plan is that of one record.
	personal bool
}

// candidate is a rule that looks at a record, with what the record's source
// and event name alone say about the series it counts in.
type candidate struct {
	*rule
	user       uint8        // rule.identity as an index into plan.identities
	conditions []*condition // that source and event name say nothing of
	key        key
	folded     int
	slots      []slot // the dimensions that the name says nothing of
	// breakdown is an index into those of a unique count, each of which is a
	// candidate of its own behind that of the total.
	breakdown int
}

// label is a field with the table of its values.
type label struct {
	table *internTable
	field field
	// last is the value of the plan's last record that is in the table: records
	// of one event have the same outcome, method and client more often than not.
	last   string
	lastID interned
}

// find is that of the table.
func (l *label) find(value string) interned {
	if value == l.last {
		return l.lastID
	}
	id := l.table.find(value)
	if id >= otherValue {
		l.last, l.lastID = l.table.values[id-otherValue], id
	}
	return id
}

// slot is where a label of a record goes.
type slot struct {
	view     *view
	field    field
	at       uint8 // in the key
	fallback valueID
}

// planFor returns the plan of an event. Sources share hardly any names, so
// that the first plan of a name is nearly always the one; whose source is
// another, takes it from the list.
func (e *Engine) planFor(rec *record, source, event string) *plan {
	plans := e.plans[event]
	for _, p := range plans {
		if p.source == source {
			return p
		}
	}
	p := e.resolve(rec, source, event)
	if p.personal || len(source) > maxValueLength || len(event) > maxValueLength {
		p.unlike = true // there is no second record of this plan
		return p
	}
	if e.numPlans == maxResolved {
		clear(e.plans)
		e.numPlans, plans = 0, nil
	}
	e.numPlans++
	// A number is never given twice: shapes of a plan that was forgotten are
	// still there.
	e.lastPlan++
	p.number = e.lastPlan
	event = strings.Clone(event) // the record's string may hold its whole line alive
	p.event = event
	e.plans[event] = append(plans, p)
	return p
}

// newPlan returns a plan that reads what every plan does.
func newPlan(fields *fields, source string) *plan {
	p := &plan{source: strings.Clone(source)}
	for _, f := range []field{fieldSource, fieldUID, fieldParseError} {
		p.want(fields, f)
	}
	return p
}

func (e *Engine) resolve(rec *record, source, event string) *plan {
	p := newPlan(e.fields, source)
	settled := 0 // the group of which a rule applies in any case; groups count from 1
	for i := range e.rules {
		r := &e.rules[i]
		if r.group == settled || !r.takes(source, event) {
			continue
		}
		conditions, ok := r.open(source, event)
		if !ok {
			continue
		}
		if len(conditions) == 0 {
			settled = r.group
		}
		p.candidates = append(p.candidates, e.newCandidate(p, rec, r, conditions, 0, event))
		if r.operation == opUnique {
			for n := 1; n < len(r.metric.breakdowns); n++ {
				p.candidates = append(p.candidates, e.newCandidate(p, rec, r, conditions, n, event))
			}
		}
	}
	p.unlike = len(p.fields) > maxShapeFields || len(p.conditions)+len(p.identities)+len(p.values) > 64
	return p
}

// open returns the conditions that each record has to meet by itself: those on
// the source and the event's name are settled here, for all records of a plan.
// It is not ok if one of these does not hold. Half of the catalogue's rules are
// for sources without a built-in profile, and would otherwise look for the
// source among eight others in each record.
func (r *rule) open(source, event string) (conditions []*condition, ok bool) {
	for i := range r.conditions {
		c := &r.conditions[i]
		var fixed value
		switch c.field {
		case fieldSource:
			fixed = textValue(source)
		case fieldEvent:
			fixed = textValue(event)
		default:
			conditions = append(conditions, c)
			continue
		}
		if !c.holds(&fixed) {
			return nil, false
		}
	}
	return conditions, true
}

func (e *Engine) newCandidate(p *plan, rec *record, r *rule, conditions []*condition, breakdown int, event string) candidate {
	c := candidate{rule: r, conditions: conditions, breakdown: breakdown}
	for _, condition := range conditions {
		p.want(e.fields, condition.field)
		if !slices.ContainsFunc(p.conditions, condition.equals) {
			p.conditions = append(p.conditions, condition)
		}
	}
	if r.hasValue {
		p.want(e.fields, r.value)
		if !slices.Contains(p.values, r.value) {
			p.values = append(p.values, r.value)
		}
	}
	for _, f := range r.match {
		p.want(e.fields, f)
	}
	if r.operation != opAdd {
		c.user = uint8(p.wantUser(e, r.identity))
	}
	if r.metric == nil {
		return c
	}
	for i := range r.metric.dimensions {
		if r.operation == opUnique && !r.metric.breakdowns[breakdown][i] {
			continue
		}
		d := &r.metric.dimensions[i]
		s := slot{view: d.viewOf(p.source), field: d.field, at: uint8(i), fallback: r.fallback(d)}
		value, fixed := e.fixedLabel(r, d, p.source, event)
		if !fixed {
			p.wantLabel(e.fields, d.field)
			c.slots = append(c.slots, s)
			continue
		}
		if s.view.mayAdmit(value) && e.names(rec, value) {
			value, p.personal = Other, true
			c.folded++
		}
		c.key[i] = s.fixed(value)
		if c.key[i] == otherID && value != Other {
			c.folded++
		}
	}
	return c
}

// fixedLabel is the value of a dimension that all records of the source and
// event name share.
func (e *Engine) fixedLabel(r *rule, d *dimension, source, event string) (value string, fixed bool) {
	switch {
	case r.operation == opStep && d.Name == definition.FunnelAttribute:
		return e.funnels[r.target].Name, true
	case r.operation == opStep && d.Name == definition.StepAttribute:
		return e.funnels[r.target].Steps[r.step].Name, true
	case d.field == fieldSource:
		return source, true
	case d.field == fieldEvent:
		return event, true
	}
	return "", false
}

// fallback is what counts where a record has no value.
func (r *rule) fallback(d *dimension) valueID {
	for _, def := range r.defaults {
		if def.Dimension == d.Name {
			return d.find(def.Value)
		}
	}
	return d.find(d.Default)
}

// fixed is the number of a value that is no record's.
func (s *slot) fixed(value string) valueID {
	if value == "" {
		return s.fallback
	}
	d := s.view.dimension
	if id := s.view.known(d.table.find(value)); id != absentID {
		return id
	}
	return s.view.admit(value)
}
