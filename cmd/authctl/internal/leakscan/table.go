package leakscan

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// maxRecord bounds a record of a table over several lines: a quote that nobody closes
// must not hold the rest of the file.
const maxRecord = maxUnit

// table reads the records of a table, of which a cell may go over several lines.
type table struct {
	names []string
	comma byte
	// held is the record as far as it was read, and lines where in it each begins,
	// from the number first on.
	held  []byte
	lines []int
	first int
	// quoted: its last cell is in quotes that are not closed yet.
	quoted bool
	// csv reads what rest has, a record at a time: it takes the end of one for the
	// end of a file, and goes on at the next.
	csv  *csv.Reader
	rest rest
}

// rest is what csv has not read yet.
type rest struct{ text []byte }

func (r *rest) Read(p []byte) (int, error) {
	if len(r.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text)
	r.text = r.text[n:]
	return n, nil
}

// table looks through a table, the header of which was read. What is no record of it
// is looked through as lines.
func (s *scanner) table(ctx context.Context, name string, l *lineReader, t *table) error {
	for {
		err := l.next(ctx)
		if err != nil || l.long {
			s.broken(name, t)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case l.long:
			if err := s.line(name, l); err != nil {
				return err
			}
			continue
		}
		t.hold(l)
		switch {
		case !t.quoted:
			if fields := t.record(t.held); fields != nil {
				s.row(name, t, fields, t.first)
				t.forget()
			} else {
				s.broken(name, t)
			}
		case len(t.held) > maxRecord:
			s.broken(name, t)
		}
	}
}

// hold adds a line to the record.
func (t *table) hold(l *lineReader) {
	if len(t.lines) == 0 {
		t.first = l.n
	}
	t.lines = append(t.lines, len(t.held))
	t.held = append(t.held, l.text...)
	t.quoted = endsQuoted(l.text, t.comma, t.quoted)
}

func (t *table) forget() {
	t.held, t.lines, t.quoted = t.held[:0], t.lines[:0], false
}

// endsQuoted says whether a line ends within quotes. quoted says whether it begins so.
func endsQuoted(line []byte, comma byte, quoted bool) bool {
	start := !quoted // of a cell: elsewhere a quote is one of its letters
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '"':
			if i+1 < len(line) && line[i+1] == '"' {
				i++
			} else {
				quoted = false
			}
		case quoted:
		case start && c == '"':
			quoted, start = true, false
		default:
			start = c == comma
		}
	}
	return quoted
}

// record reads the cells of a record, which live until the next; nil where it is none
// of this table.
func (t *table) record(text []byte) []string {
	if t.csv == nil {
		t.csv = csv.NewReader(&t.rest)
		t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = rune(t.comma), len(t.names), true
		// Only CSV has rules for quotes: what COPY writes with tabs has none.
		t.csv.LazyQuotes = t.comma == '\t' || t.comma == '|'
	}
	before := t.csv.InputOffset()
	t.rest.text = text
	fields, err := t.csv.Read()
	if err != nil || t.csv.InputOffset()-before != int64(len(text)) {
		t.csv = nil // it may have read on
		return nil
	}
	return fields
}

// broken looks through the lines that are held: each may be a record by itself, or
// else is text.
func (s *scanner) broken(name string, t *table) {
	for i, from := range t.lines {
		line := t.held[from:]
		if i+1 < len(t.lines) {
			line = t.held[from:t.lines[i+1]]
		}
		if fields := t.alone(line); fields != nil {
			s.row(name, t, fields, t.first+i)
		} else {
			s.oneLine(name, t.first+i, line)
		}
	}
	t.forget()
}

// alone reads a line of several; that a single one is no record is known.
func (t *table) alone(line []byte) []string {
	if len(t.lines) == 1 || endsQuoted(line, t.comma, false) {
		return nil
	}
	return t.record(line)
}

// row looks through a record: an object, of which the columns are the names.
func (s *scanner) row(name string, t *table, fields []string, line int) {
	var c composer
	begin, _ := t.csv.FieldPos(0)
	for i, value := range fields {
		at, column := t.csv.FieldPos(i)
		c.add(t.names[i], t.value(value), line+at-begin, column)
	}
	if len(c.cells) > 0 {
		s.unit(c.into(unit{file: name, line: line}))
	}
}

// copied turns back what COPY escapes in its format text.
var copied = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")

// value is what a cell holds. psql pads it; and COPY escapes it, by which JSON is
// none any more.
func (t *table) value(cell string) string {
	switch t.comma {
	case '|':
		return strings.TrimSpace(cell)
	case '\t':
		if strings.IndexByte(cell, '\\') >= 0 && opens(cell[0]) && !container(cell) {
			if text := copied.Replace(cell); container(text) {
				return text
			}
		}
	}
	return cell
}
