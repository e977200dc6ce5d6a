package leakscan

import (
	"encoding/json"
	"strconv"
	"strings"
)

// difference is a value that the scrubber changes.
type difference struct {
	// pointer is where it is in the unit: a JSON Pointer, and behind each # one
	// into the JSON text that stands there. Names in it are scrubbed.
	pointer string
	// place is the pointer without indexes, the same for all records.
	place string
	// name is that of the member or attribute.
	name string
	// before is the value. Nothing prints it.
	before string
	// offset is where in the text compared it begins, in bytes; of what is in a
	// JSON text inside of that, where this one does.
	offset int
	// whole says that what stands there could not be searched.
	whole bool
}

// otlpWraps are the names that OTLP puts around a value, and otlpRoots those of
// the lists that all records are in. A place is told without them.
var (
	otlpWraps = map[string]bool{
		"value": true, "values": true, "stringValue": true, "intValue": true, "doubleValue": true,
		"boolValue": true, "bytesValue": true, "arrayValue": true, "kvlistValue": true,
	}
	otlpRoots = map[string]bool{
		"resourceLogs": true, "scopeLogs": true, "resourceSpans": true, "scopeSpans": true,
		"resourceMetrics": true, "scopeMetrics": true,
	}
)

// spot is where a comparer is.
type spot struct{ pointer, place, name string }

// maxPointer bounds, but for the last name, a pointer that is told apart: each level
// below holds it once more.
const maxPointer = 4 << 10

// member is the spot of a member. name is scrubbed.
func (s spot) member(name string, otlp bool) spot {
	if len(s.pointer) > maxPointer {
		s.name = name
		return s
	}
	next := spot{pointer: s.pointer + "/" + escaper.Replace(name), place: s.place, name: name}
	switch {
	case otlp && otlpWraps[name]:
		next.name = s.name
	case otlp && otlpRoots[name]:
	case otlp && s.place == "":
		next.place = name
	default:
		next.place += "/" + name
	}
	return next
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// element is the spot of an element.
func (s spot) element(i int, otlp bool) spot {
	next := spot{pointer: s.pointer + "/" + strconv.Itoa(i), place: s.place, name: s.name}
	if !otlp {
		next.place += "/*"
	}
	return next
}

// comparer walks two JSON values, the second of which is the first scrubbed.
type comparer struct {
	otlp bool
	// outer is the offset of the text that before is; -1 where it is in none.
	outer int
	// visit is called for every value that is another one, or gone.
	visit func(difference)
	// text, unless it is nil, is called for every text that is no JSON; at has no name
	// that the scrubber changes.
	text func(at spot, offset int, text string)
}

// texts compares before and after, at a spot. An error says that it can't be done.
func (c *comparer) texts(at spot, before, after string) error {
	was, err := parse(before)
	if err != nil {
		return err
	}
	is := was
	if after != before {
		if is, err = parse(after); err != nil {
			return err
		}
	}
	c.value(at, was, is)
	return nil
}

func (c *comparer) value(at spot, was, is *tree) {
	switch {
	case was.sort != is.sort && (!was.scalar() || !is.scalar()):
		c.visit(difference{pointer: at.pointer, place: at.place, name: at.name, offset: c.offset(was.offset), whole: true})
	case was.sort == '{':
		c.members(at, was, is)
	case was.sort == '[':
		c.elements(at, was, is)
	case was.text != is.text || c.text != nil && was.sort == '"':
		c.leaf(at, was, is)
	}
}

// leaf reports a text that is another one, or what differs in it if it is JSON.
func (c *comparer) leaf(at spot, was, is *tree) {
	json := container(was.text)
	if c.text != nil && was.sort == '"' && !json {
		c.text(at, c.offset(was.offset), was.text)
	}
	found := was.text == is.text
	if json && container(is.text) {
		inner := comparer{outer: c.offset(was.offset), text: c.text, visit: func(d difference) { found = true; c.visit(d) }}
		if inner.texts(spot{pointer: at.pointer + "#", place: at.place + "#", name: at.name}, was.text, is.text) != nil {
			found = was.text == is.text
		}
	}
	if !found {
		c.lost(at, was)
	}
}

// lost reports a value that is another one, or gone: of an object or array all
// that is in it.
func (c *comparer) lost(at spot, was *tree) {
	for i, v := range was.values {
		if was.sort == '{' {
			c.lost(at.member(was.names[i], c.otlp), v)
		} else {
			c.lost(at.element(i, c.otlp), v)
		}
	}
	if was.scalar() {
		c.visit(difference{pointer: at.pointer, place: at.place, name: at.name, before: was.text, offset: c.offset(was.offset)})
	}
}

// members pairs those of an object by name. One that is renamed held something
// in its name; one that is gone is told, with its name: it is a known one.
func (c *comparer) members(at spot, was, is *tree) {
	last := make(map[string]int, len(was.names)) // where a name stands last
	for i, name := range was.names {
		last[name] = i
	}
	j := 0
	for i, name := range was.names {
		gone := j == len(is.names)
		if !gone && is.names[j] != name {
			at, ahead := last[is.names[j]]
			gone = ahead && at > i
		}
		if gone {
			c.lost(at.member(name, c.otlp), was.values[i])
			continue
		}
		child := at.member(is.names[j], c.otlp)
		if is.names[j] != name {
			c.visit(difference{pointer: child.pointer, place: child.place, name: "name", before: name, offset: c.offset(was.offsets[i])})
		}
		c.value(child, was.values[i], is.values[j])
		if c.otlp && name == "key" { // the attribute's name, which comes first
			at.name, at.place = is.values[j].text, at.place+"/"+is.values[j].text
		}
		j++
	}
}

func (c *comparer) elements(at spot, was, is *tree) {
	if len(was.values) != len(is.values) {
		c.visit(difference{pointer: at.pointer, place: at.place, name: at.name, offset: c.offset(was.offset), whole: true})
		return
	}
	for i := range was.values {
		c.value(at.element(i, c.otlp), was.values[i], is.values[i])
	}
}

func (c *comparer) offset(at int) int {
	if c.outer >= 0 {
		return c.outer
	}
	return at
}

// container says whether a text is a JSON object or array.
func container(text string) bool {
	t := strings.TrimLeft(text, " \t\r\n")
	return t != "" && (t[0] == '{' || t[0] == '[') && json.Valid([]byte(text))
}
