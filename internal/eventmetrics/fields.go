package eventmetrics

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// field is a small number for a place that some rule or label wants, so that
// a record is read into a slice and not into a map.
type field uint16

// Fields of every engine.
const (
	fieldEvent field = iota
	fieldSource
	fieldUID
	fieldParseError
)

// maxFields bounds the places that one engine reads. The built-in catalogue
// wants about thirty.
const maxFields = 1000

// fieldSpec is one place, with its distinct values.
type fieldSpec struct {
	place definition.Place
	path  []string // of a place in the body
	table *internTable
	// next has the same bucket, plus one; 0 for none.
	next field
}

// fields holds all places that an engine reads. It grows at construction only.
type fields struct {
	specs   []fieldSpec
	buckets [256]field // of attributes, by bucketOf the name, plus one
}

func newFields() *fields {
	f := &fields{}
	for _, name := range []string{attr.OTelEventName, attr.Source, attr.LogRecordUID, attr.ParseError} {
		f.add(definition.Place{In: definition.Attribute, Name: name}, nil)
	}
	return f
}

// of returns the field of a place. The event's name is the record's own, not
// the attribute that repeats it.
func (f *fields) of(place definition.Place) (field, error) {
	if i := slices.IndexFunc(f.specs, func(s fieldSpec) bool { return s.place == place }); i >= 0 {
		return field(i), nil
	}
	var path []string
	if place.In == definition.Body {
		var err error
		if path, err = parsePointer(place.Name); err != nil {
			return 0, err
		}
	}
	if len(f.specs) >= maxFields {
		return 0, errTooManyFields
	}
	return f.add(place, path), nil
}

func (f *fields) add(place definition.Place, path []string) field {
	id := field(len(f.specs))
	spec := fieldSpec{place: place, path: path, table: newInternTable()}
	if place.In == definition.Attribute {
		bucket := &f.buckets[bucketOf(place.Name)]
		spec.next, *bucket = *bucket, id+1
	}
	f.specs = append(f.specs, spec)
	return id
}

// wantedAs returns the field of an attribute's name, if it is among those
// that are wanted. It looks at three bytes of the name before it compares
// all: most attributes of a record count nowhere.
func (f *fields) wantedAs(name string, wanted []bool) (field, bool) {
	for next := f.buckets[bucketOf(name)]; next != 0; {
		id := next - 1
		spec := &f.specs[id]
		if wanted[id] && spec.place.Name == name {
			return id, true
		}
		next = spec.next
	}
	return 0, false
}

// bucketOf mixes what tells the names of attributes apart best: how long they
// are, and how they end.
func bucketOf(name string) uint8 {
	n := len(name)
	if n == 0 {
		return 0
	}
	return uint8(n)*29 ^ name[n-1]*11 ^ name[n/2]*3
}
