package eventmetrics

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// field is a small number for a place that some rule or label wants, so that
// a record is read into a slice and not into a map.
type field uint16

// noField is none of any engine's.
const noField field = maxFields

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
}

// fields holds all places that an engine reads. It grows at construction only.
type fields struct {
	specs []fieldSpec
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
	f.specs = append(f.specs, fieldSpec{place: place, path: path, table: newInternTable()})
	return id
}

// wantedNames are the attributes that a plan reads.
type wantedNames struct {
	entries []wantedName
	// Most attributes of a record count nowhere. The length of a name shows that
	// of half of them, and three of its bytes that of nearly all others: lengths
	// has a bit for each length, modulo 64, and buckets lead from bucketOf a name
	// to its entry, plus one.
	lengths uint64
	buckets [256]uint8
}

type wantedName struct {
	name  string
	field field
	next  uint8 // has the same bucket, plus one; 0 for none
}

// maxWanted is the number of entries that buckets can lead to. What goes
// beyond is not read, see plan.want.
const maxWanted = 255

func (w *wantedNames) add(name string, id field) {
	bucket := &w.buckets[bucketOf(name)]
	w.entries = append(w.entries, wantedName{name, id, *bucket})
	*bucket = uint8(len(w.entries))
	w.lengths |= 1 << (len(name) % 64)
}

// mayHave is false for most names that are not wanted.
func (w *wantedNames) mayHave(name string) bool { return w.lengths>>(len(name)%64)&1 != 0 }

// find returns the field of an attribute, if it is wanted.
func (w *wantedNames) find(name string) (field, bool) {
	for next := w.buckets[bucketOf(name)]; next != 0; {
		entry := &w.entries[next-1]
		if entry.name == name {
			return entry.field, true
		}
		next = entry.next
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
