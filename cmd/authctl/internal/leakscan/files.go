package leakscan

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

const (
	// maxLine is how long a line is at most that is looked at at once. A longer
	// one is split: JSON into the elements of its arrays, text into parts.
	maxLine = 16 << 20
	// overlap is how much of a part of a text is looked at again with the next:
	// more than any address has.
	overlap = 1 << 10
	// probe is how much of a file is looked at to tell a document from lines.
	probe = 64 << 10
	// maxUnit is how long JSON is at most that is looked at at once, OTLP excepted:
	// the scrubber has a bound for the members of one text.
	maxUnit = 256 << 10
)

// files looks through files in turn; - is standard input.
func (s *scanner) files(ctx context.Context, in io.Reader, names []string) error {
	var errs []error
	for _, name := range names {
		s.report.result.Files++
		if err := s.file(ctx, in, name); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func (s *scanner) file(ctx context.Context, in io.Reader, name string) error {
	if name == "-" {
		return s.stream(ctx, "stdin", in)
	}
	f, err := os.Open(name) // #nosec G304 -- the operator names the file
	if err != nil {
		return errors.Unwrap(err) // which names it again
	}
	return errors.Join(s.stream(ctx, name, f), f.Close())
}

// stream looks through what may be compressed, by its first bytes.
func (s *scanner) stream(ctx context.Context, name string, in io.Reader) error {
	r := bufio.NewReaderSize(in, probe)
	head, _ := r.Peek(2)
	if bytes.Equal(head, []byte{0x1F, 0x8B}) {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return err
		}
		r = bufio.NewReaderSize(unzipped, probe)
	}
	if head, _ := r.Peek(2); bytes.Equal(head, []byte{0xFF, 0xFE}) || bytes.Equal(head, []byte{0xFE, 0xFF}) {
		return errors.New("is UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8")
	}
	return s.lines(ctx, name, r)
}

// lines looks through a stream line by line, or as a document if its first line
// shows it to be one.
func (s *scanner) lines(ctx context.Context, name string, r *bufio.Reader) error {
	var line []byte // lent by readLine's caller, and used again for the next
	for n, first := 1, true; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		line, err = readLine(line[:0], r)
		text, before := trimmed(line)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended && !errors.Is(err, errLong) {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if len(text) > 0 {
			if first && opens(text[0]) && !json.Valid(text) {
				rest, _ := r.Peek(probe)
				if isDocument(text, rest) {
					return s.document(ctx, name, io.MultiReader(bytes.NewReader(text), r))
				}
			}
			first = false
			s.unit(unit{file: name, line: n, column: before, text: string(text), json: opens(text[0]) && json.Valid(text)})
		}
		if errors.Is(err, errLong) {
			if ended, err = s.restOfLine(unit{file: name, line: n, column: len(line)}, line, r); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
		if ended {
			return nil
		}
	}
}

// errLong says that a line goes on.
var errLong = errors.New("the line goes on")

// readLine appends a line to dst, at most maxLine bytes of it.
func readLine(dst []byte, r *bufio.Reader) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		dst = append(dst, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return dst, err
		}
		if len(dst) >= maxLine {
			return dst, errLong
		}
	}
}

// restOfLine looks through what of a line is beyond maxLine, as text. Each part
// begins with the end of the one before: what was cut there is found here.
func (s *scanner) restOfLine(u unit, line []byte, r *bufio.Reader) (ended bool, err error) {
	part := append(make([]byte, 0, overlap+probe), line[len(line)-overlap:]...)
	for {
		next, err := r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return false, err
		}
		part = append(part, next...)
		s.unit(unit{file: u.file, line: u.line, column: u.column - overlap, text: string(part)})
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err != nil, nil
		}
		u.column += len(next)
		part = append(part[:0], part[len(part)-overlap:]...)
	}
}

// unit looks through a unit, in parts if it is long.
func (s *scanner) unit(u unit) {
	if u.json && len(u.text) > maxUnit {
		if _, ok := signalOf(u.text); !ok {
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
