package leakscan

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/otlpjson"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

const (
	// maxLine is how long a line is at most that is looked at at once. A longer
	// one is split: JSON into the elements of its arrays, text into parts.
	maxLine = 16 << 20
	// overlap is how much of a part of a text is looked at again with the next:
	// more than any address has.
	overlap = 1 << 10
	// maxUnit is how long JSON is at most that is looked at at once, OTLP excepted:
	// the scrubber has a bound for the members of one text.
	maxUnit = 256 << 10
)

// lines looks through a stream line by line; or as a document or a table, if its
// first line shows it to be one.
func (s *scanner) lines(ctx context.Context, name string, r *bufio.Reader) error {
	l := &lineReader{r: r, meter: s.meter}
	for first := true; ; {
		err := l.next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text, _ := trimmed(l.text)
		if first && len(text) > 0 {
			first = false
			if opens(text[0]) && !json.Valid(text) {
				rest, _ := r.Peek(probe)
				if isDocument(text, rest) {
					return s.document(ctx, name, io.MultiReader(bytes.NewReader(text), r))
				}
			}
			if !l.long {
				if t := tableOf(l.text); t != nil {
					if err := s.line(name, l); err != nil { // its names may hold something
						return err
					}
					return s.table(ctx, name, l, t)
				}
			}
		}
		if err := s.line(name, l); err != nil {
			return err
		}
	}
}

// lineReader reads lines, of which it holds the last.
type lineReader struct {
	r     *bufio.Reader
	meter *progress.Meter // counts the lines
	// text is the line, its end included, at most a little above maxLine of it.
	// It lives until next.
	text []byte
	n    int  // its number
	long bool // the line goes on
	end  bool // it is the last
}

// next reads a line. The error is io.EOF behind the last.
func (l *lineReader) next(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.end {
		return io.EOF
	}
	l.n++
	l.meter.Line()
	l.text, l.long = l.text[:0], false
	for {
		part, err := l.r.ReadSlice('\n')
		l.text = append(l.text, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if l.long = len(l.text) >= maxLine; !l.long {
				continue
			}
		case errors.Is(err, io.EOF):
			l.end = true
		case err != nil:
			return fmt.Errorf("line %d: %w", l.n, err)
		}
		return nil
	}
}

// line looks through the line that was read.
func (s *scanner) line(name string, l *lineReader) error {
	s.oneLine(name, l.n, l.text)
	if l.long {
		return s.restOfLine(name, l)
	}
	return nil
}

func (s *scanner) oneLine(name string, n int, line []byte) {
	text, before := trimmed(line)
	if len(text) > 0 {
		s.unit(unit{file: name, line: n, column: before, text: string(text), json: opens(text[0]) && json.Valid(text)})
	}
}

// restOfLine looks through what of a line is beyond maxLine, as text. Each part
// begins with the end of the one before: what was cut there is found here.
func (s *scanner) restOfLine(name string, l *lineReader) error {
	part := append(make([]byte, 0, overlap+probe), l.text[len(l.text)-overlap:]...)
	for column := len(l.text); ; {
		next, err := l.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: %w", l.n, err)
		}
		part = append(part, next...)
		s.unit(unit{file: name, line: l.n, column: column - overlap, text: string(part)})
		if !errors.Is(err, bufio.ErrBufferFull) {
			l.end = err != nil
			return nil
		}
		column += len(next)
		part = append(part[:0], part[len(part)-overlap:]...)
	}
}

// unit looks through a unit, in parts if it is long.
func (s *scanner) unit(u unit) {
	if u.json && len(u.text) > maxUnit {
		if _, ok := otlpjson.Signal(u.text); !ok {
			s.parts(u)
			return
		}
	}
	if !u.json && len(u.text) > maxUnit {
		s.pieces(u)
		return
	}
	s.check(u)
}

// pieces looks through a long text in parts that overlap.
func (s *scanner) pieces(u unit) {
	text := u.text
	for from := 0; from < len(text); {
		to := min(from+maxUnit, len(text))
		piece := u
		piece.text, piece.column = text[from:to], u.column+from
		s.check(piece)
		if to == len(text) {
			return
		}
		from = to - overlap
	}
}

func opens(c byte) bool { return c == '{' || c == '[' }
