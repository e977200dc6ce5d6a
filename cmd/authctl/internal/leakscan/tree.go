package leakscan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// tree is a JSON value with its members in their order.
type tree struct {
	// sort is '{', '[', or 0 of a text, number or literal.
	sort byte
	// text is that of the last.
	text    string
	names   []string
	offsets []int // of the names, as offset
	values  []*tree
	// offset is where the value begins, in bytes.
	offset int
}

// errTorn stands for what the decoder says, which may quote the text.
var errTorn = errors.New("is no JSON")

// maxDepth bounds the calls below parse.
const maxDepth = 256

func parse(text string) (*tree, error) {
	p := treeParser{text: text, decoder: json.NewDecoder(strings.NewReader(text))}
	p.decoder.UseNumber()
	return p.value(0)
}

type treeParser struct {
	text    string
	decoder *json.Decoder
}

func (p *treeParser) value(depth int) (*tree, error) {
	t := &tree{offset: p.offset()}
	token, err := p.decoder.Token()
	if err != nil || depth > maxDepth {
		return nil, errTorn
	}
	open, ok := token.(json.Delim)
	if !ok {
		t.text = fmt.Sprint(token)
		return t, nil
	}
	t.sort = byte(open)
	for p.decoder.More() {
		if t.sort == '{' {
			t.offsets = append(t.offsets, p.offset())
			name, err := p.decoder.Token()
			if err != nil {
				return nil, errTorn
			}
			t.names = append(t.names, fmt.Sprint(name))
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.values = append(t.values, value)
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, errTorn
	}
	return t, nil
}

// offset is where the next token begins.
func (p *treeParser) offset() int {
	i := int(p.decoder.InputOffset())
	for i < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[i]) >= 0 {
		i++
	}
	return i
}
