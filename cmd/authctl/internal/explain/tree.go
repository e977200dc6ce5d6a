package explain

import (
	"encoding/base64"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// tree is a value: of an attribute, of a body that is a map, or of one that is JSON
// as text. Of the latter numbers are as they are written.
type tree struct {
	kind byte // '{', '[', or 's' for all that has nothing below it
	// scalar is JSON, as it is written; text is what a string stands for, and isText
	// that it is one. Of a string that is no JSON scalar is empty: a record has long
	// ones, and few of them are shown.
	scalar, text string
	isText       bool
	names        []string // of the members of an object
	children     []*tree
}

func textTree(s string) *tree {
	return &tree{kind: 's', text: s, isText: true}
}

// treeOf makes a tree of a value. A text that is a JSON object or array is taken
// for that where asJSON is set.
func treeOf(v pcommon.Value, asJSON bool) *tree {
	switch v.Type() {
	case pcommon.ValueTypeMap:
		return treeOfMap(v.Map())
	case pcommon.ValueTypeSlice:
		t := &tree{kind: '['}
		for _, e := range v.Slice().All() {
			t.children = append(t.children, treeOf(e, false))
		}
		return t
	case pcommon.ValueTypeStr:
		if s := v.Str(); asJSON {
			if t := parse(s); t != nil {
				return t
			}
		}
		return textTree(v.Str())
	case pcommon.ValueTypeBytes:
		return textTree("base64:" + base64.StdEncoding.EncodeToString(v.Bytes().AsRaw()))
	case pcommon.ValueTypeEmpty:
		return &tree{kind: 's', scalar: "null"}
	default:
		return &tree{kind: 's', scalar: v.AsString()}
	}
}

func treeOfMap(m pcommon.Map) *tree {
	t := &tree{kind: '{'}
	for name, v := range m.All() {
		t.names = append(t.names, name)
		t.children = append(t.children, treeOf(v, false))
	}
	return t
}

// parse makes a tree of a JSON object or array; nil for any other text.
func parse(s string) *tree {
	i := jsonscan.Space(s, 0)
	if i >= len(s) || s[i] != '{' && s[i] != '[' || jsonscan.Valid(s) != jsonscan.OK {
		return nil
	}
	t, _ := parseAt(s, i)
	return t
}

// parseAt reads the value at s[i], of a text that is valid.
func parseAt(s string, i int) (t *tree, end int) {
	if s[i] != '{' && s[i] != '[' {
		var l jsonscan.Limits
		end, _ = jsonscan.Value(s, i, &l)
		t = &tree{kind: 's', scalar: s[i:end]}
		if s[i] == '"' {
			t.isText, t.text = true, unquoted(s[i:end])
		}
		return t, end
	}
	t = &tree{kind: s[i]}
	closing := byte('}')
	if s[i] == '[' {
		closing = ']'
	}
	if i = jsonscan.Space(s, i+1); s[i] == closing {
		return t, i + 1
	}
	for more := true; more; {
		if t.kind == '{' {
			nameEnd, _ := jsonscan.String(s, i)
			t.names = append(t.names, unquoted(s[i:nameEnd]))
			i = jsonscan.Colon(s, nameEnd)
		}
		var child *tree
		child, i = parseAt(s, i)
		t.children = append(t.children, child)
		i, more = jsonscan.Next(s, i, closing)
	}
	return t, i
}

func unquoted(literal string) string {
	return string(jsonscan.AppendUnescaped(nil, literal[1:len(literal)-1]))
}

// token is what the i-th child is called in a path.
func (t *tree) token(i int) string {
	if t.kind == '{' {
		return t.names[i]
	}
	return strconv.Itoa(i)
}

// json writes the tree, without the place that is given: a member goes, an element
// becomes null. A nil place leaves out nothing.
func (t *tree) json(out []byte, without []string) []byte {
	switch {
	case t.kind == 's' && t.scalar != "":
		return append(out, t.scalar...)
	case t.kind == 's':
		return jsonscan.AppendQuoted(out, t.text) // leaves <, > and & as they are
	}
	out = append(out, t.kind)
	first := true
	for i, child := range t.children {
		var below []string
		if len(without) > 0 && without[0] == t.token(i) {
			if below = without[1:]; len(below) == 0 {
				if t.kind == '{' {
					continue
				}
				child = &tree{kind: 's', scalar: "null"}
			}
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		if t.kind == '{' {
			out = append(jsonscan.AppendQuoted(out, t.names[i]), ':')
		}
		out = child.json(out, below)
	}
	return append(out, t.kind+2) // the bracket that closes
}

// String is the value as JSON.
func (t *tree) String() string { return string(t.json(nil, nil)) }

// same says whether two trees are the same JSON.
func (t *tree) same(other *tree) bool {
	switch {
	case other == nil:
		return false
	case t == other:
		return true
	case t.kind == 's' && other.kind == 's' && t.scalar == other.scalar && t.text == other.text:
		return true // most values, and none of them has to be written
	}
	return t.String() == other.String()
}
