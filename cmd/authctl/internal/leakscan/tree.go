package leakscan

import (
	"errors"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// tree is a JSON value with its members in their order.
type tree struct {
	// sort is '{', '[', '"', or 0 of a number or literal.
	sort byte
	// text is that of a text, or of a number or literal as it is written.
	text    string
	names   []string
	offsets []int // of the names, as offset
	values  []*tree
	// offset is where the value begins, in bytes.
	offset int
}

// scalar says that nothing is below.
func (t *tree) scalar() bool { return t.sort != '{' && t.sort != '[' }

var errTorn = errors.New("is no JSON")

// maxDepth bounds the calls below parse.
const maxDepth = 256

// parse reads JSON. Its error has nothing of the text.
func parse(text string) (*tree, error) {
	p := treeParser{text: text}
	t, end := p.value(jsonscan.Space(text, 0), 0)
	if end < 0 {
		return nil, errTorn
	}
	return t, nil
}

type treeParser struct{ text string }

// value reads the value at i, and returns the index behind it; -1 where none is.
func (p *treeParser) value(i, depth int) (*tree, int) {
	if i < 0 || i >= len(p.text) || depth > maxDepth {
		return nil, -1
	}
	t := &tree{offset: i}
	switch c := p.text[i]; c {
	case '{', '[':
		t.sort = c
		return t, p.members(t, i, depth)
	case '"':
		t.sort = c
		var end int
		t.text, end = p.string(i)
		return t, end
	case 't', 'f', 'n':
		end := jsonscan.Literal(p.text, i)
		t.text = p.text[i:max(i, end)]
		return t, end
	}
	end, _, code := jsonscan.Number(p.text, i)
	if code != jsonscan.OK {
		return nil, -1
	}
	t.text = p.text[i:end]
	return t, end
}

func (p *treeParser) members(t *tree, i, depth int) (end int) {
	closing := t.sort + 2 // in ASCII each closes two behind
	i = jsonscan.Space(p.text, i+1)
	if i < len(p.text) && p.text[i] == closing {
		return i + 1
	}
	for more := true; more; {
		if t.sort == '{' {
			if i >= len(p.text) || p.text[i] != '"' {
				return -1
			}
			t.offsets = append(t.offsets, i)
			name, end := p.string(i)
			if end < 0 {
				return -1
			}
			t.names = append(t.names, name)
			i = jsonscan.Colon(p.text, end)
		}
		value, end := p.value(i, depth+1)
		if end < 0 {
			return -1
		}
		t.values = append(t.values, value)
		if i, more = jsonscan.Next(p.text, end, closing); i < 0 {
			return -1
		}
	}
	return i
}

// string reads the string at i. Bytes that are no UTF-8 become what the scrubber
// makes of them: it is not that by which two texts differ.
func (p *treeParser) string(i int) (text string, end int) {
	end, escaped := jsonscan.String(p.text, i)
	if end < 0 {
		return "", -1
	}
	text = p.text[i+1 : end-1]
	if escaped {
		text = string(jsonscan.AppendUnescaped(nil, text))
	}
	return strings.ToValidUTF8(text, "\uFFFD"), end
}
