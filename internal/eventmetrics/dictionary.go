package eventmetrics

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// Other is the value that stands for all values that a metric does not tell
// apart.
const Other = "_OTHER"

// maxValueLength is in bytes. What is longer was never a class of anything.
const maxValueLength = 128

// interned is a small number for a value of one field, the same for all
// metrics: a record's value is looked up once, however many count it.
type interned uint32

const (
	absentValue interned = iota
	// unknownValue is one that no metric tells apart so far.
	unknownValue
	otherValue
)

// internTable numbers the values of one field. Only dictionaries add to it,
// each no more than its own bound, so that it is bounded as well. It is not
// safe for concurrent use.
type internTable struct {
	ids    map[string]interned
	values []string // by interned, less otherValue
	// listed is the number of values, the first ones, that dictionaries have from
	// the config.
	listed int
	// recent are values asked for lately, by bucketOf the value: comparing with
	// one is cheaper than hashing.
	recent [numRecentValues]recentValue
}

// numRecentValues is a power of two.
const numRecentValues = 32

type recentValue struct {
	value string // empty in a slot without
	id    interned
}

func newInternTable() *internTable {
	return &internTable{ids: map[string]interned{Other: otherValue}, values: []string{Other}}
}

// find returns the number of a value, which is not empty.
func (t *internTable) find(value string) interned {
	if r := &t.recent[bucketOf(value)%numRecentValues]; r.value == value {
		return r.id
	}
	return t.lookup(value)
}

func (t *internTable) lookup(value string) interned {
	if len(value) > maxValueLength {
		return unknownValue
	}
	id, known := t.ids[value]
	if !known {
		return unknownValue
	}
	t.recent[bucketOf(value)%numRecentValues] = recentValue{t.values[id-otherValue], id}
	return id
}

func (t *internTable) findBytes(value []byte) interned {
	if id, known := t.ids[string(value)]; known {
		return id
	}
	return unknownValue
}

// add returns the number of a value, a new one if need be.
func (t *internTable) add(value string) interned {
	if id, known := t.ids[value]; known {
		return id
	}
	value = strings.Clone(value) // the record's string may hold its whole line alive
	id := interned(len(t.values)) + otherValue
	t.values = append(t.values, value)
	t.ids[value] = id
	return id
}

// valueID is a small number for a value of one attribute of one metric.
type valueID uint16

const (
	absentID valueID = iota
	otherID
)

// maxCap keeps valueID from running over.
const maxCap = 50_000

// defaultCap is how many values a metric tells apart of an attribute.
const defaultCap = 200

// dictionary numbers the values of one attribute of one metric, up to a cap.
// It is not safe for concurrent use.
type dictionary struct {
	table  *internTable
	local  []valueID // by interned; absentID where it has no place here
	values []string  // by valueID
	placed []bool    // by valueID: a series has the value
	room   int       // values that may still be added
	// listed is the number of values, the first ones, that were there before
	// any record: absent and Other, and those that the config lists.
	listed int
	// admitted is the number of those that came with records.
	admitted int
	// personal lets through what looks like personal data.
	personal bool
	refused  refused
}

func newDictionary(table *internTable, limit int, personal bool) *dictionary {
	return &dictionary{
		table:    table,
		local:    []valueID{absentValue: absentID, unknownValue: absentID, otherValue: otherID},
		values:   []string{"", Other},
		placed:   []bool{true, true},
		room:     cmp.Or(limit, defaultCap),
		personal: personal,
		refused:  newRefused(),
	}
}

// known returns the number of a value that has one, and absentID for others.
func (d *dictionary) known(id interned) valueID {
	if int(id) < len(d.local) {
		return d.local[id]
	}
	return absentID
}

// admit gives a value a number while there is room, and else otherID. The
// value is not known and not empty.
func (d *dictionary) admit(value string) valueID {
	if d.room == 0 {
		return otherID
	}
	place, hash := d.refused.place(value)
	if *place == hash {
		return otherID
	}
	if !d.fits(value) {
		*place = hash
		return otherID
	}
	d.room--
	d.admitted++
	return d.add(value)
}

// add numbers a value whatever the room.
func (d *dictionary) add(value string) valueID {
	global := d.table.add(value)
	if id := d.known(global); id != absentID {
		return id
	}
	for len(d.local) <= int(global) {
		d.local = append(d.local, absentID)
	}
	id := valueID(len(d.values))
	d.local[global] = id
	d.values = append(d.values, d.table.values[global-otherValue])
	d.placed = append(d.placed, false)
	return id
}

// find is known for callers without an interned value: at construction, and
// as counts are restored.
func (d *dictionary) find(value string) valueID {
	if value == "" {
		return absentID
	}
	return d.known(d.table.find(value))
}

// fits looks at a value once, when it is first seen. It is the last line
// before a label, not the scrubber: the parser already keeps personal data out
// of the attributes that metrics use.
func (d *dictionary) fits(value string) bool {
	return len(value) <= maxValueLength && printable(value) && (d.personal || !looksPersonal(value))
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

// looksPersonal takes anything with an @, in whatever width, for an e-mail
// address, and looks for addresses as pii_scrub does, inside other text as
// well. It would rather fold a harmless value than show a person's.
func looksPersonal(value string) bool {
	return strings.ContainsAny(value, "@\uff20\ufe6b") || len(detect.Find(nil, value)) > 0 || dottedQuad(value)
}

// dottedQuad finds what may be an IPv4 address within more numbers and dots,
// as 203.0.113.7.code.7 and 7.203.0.113.7 have it.
func dottedQuad(value string) bool {
	groups, digits, number := 0, 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case '0' <= c && c <= '9' && digits < 3:
			digits++
			number = 10*number + int(c-'0')
		case c == '.' && digits > 0 && number <= 255 && groups < 3:
			groups, digits, number = groups+1, 0, 0
			continue
		default:
			groups, digits, number = 0, 0, 0
		}
		if groups == 3 && number <= 255 && digits > 0 {
			return true
		}
	}
	return false
}
