package eventmetrics

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// view is a dimension as one source sees it: with the values that it may have.
type view struct {
	dimension *dimension
	closed    bool   // other values than those allowed count as Other
	allowed   []bool // by valueID, where closed
	// local is by interned, and absentID for a value that was not met yet. It is
	// no longer than the field's table.
	local []valueID
}

// viewOf returns the view of a source, one for all that have no list of their
// own.
func (d *dimension) viewOf(source string) *view {
	values, closed := d.Allowed[source]
	if !closed {
		source = ""
		values, closed = d.Allowed[source]
	}
	if v, ok := d.views[source]; ok {
		return v
	}
	v := &view{dimension: d, closed: closed, local: []valueID{absentValue: absentID, unknownValue: absentID, otherValue: otherID}}
	if closed {
		v.allowed = make([]bool, d.listed)
		for _, value := range values {
			v.allowed[d.find(value)] = true
		}
	}
	if d.views == nil {
		d.views = map[string]*view{}
	}
	d.views[source] = v
	return v
}

// known returns the number of a value that was met, and absentID for others.
func (v *view) known(global interned) valueID {
	if int(global) < len(v.local) {
		return v.local[global]
	}
	return absentID
}

// refuses reports whether first is otherID for good, for whatever value has the
// number: there is no room, and there will be none.
func (v *view) refuses(global interned) bool {
	return global == unknownValue && (v.closed || v.dimension.room == 0)
}

// first is the number of a record's value that was not met yet.
func (v *view) first(e *Engine, rec *record, f field) valueID {
	d := v.dimension
	global := rec.ids[f]
	if global == unknownValue {
		if v.closed || d.room == 0 {
			return otherID
		}
		label := rec.values[f].label()
		if !d.personal && e.names(rec, label) {
			return otherID
		}
		id := d.admit(label)
		if id == otherID {
			return id
		}
		// Metrics that come next find it known.
		rec.ids[f] = rec.intern(e.fields.specs[f].table, f)
		v.remember(rec.ids[f], id)
		return id
	}
	label := d.table.values[global-otherValue]
	if v.mayAdmit(label) && e.names(rec, label) {
		return otherID // a metric that accepts personal data has it
	}
	id := v.admit(label)
	v.remember(global, id)
	return id
}

// mayAdmit says whether a value would be a new label, of which nobody said
// that it may be personal.
func (v *view) mayAdmit(label string) bool {
	d := v.dimension
	return !v.closed && !d.personal && d.room > 0 && d.find(label) == absentID
}

// shortestID is how long an id must be to be looked for within other values; a
// shorter one may be all of a value.
const shortestID = 6

// names reports whether a value holds whom the record is of: a user, a session,
// an address, or whoever else it is told apart by. It is asked for values that
// were not met before, and looks at all that the record has.
func (e *Engine) names(rec *record, label string) bool {
	if len(label) > maxValueLength {
		return false // and no label
	}
	label = strings.ToLower(label)
	for name, v := range rec.attributes.All() {
		if !e.isWho(name) {
			continue
		}
		var who value
		valueOf(v, &who)
		if who.kind == absent || who.kind == boolean || who.kind == opaque {
			continue
		}
		text := who.label()
		if len(text) > 2*maxValueLength {
			continue // in another case it may be shorter, but not by so much
		}
		if text = strings.ToLower(text); text == label || len(text) >= shortestID && strings.Contains(label, text) {
			return true
		}
	}
	return false
}

// isWho says whether an attribute tells one person, or one's device, from
// others.
func (e *Engine) isWho(name string) bool {
	switch kind, _ := naming.Personal(name); kind {
	case pii.Identity, pii.Email, pii.IP, pii.Phone, pii.Secret, pii.Name, pii.VendorID:
		return true
	default:
		return slices.ContainsFunc(e.identities, func(id identity) bool { return slices.Contains(id.names, name) })
	}
}

// admit returns the number of a value, a new one if the source may have it and
// there is room.
func (v *view) admit(value string) valueID {
	d := v.dimension
	id := d.find(value)
	switch {
	case v.closed && (id == absentID || int(id) >= len(v.allowed) || !v.allowed[id]):
		return otherID
	case id == absentID:
		return d.admit(value)
	}
	return id
}

// adopt is the number of a value that was a label elsewhere: of another
// collector, or before a restart with another configuration. What is no label
// of a source here becomes none by coming in that way.
func (d *dimension) adopt(source, value string) valueID {
	id := d.find(value)
	switch {
	case value == "" || id != absentID && int(id) < d.listed:
		return id
	case d.viewOf(source).closed:
		return otherID
	case id == absentID:
		return d.admit(value)
	}
	return id
}

func (v *view) remember(global interned, id valueID) {
	for len(v.local) <= int(global) {
		v.local = append(v.local, absentID)
	}
	v.local[global] = id
}
