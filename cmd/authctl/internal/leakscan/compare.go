package leakscan

import (
	"encoding/json"
	"errors"
	"fmt"
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
	// offset is where in the text compared it begins, in bytes; -1 in a text
	// inside of that.
	offset int
	// whole says that what stands there could not be searched.
	whole bool
}

var errShape = errors.New("is of another shape once it is scrubbed")

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

// member is the spot of a member. name is scrubbed.
func (s spot) member(name string, otlp bool) spot {
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

// comparer walks two JSON texts of one shape, the second of which is the first
// scrubbed.
type comparer struct {
	before, after *json.Decoder
	text          string
	otlp          bool
	nested        bool
	visit         func(difference)
}

// compare calls visit for every value of before that is another in after.
func compare(before, after string, at spot, otlp, nested bool, visit func(difference)) error {
	c := comparer{text: before, otlp: otlp, nested: nested, visit: visit}
	c.before, c.after = json.NewDecoder(strings.NewReader(before)), json.NewDecoder(strings.NewReader(after))
	c.before.UseNumber()
	c.after.UseNumber()
	_, err := c.value(at)
	return err
}

// value compares what comes next, and returns it where it is a text.
func (c *comparer) value(at spot) (text string, err error) {
	offset := c.offset()
	before, errBefore := c.before.Token()
	after, errAfter := c.after.Token()
	if err := errors.Join(errBefore, errAfter); err != nil {
		return "", errShape // an error of the decoder may quote the text
	}
	if open, ok := before.(json.Delim); ok {
		switch {
		case after != before:
			c.visit(difference{pointer: at.pointer, place: at.place, name: at.name, offset: offset, whole: true})
			return "", skip(c.before)
		case open == '{':
			return "", c.members(at)
		}
		return "", c.elements(at)
	}
	was, is := fmt.Sprint(before), fmt.Sprint(after)
	if was != is {
		c.differ(at, offset, was, is)
	}
	return is, nil
}

// differ reports a text, or what differs in it if it is JSON.
func (c *comparer) differ(at spot, offset int, was, is string) {
	if container(was) && container(is) {
		inner := spot{pointer: at.pointer + "#", place: at.place + "#", name: at.name}
		var found []difference
		err := compare(was, is, inner, false, true, func(d difference) { found = append(found, d) })
		if err == nil && len(found) > 0 {
			for _, d := range found {
				c.visit(d)
			}
			return
		}
	}
	c.visit(difference{pointer: at.pointer, place: at.place, name: at.name, before: was, offset: offset})
}

func (c *comparer) members(at spot) error {
	for c.before.More() {
		offset := c.offset()
		was, errBefore := c.before.Token()
		is, errAfter := c.after.Token()
		name, ok := is.(string)
		if errBefore != nil || errAfter != nil || !ok {
			return errShape
		}
		child := at.member(name, c.otlp)
		if was != is {
			c.visit(difference{pointer: child.pointer, place: child.place, name: "name", before: fmt.Sprint(was), offset: offset})
		}
		text, err := c.value(child)
		if err != nil {
			return err
		}
		if c.otlp && name == "key" { // the attribute's name, which comes first
			at.name, at.place = text, at.place+"/"+text
		}
	}
	return c.close()
}

func (c *comparer) elements(at spot) error {
	for i := 0; c.before.More(); i++ {
		if !c.after.More() {
			return errShape
		}
		if _, err := c.value(at.element(i, c.otlp)); err != nil {
			return err
		}
	}
	return c.close()
}

// close reads the ends of an object or array.
func (c *comparer) close() error {
	before, errBefore := c.before.Token()
	after, errAfter := c.after.Token()
	if errBefore != nil || errAfter != nil || before != after {
		return errShape
	}
	return nil
}

// offset is where the next token begins.
func (c *comparer) offset() int {
	if c.nested {
		return -1
	}
	i := int(c.before.InputOffset())
	for i < len(c.text) && strings.IndexByte(" \t\r\n,:", c.text[i]) >= 0 {
		i++
	}
	return i
}

// skip reads the rest of an object or array.
func skip(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return errShape
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// container says whether a text is a JSON object or array.
func container(text string) bool {
	t := strings.TrimLeft(text, " \t\r\n")
	return t != "" && (t[0] == '{' || t[0] == '[') && json.Valid([]byte(text))
}
