package eventmetrics

import (
	"cmp"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Other is the value that stands for all values that a metric does not tell
// apart.
const Other = "_OTHER"

// maxValueLength is in bytes. What is longer was never a class of anything.
const maxValueLength = 128

// valueID is a small number for a value of one attribute of one metric.
type valueID uint16

const (
	absentID valueID = iota
	otherID
)

// dictionary numbers the values of one attribute of one metric, up to a limit.
// It is not safe for concurrent use.
type dictionary struct {
	ids    map[string]valueID
	values []string // by valueID
	limit  int      // of values, absent and other included

	// The value asked for last. Neighbouring records mostly agree in source,
	// domain, environment and method, and comparing is cheaper than hashing.
	last   string
	lastID valueID
}

func newDictionary(spec fieldSpec) *dictionary {
	d := &dictionary{ids: map[string]valueID{}, limit: int(otherID) + 1 + cmp.Or(spec.limit, maxValues)}
	d.values = append(d.values, "", Other)
	d.ids[Other] = otherID // a value that was folded before it came here
	for _, value := range spec.closed {
		d.add(value)
	}
	if spec.closed != nil {
		d.limit = len(d.values)
	}
	return d
}

// id returns the number of a value; folded says that it is otherID in place
// of a value of its own.
func (d *dictionary) id(value string) (id valueID, folded bool) {
	if value == "" {
		return absentID, false
	}
	if value == d.last {
		return d.lastID, false
	}
	if len(value) > maxValueLength {
		return otherID, true
	}
	id, known := d.ids[value]
	if !known {
		if len(d.values) >= d.limit || !fitForLabel(value) {
			return otherID, true
		}
		id = d.add(strings.Clone(value)) // the record's string may hold its whole line alive
	}
	d.last, d.lastID = d.values[id], id
	return id, false
}

func (d *dictionary) add(value string) valueID {
	id := valueID(len(d.values))
	d.values = append(d.values, value)
	d.ids[value] = id
	return id
}

// fitForLabel looks at a value once, when it is first seen. It is the last
// line before a label, not the scrubber: the parser already keeps personal
// data out of the attributes that metrics use.
func fitForLabel(value string) bool {
	return printable(value) && !looksPersonal(value)
}

func printable(value string) bool {
	if !utf8.ValidString(value) {
		return false
	}
	for _, r := range value {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// looksPersonal takes anything with an @ for an e-mail address, and what
// parses as an address, with port or prefix length or without, for an IP
// address. It would rather fold a harmless value than show a person's.
func looksPersonal(value string) bool {
	if strings.Contains(value, "@") || strings.Contains(value, "%40") {
		return true
	}
	if _, err := netip.ParseAddr(value); err == nil {
		return true
	}
	if _, err := netip.ParseAddrPort(value); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(value)
	return err == nil
}
