package leakscan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// isDocument says whether what begins so is JSON over several lines, as far as
// it can be seen.
func isDocument(head, rest []byte) bool {
	d := json.NewDecoder(io.MultiReader(bytes.NewReader(head), strings.NewReader("\n"), bytes.NewReader(rest)))
	for {
		if _, err := d.Token(); err != nil {
			var syntax *json.SyntaxError
			return !errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}

// document looks through JSON values that are written over several lines, an
// element of an array at a time: an export may be longer than memory.
func (s *scanner) document(ctx context.Context, name string, r io.Reader) error {
	d := json.NewDecoder(r)
	for i := 0; ; i++ {
		p := splitter{ctx: ctx, decoder: d, unit: s.check, file: name}
		err := p.value("")
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // the decoder's own error may quote the text
			return fmt.Errorf("byte %d: is no JSON from there on, and was not looked at further: mend the file, or give it as lines", d.InputOffset())
		}
	}
}

// parts looks through long JSON by its elements.
func (s *scanner) parts(u unit) {
	p := splitter{ctx: context.Background(), decoder: json.NewDecoder(strings.NewReader(u.text)), unit: s.check, file: u.file, line: u.line}
	if p.value(u.pointer) != nil {
		s.check(u)
	}
}

// splitter makes units of the elements of arrays. What else an object has is a
// unit of its own.
type splitter struct {
	ctx     context.Context
	decoder *json.Decoder
	unit    func(unit)
	file    string
	line    int
}

func (p *splitter) value(pointer string) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	t, err := p.decoder.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return p.object(pointer)
	case json.Delim('['):
		return p.array(pointer, "")
	}
	p.scalars(pointer, map[string]any{"value": t})
	return nil
}

// object reads the members of an object. Those that are no objects or arrays are
// looked at together, since one may name the other.
func (p *splitter) object(pointer string) error {
	scalars := map[string]any{}
	for p.decoder.More() {
		t, err := p.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if t, err = p.decoder.Token(); err != nil {
			return err
		}
		inner := pointer + "/" + escaper.Replace(name)
		switch t {
		case json.Delim('{'):
			err = p.object(inner)
		case json.Delim('['):
			err = p.array(inner, name)
		default:
			scalars[name] = t
			if len(scalars) == maxScalars {
				p.scalars(pointer, scalars)
				clear(scalars)
			}
		}
		if err != nil {
			return err
		}
	}
	if len(scalars) > 0 {
		p.scalars(pointer, scalars)
	}
	_, err := p.decoder.Token()
	return err
}

// maxScalars bounds what is held of an object.
const maxScalars = 1000

func (p *splitter) scalars(pointer string, members map[string]any) {
	text, err := json.Marshal(members)
	if err != nil {
		return // of texts, numbers and booleans there is none
	}
	p.unit(unit{file: p.file, line: p.line, pointer: pointer, text: string(text), json: true})
}

// array reads the elements of an array under a name. Those of an OTLP request
// are requests of one resource.
func (p *splitter) array(pointer, name string) error {
	for i := 0; p.decoder.More(); i++ {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		var element json.RawMessage
		if err := p.decoder.Decode(&element); err != nil {
			return err
		}
		u := unit{file: p.file, line: p.line, pointer: pointer + "/" + strconv.Itoa(i), text: string(element), json: opens(element[0])}
		if _, ok := signalOf(`{"` + name + `"`); ok {
			u.pointer = strings.TrimSuffix(pointer, "/"+name) // of the request: its own index is 0
			u.text = `{"` + name + `":[` + u.text + `]}`
		}
		if !u.json && u.text[0] != '{' { // a text or a number, which JSON's walk looks into
			u.text, u.json = "["+u.text+"]", true
			u.pointer = pointer
		}
		p.unit(u)
	}
	_, err := p.decoder.Token()
	return err
}
