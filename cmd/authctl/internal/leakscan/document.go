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

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/otlpjson"
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
	budget := &budgetReader{r: r}
	d := json.NewDecoder(budget)
	d.UseNumber() // a long id is no float64
	for {
		p := splitter{s: s, ctx: ctx, decoder: d, file: name, budget: budget}
		err := p.value("", "")
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errDeep):
			return fmt.Errorf("byte %d: nests deeper than %d levels there, and was not looked at further: take that value out", d.InputOffset(), maxDepth)
		case errors.Is(err, errBudget):
			return fmt.Errorf("byte %d: a value is longer than %d MiB there, and was not looked at, nor what is behind it: give the file as lines", d.InputOffset(), maxElement>>20)
		case err != nil: // the decoder's own error may quote the text
			return fmt.Errorf("byte %d: is no JSON from there on, and was not looked at further: mend the file, or give it as lines", d.InputOffset())
		}
	}
}

// parts looks through long JSON by its elements.
func (s *scanner) parts(u unit) {
	p := splitter{s: s, ctx: context.Background(), decoder: json.NewDecoder(strings.NewReader(u.text)), file: u.file, line: u.line}
	p.decoder.UseNumber()
	if p.value(u.pointer, u.place) != nil {
		s.check(u)
	}
}

// splitter makes units of the elements of arrays. What else an object has is a
// unit of its own.
type splitter struct {
	s       *scanner
	ctx     context.Context
	decoder *json.Decoder
	file    string
	line    int
	budget  *budgetReader // nil of a text
	depth   int
}

// maxElement is how long an element of an array, or a text, is at most in a document.
const maxElement = 64 << 20

var errBudget = errors.New("is too long")

// budgetReader bounds what is read for a value: the decoder holds all of it.
type budgetReader struct {
	r    io.Reader
	read int
}

func (b *budgetReader) Read(p []byte) (int, error) {
	if b.read > maxElement {
		return 0, errBudget
	}
	n, err := b.r.Read(p)
	b.read += n
	return n, err
}

// next is called before each value is read.
func (b *budgetReader) next() {
	if b != nil {
		b.read = 0
	}
}

// errDeep bounds the calls below value, and the pointers that they hold.
var errDeep = errors.New("is too deep")

// enter is called on { and [.
func (p *splitter) enter() error {
	if p.depth++; p.depth > maxDepth {
		return errDeep
	}
	return nil
}

func (p *splitter) value(pointer, place string) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	t, err := p.decoder.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return p.object(pointer, place)
	case json.Delim('['):
		return p.array(pointer, place, "")
	}
	p.scalars(pointer, place, map[string]any{"value": t})
	return nil
}

// object reads the members of an object. Those that are no objects or arrays are
// looked at together, since one may name the other.
func (p *splitter) object(pointer, place string) error {
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	scalars := map[string]any{}
	for p.decoder.More() {
		p.budget.next()
		t, err := p.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if t, err = p.decoder.Token(); err != nil {
			return err
		}
		member := "/" + escaper.Replace(name)
		inner, innerPlace := shortened(pointer)+member, shortened(place)+member // no more of them is shown
		switch t {
		case json.Delim('{'):
			err = p.object(inner, innerPlace)
		case json.Delim('['):
			err = p.array(inner, innerPlace, name)
		default:
			scalars[name] = t
			if len(scalars) == maxScalars {
				p.scalars(pointer, place, scalars)
				clear(scalars)
			}
		}
		if err != nil {
			return err
		}
	}
	if len(scalars) > 0 {
		p.scalars(pointer, place, scalars)
	}
	_, err := p.decoder.Token()
	return err
}

// maxScalars bounds what is held of an object.
const maxScalars = 1000

func (p *splitter) scalars(pointer, place string, members map[string]any) {
	text, err := json.Marshal(members)
	if err != nil {
		return // of texts, numbers and booleans there is none
	}
	p.s.check(unit{file: p.file, line: p.line, pointer: pointer, place: place, text: string(text), json: true, cells: p.cells()})
}

// array reads the elements of an array under a name. Those of an OTLP request
// are requests of one resource.
func (p *splitter) array(pointer, place, name string) error {
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	for i := 0; p.decoder.More(); i++ {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		p.budget.next()
		here, place := pointer+"/"+strconv.Itoa(i), place+"/*"
		if name == holdsStreams {
			if err := p.value(here, place); err != nil {
				return err
			}
			continue
		}
		var element json.RawMessage
		if err := p.decoder.Decode(&element); err != nil {
			return err
		}
		p.element(unit{file: p.file, line: p.line, pointer: here, place: place, text: string(element), cells: p.cells()}, name)
	}
	_, err := p.decoder.Token()
	return err
}

// cells say of a part that its column in the line is not known.
func (p *splitter) cells() []cell { return []cell{{line: p.line}} }

// holdsStreams is the name of Loki's list of streams, each of which has a list of
// all its lines, and may be longer than memory.
const holdsStreams = "result"

// element looks through an element of the array under a name.
func (p *splitter) element(u unit, name string) {
	_, request := otlpjson.Signal(`{"` + name + `"`)
	switch {
	case request:
		u.pointer = u.pointer[:strings.LastIndex(u.pointer, "/"+name+"/")] // of the request: its own index is 0
		u.place = strings.TrimSuffix(u.place, "/"+name+"/*")
		u.text, u.json = `{"`+name+`":[`+u.text+`]}`, true
		p.s.check(u)
	case opens(u.text[0]):
		u.json = true
		p.s.unit(u) // which splits it again
	default: // a text or a number, which JSON's walk looks into
		u.pointer, u.place = u.pointer[:strings.LastIndexByte(u.pointer, '/')], strings.TrimSuffix(u.place, "/*")
		u.text, u.json = "["+u.text+"]", true
		p.s.check(u)
	}
}
