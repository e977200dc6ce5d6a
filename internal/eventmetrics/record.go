package eventmetrics

import (
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// record is what counting needs of a log record, by field. Its strings are
// the record's own; they are copied where one is kept.
type record struct {
	values []value
	ids    []interned // of the fields that are labels
	users  []uint64   // by identity; 0 for a record without
	// hash is the keyed one of the field hashed.
	hashed field
	hash   uint64
	// environment is the hash of that of the resource; 0 without one.
	environment uint64
	// attributes are the record's; nobody's between batches.
	attributes pcommon.Map
	// scratch holds numbers while they are looked up, and escaped keys.
	scratch []byte
}

// grow makes room for all fields of an engine: a pooled record may come from
// an engine with fewer.
func (r *record) grow(fields, identities int) {
	if len(r.values) < fields {
		r.values, r.ids = make([]value, fields), make([]interned, fields)
	}
	if len(r.users) < identities {
		r.users = make([]uint64, identities)
	}
}

// value is a scalar of a record.
type value struct {
	kind valueKind
	text string
	// bits of an integer, of a fraction, or of a boolean (1 is true).
	bits uint64
}

type valueKind uint8

const (
	absent valueKind = iota
	textual
	boolean
	integer
	fractional
	// opaque is a list, a map or bytes: none of those makes a label or a number.
	opaque
)

var booleans = [...]string{"false", "true"}

func valueOf(v pcommon.Value, to *value) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		to.kind, to.text = textual, v.Str()
		if to.text == "" {
			to.kind = absent
		}
	case pcommon.ValueTypeBool:
		*to = boolValue(v.Bool())
	case pcommon.ValueTypeInt:
		to.kind, to.bits = integer, uint64(v.Int())
	case pcommon.ValueTypeDouble:
		to.kind, to.bits = fractional, math.Float64bits(v.Double())
	case pcommon.ValueTypeEmpty:
		to.kind = absent
	default:
		to.kind = opaque
	}
}

// textValue takes an empty text for none.
func textValue(s string) value {
	if s == "" {
		return value{}
	}
	return value{kind: textual, text: s}
}

func boolValue(b bool) value {
	if b {
		return value{kind: boolean, bits: 1}
	}
	return value{kind: boolean}
}

// label is the value as text, and Other for what makes no label. Numbers are
// formatted anew, so callers look up what is known before.
func (v value) label() string {
	switch v.kind {
	case textual:
		return v.text
	case boolean:
		return booleans[v.bits]
	case integer:
		return strconv.FormatInt(int64(v.bits), 10)
	case fractional:
		return strconv.FormatFloat(math.Float64frombits(v.bits), 'g', -1, 64)
	case opaque:
		return Other
	default:
		return ""
	}
}

// number returns a number that can be counted: not negative, not NaN, and not
// beyond maxExact: a single 1e308 would be all that a sum ever shows. A whole
// one is exact. ok is false for everything else, texts that look like numbers
// included.
func (v value) number() (whole int64, fraction float64, ok bool) {
	switch v.kind {
	case integer:
		whole = int64(v.bits)
		return whole, 0, whole >= 0 && whole <= maxExact
	case fractional:
		f := math.Float64frombits(v.bits)
		if !(f >= 0 && f <= maxExact) {
			return 0, 0, false
		}
		if f == math.Trunc(f) {
			return int64(f), 0, true
		}
		return 0, f, true
	default:
		return 0, 0, false
	}
}

// maxExact is where float64 stops to tell integers apart.
const maxExact = 1 << 53

// read takes the attributes that a plan wants.
func (r *record) read(p *plan, lr plog.LogRecord) {
	for _, id := range p.clear {
		r.values[id].kind = absent
	}
	r.attributes = lr.Attributes()
	for name, v := range r.attributes.All() {
		if !p.wanted.mayHave(name) {
			continue
		}
		if id, ok := p.wanted.find(name); ok {
			valueOf(v, &r.values[id])
		}
	}
}

// readBody takes what a plan wants of a record's body.
func (r *record) readBody(f *fields, p *plan, lr plog.LogRecord) {
	switch body := lr.Body(); body.Type() {
	case pcommon.ValueTypeStr:
		p.body.readText(r, body.Str())
	case pcommon.ValueTypeMap:
		for _, id := range p.bodyFields {
			valueIn(body, f.specs[id].path, &r.values[id])
		}
	}
}

// readResource takes the attributes of a resource that any metric wants. They
// stay for all records of the resource.
func (r *record) readResource(f *fields, wanted []field, attributes pcommon.Map) {
	for _, id := range wanted {
		spec := &f.specs[id]
		r.values[id].kind = absent
		if v, ok := attributes.Get(spec.place.Name); ok {
			valueOf(v, &r.values[id])
		}
		r.ids[id] = r.intern(spec.table, id)
	}
}

// intern returns the number of a field's value among those that were met.
func (r *record) intern(table *internTable, id field) interned {
	switch v := &r.values[id]; v.kind {
	case absent:
		return absentValue
	case textual:
		return table.find(v.text)
	case boolean:
		return table.find(booleans[v.bits])
	case integer:
		r.scratch = strconv.AppendInt(r.scratch[:0], int64(v.bits), 10)
		return table.findBytes(r.scratch)
	case fractional:
		r.scratch = strconv.AppendFloat(r.scratch[:0], math.Float64frombits(v.bits), 'g', -1, 64)
		return table.findBytes(r.scratch)
	default:
		return otherValue
	}
}

// time is when the record counts, in nanoseconds since 1970; 0 where the
// record does not say.
func recordTime(lr plog.LogRecord, observed bool) int64 {
	if t := lr.Timestamp(); t != 0 && !observed {
		return int64(t)
	}
	return int64(lr.ObservedTimestamp())
}

var unsetPlace = definition.Place{}
