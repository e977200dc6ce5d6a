package eventmetrics

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

var errTooManyFields = fmt.Errorf("more than %d places are read: use fewer attributes, conditions and values", maxFields)

// parsePointer splits a JSON Pointer (RFC 6901) into its segments.
func parsePointer(pointer string) ([]string, error) {
	inside, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return nil, fmt.Errorf("body path %q does not begin with /: write it as /event_properties/step", pointer)
	}
	segments := strings.Split(inside, "/")
	for i, s := range segments {
		if rest := strings.NewReplacer("~0", "", "~1", "").Replace(s); strings.Contains(rest, "~") {
			return nil, fmt.Errorf("body path %q has a ~ that is neither ~0 (for ~) nor ~1 (for /)", pointer)
		}
		segments[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	if len(segments) > jsonscan.MaxDepth {
		return nil, fmt.Errorf("body path %q is deeper than the %d levels that a line may have", pointer, jsonscan.MaxDepth)
	}
	return segments, nil
}

// bodyTree holds the body paths that a plan wants, so that one walk of a text
// finds all of them.
type bodyTree struct {
	name     string
	field    field
	terminal bool // field is wanted
	children []*bodyTree
}

func (t *bodyTree) add(id field, path []string) {
	if len(path) == 0 {
		t.field, t.terminal = id, true
		return
	}
	child := t.child(path[0])
	if child == nil {
		child = &bodyTree{name: path[0]}
		t.children = append(t.children, child)
	}
	child.add(id, path[1:])
}

func (t *bodyTree) child(name string) *bodyTree {
	for _, c := range t.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// readText fills in a record's values from a body that is JSON text. A text
// that is no JSON has none.
func (t *bodyTree) readText(r *record, body string) {
	var limits jsonscan.Limits
	if end := t.walk(r, body, jsonscan.Space(body, 0), &limits); end < 0 || jsonscan.Space(body, end) != len(body) {
		t.reset(r)
	}
}

// reset forgets the values below: the text is no JSON, or a key came again,
// of which the last one counts.
func (t *bodyTree) reset(r *record) {
	if t.terminal {
		r.values[t.field] = value{}
	}
	for _, c := range t.children {
		c.reset(r)
	}
}

// walk reads the value at s[i] and returns the index behind it, or -1.
func (t *bodyTree) walk(r *record, s string, i int, l *jsonscan.Limits) int {
	if i >= len(s) {
		return -1
	}
	if t.terminal {
		r.values[t.field] = value{kind: opaque}
	}
	switch {
	case s[i] == '{' && len(t.children) > 0:
		return t.walkObject(r, s, i, l)
	case s[i] == '[' && len(t.children) > 0:
		return t.walkArray(r, s, i, l)
	}
	end, code := jsonscan.Value(s, i, l)
	if code != jsonscan.OK {
		return -1
	}
	if t.terminal {
		r.values[t.field] = scalar(s[i:end])
	}
	return end
}

func (t *bodyTree) walkObject(r *record, s string, i int, l *jsonscan.Limits) int {
	if l.Enter() != jsonscan.OK {
		return -1
	}
	defer l.Leave()
	i = jsonscan.Space(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	for {
		if l.Member() != jsonscan.OK || i >= len(s) || s[i] != '"' {
			return -1
		}
		end, escaped := jsonscan.String(s, i)
		if end < 0 {
			return -1
		}
		child := t.member(r, s[i+1:end-1], escaped)
		if i = jsonscan.Colon(s, end); i < 0 {
			return -1
		}
		if i = child.walkOrSkip(r, s, i, l); i < 0 {
			return -1
		}
		var more bool
		if i, more = jsonscan.Next(s, i, '}'); i < 0 || !more {
			return i
		}
	}
}

func (t *bodyTree) walkArray(r *record, s string, i int, l *jsonscan.Limits) int {
	if l.Enter() != jsonscan.OK {
		return -1
	}
	defer l.Leave()
	i = jsonscan.Space(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1
	}
	for n := int64(0); ; n++ {
		if l.Member() != jsonscan.OK {
			return -1
		}
		r.scratch = strconv.AppendInt(r.scratch[:0], n, 10)
		if i = t.childOf(r.scratch).walkOrSkip(r, s, i, l); i < 0 {
			return -1
		}
		var more bool
		if i, more = jsonscan.Next(s, i, ']'); i < 0 || !more {
			return i
		}
	}
}

// walkOrSkip reads the value at s[i] into what t wants of it, or steps over
// it where nothing is wanted, which is a nil t.
func (t *bodyTree) walkOrSkip(r *record, s string, i int, l *jsonscan.Limits) int {
	if t == nil {
		end, code := jsonscan.Value(s, i, l)
		if code != jsonscan.OK {
			return -1
		}
		return end
	}
	t.reset(r)
	return t.walk(r, s, i, l)
}

// member returns the child for a key as it stands in the text.
func (t *bodyTree) member(r *record, key string, escaped bool) *bodyTree {
	if !escaped {
		return t.child(key)
	}
	r.scratch = jsonscan.AppendUnescaped(r.scratch[:0], key)
	return t.childOf(r.scratch)
}

func (t *bodyTree) childOf(name []byte) *bodyTree {
	for _, c := range t.children {
		if c.name == string(name) {
			return c
		}
	}
	return nil
}

// scalar reads a valid JSON value.
func scalar(s string) value {
	switch s[0] {
	case '"':
		inside := s[1 : len(s)-1]
		if strings.IndexByte(inside, '\\') >= 0 {
			inside = string(jsonscan.AppendUnescaped(nil, inside))
		}
		return textValue(inside)
	case 't', 'f':
		return boolValue(s[0] == 't')
	case 'n':
		return value{}
	case '{', '[':
		return value{kind: opaque}
	}
	whole, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return value{kind: integer, bits: uint64(whole)}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return value{kind: opaque}
	}
	return value{kind: fractional, bits: math.Float64bits(f)}
}

// valueIn follows a path through a body that is a map.
func valueIn(v pcommon.Value, path []string, to *value) {
	to.kind = absent
	for _, segment := range path {
		switch v.Type() {
		case pcommon.ValueTypeMap:
			next, ok := v.Map().Get(segment)
			if !ok {
				return
			}
			v = next
		case pcommon.ValueTypeSlice:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= v.Slice().Len() || segment != strconv.Itoa(i) {
				return
			}
			v = v.Slice().At(i)
		default:
			return
		}
	}
	valueOf(v, to)
}
