package authevent

import (
	"math"
	"math/bits"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// value is where a field stands in the line.
type value struct {
	// start and end are those of the JSON value, quotes and brackets included.
	// Of a text inside another one, start is its index in decoder.inner.
	start, end int32
	kind       kind
	escaped    bool // a text with escape sequences
	inner      bool // a text inside another one
}

// maxLine is how many bytes of a line a value can point at.
const maxLine = math.MaxInt32

// decoder reads one line after another, noting the values of a trie's fields.
// What it notes is valid until the next line.
type decoder struct {
	trie   *trie
	line   string
	values []value // by slot; those inside texts are behind those of the trie
	noted  slotSet // those that the line has, or that hold something of it
	// next guesses the member that follows another in its object, by slot, and
	// behind those the first of each object: it is the one that did in the line
	// before, since a source writes its lines by one piece of code.
	next   []*node
	limits jsonscan.Limits
	buf    []byte // scratch for text with escapes
	// unexpected: the kinds of the values that some profile does not expect
	// where they stand.
	unexpected kindSet

	// texts is the profile whose texts in the line were read; what they hold
	// is in inner, and event is the name that a template has found.
	texts         *compiled
	inner         []string
	event         string
	eventCaptured bool
	captures      []string // scratch
}

func newDecoder(t *trie) *decoder {
	slots := t.slots + t.inside
	return &decoder{trie: t, values: make([]value, slots), noted: newSlotSet(slots), next: make([]*node, 2*t.slots)}
}

// maxScratch caps the scratch that is kept: one huge text must not pin its
// size for as long as the batch is pooled.
const maxScratch = 64 << 10

// release lets go of the line: a pooled batch must not hold somebody's data.
func (d *decoder) release() {
	d.line, d.event = "", ""
	clear(d.inner[:cap(d.inner)])
	clear(d.captures[:cap(d.captures)])
	if cap(d.buf) > maxScratch {
		d.buf = nil
	}
}

// reset begins a line.
func (d *decoder) reset(line string) {
	d.line = line
	d.forget()
	d.limits = jsonscan.Limits{}
	d.unexpected = 0
	d.texts, d.event = nil, ""
	d.inner = d.inner[:0]
}

// forget clears the values of the line before: of the many places a line fills few.
func (d *decoder) forget() {
	for i, word := range d.noted {
		for ; word != 0; word &= word - 1 {
			d.values[i*64+bits.TrailingZeros64(word)] = value{}
		}
		d.noted[i] = 0
	}
}

// decode reads a line, white space around it allowed, that is one JSON object.
// The caller has seen to valid UTF-8. It returns where the object stands.
func (d *decoder) decode(line string) (start, end int, code jsonscan.Code) {
	d.reset(line)
	start = jsonscan.Space(line, 0)
	if end, code = d.object(start, d.trie.root); code != jsonscan.OK {
		return 0, 0, code
	}
	if jsonscan.Space(line, end) != len(line) {
		return 0, 0, jsonscan.Trailing
	}
	return start, end, jsonscan.OK
}

// object reads the object at line[i] and returns the index behind it.
func (d *decoder) object(i int, n *node) (int, jsonscan.Code) {
	s := d.line
	if code := d.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	i = jsonscan.Space(s, i+1)
	if i < len(s) && s[i] == '}' {
		d.limits.Leave()
		return i + 1, jsonscan.OK
	}
	last := d.trie.slots + n.slot // the member before, of those that some profile asks for
	for {
		if code := d.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		member, value := d.guessed(i, last)
		if member == nil {
			if member, value = d.name(i, n); value < 0 {
				return -1, jsonscan.Syntax
			}
			if member != nil {
				d.next[last] = member
			}
		}
		if member != nil {
			last = member.slot
		}
		i = value
		var code jsonscan.Code
		if member == nil {
			i, code = jsonscan.Value(s, i, &d.limits)
		} else {
			i, code = d.field(i, member)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		var more bool
		if i, more = jsonscan.Next(s, i, '}'); i < 0 {
			return -1, jsonscan.Syntax
		} else if !more {
			d.limits.Leave()
			return i, jsonscan.OK
		}
	}
}

// guessed returns the member whose name begins at line[i], and where its value
// does, if it is the one that last was followed by; or nil.
func (d *decoder) guessed(i, last int) (member *node, value int) {
	guess := d.next[last]
	if guess == nil || !strings.HasPrefix(d.line[i:], guess.literal) {
		return nil, 0
	}
	if i += len(guess.literal); i >= len(d.line) || d.line[i] <= ' ' {
		return nil, 0
	}
	return guess, i
}

// name reads the name at line[i] of a member of n, and returns the member, nil
// where no profile asks for it, and where its value begins; -1 for no name.
func (d *decoder) name(i int, n *node) (member *node, value int) {
	if i >= len(d.line) || d.line[i] != '"' {
		return nil, -1
	}
	end, escaped := jsonscan.String(d.line, i)
	if end < 0 {
		return nil, -1
	}
	member = n.members.find(d.inside(i, end, escaped))
	return member, jsonscan.Colon(d.line, end)
}

// field reads the value at line[i], a place that some profile asks for.
func (d *decoder) field(i int, n *node) (int, jsonscan.Code) {
	if d.noted.has(n.slot) { // of duplicate members the last counts, and nothing of the others
		clear(d.values[n.slot:n.endSlot])
	}
	d.noted.add(n.slot)

	if i >= len(d.line) {
		return -1, jsonscan.Syntax
	}
	var end int
	var k kind
	var escaped bool
	var code jsonscan.Code
	switch d.line[i] {
	case '"':
		k = text
		if end, escaped = jsonscan.String(d.line, i); end < 0 {
			code = jsonscan.Syntax
		}
	case '{':
		k = object
		end, code = d.object(i, n)
	case '[':
		k = array
		if n.elements == nil {
			end, code = jsonscan.Value(d.line, i, &d.limits)
		} else {
			end, code = d.array(i, n)
		}
	case 't', 'f', 'n':
		k = boolean
		if d.line[i] == 'n' {
			k = null
		}
		if end = jsonscan.Literal(d.line, i); end < 0 {
			code = jsonscan.Syntax
		}
	default:
		var whole bool
		k = float
		if end, whole, code = jsonscan.Number(d.line, i); whole {
			k = integer
		}
	}
	if code != jsonscan.OK {
		return -1, code
	}
	d.values[n.slot] = value{start: int32(i), end: int32(end), kind: k, escaped: escaped}
	d.unexpected |= kindSet(1) << k &^ n.expected
	return end, jsonscan.OK
}

// array reads the array at line[i], of which some profile asks for elements,
// and returns the index behind it.
func (d *decoder) array(i int, n *node) (int, jsonscan.Code) {
	s := d.line
	if code := d.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	i = jsonscan.Space(s, i+1)
	if i < len(s) && s[i] == ']' {
		d.limits.Leave()
		return i + 1, jsonscan.OK
	}
	for index := 0; ; index++ {
		if code := d.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		var code jsonscan.Code
		if index < len(n.elements) && n.elements[index] != nil {
			i, code = d.field(i, n.elements[index])
		} else {
			i, code = jsonscan.Value(s, i, &d.limits)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		var more bool
		if i, more = jsonscan.Next(s, i, ']'); i < 0 {
			return -1, jsonscan.Syntax
		} else if !more {
			d.limits.Leave()
			return i, jsonscan.OK
		}
	}
}

// inside returns what the string literal line[start:end] stands for; where it
// has escapes, in a buffer that the next call overwrites.
func (d *decoder) inside(start, end int, escaped bool) string {
	raw := d.line[start+1 : end-1]
	if !escaped {
		return raw
	}
	d.buf = jsonscan.AppendUnescaped(d.buf[:0], raw)
	return string(d.buf)
}

// text returns a value as text: a string's content, a number as it is
// written, true or false. Null, objects, arrays and what is absent have none.
func (d *decoder) text(slot int) (string, bool) {
	v := &d.values[slot]
	switch v.kind {
	case text:
		if !v.escaped && !v.inner { // nearly all
			return d.line[v.start+1 : v.end-1], true
		}
		if v.inner {
			return d.inner[v.start], true
		}
		return d.inside(int(v.start), int(v.end), v.escaped), true
	case integer, float, boolean:
		return d.line[v.start:v.end], true
	default:
		return "", false
	}
}

// emptyText says whether a value is a text with nothing in it.
func (d *decoder) emptyText(slot int) bool {
	v := &d.values[slot]
	if v.inner {
		return d.inner[v.start] == ""
	}
	return v.kind == text && v.end-v.start == int32(len(`""`))
}
