// Package records makes log records of the lines of a file, batch by batch, as
// the receiver does.
package records

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// BatchLines is how many lines make a batch, as the receiver makes them of
// lines of this length.
const BatchLines = 200

// Source is a file of lines, and how they are parsed.
type Source struct {
	File    string
	Options authevent.Options
	// Change, if not nil, has each line before it is parsed.
	Change func([]byte) []byte
}

// Each reads the first n lines and calls handle with each batch of their texts
// and records. The texts last until handle returns, the records as long as they
// are kept. No more than one batch is in memory, as in a collector.
func (s Source) Each(n int, handle func(texts [][]byte, ld plog.Logs) error) error {
	parser, err := authevent.NewParser(s.Options)
	if err != nil {
		return err
	}
	f, err := os.Open(s.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 256<<10), 1<<20)
	batch := parser.NewBatch()
	origin := &authevent.Origin{ID: 1, FileName: "events.log", FilePath: s.File}
	texts := make([][]byte, 0, BatchLines)
	for read := 0; read < n; read += len(texts) {
		texts = texts[:0]
		size := 0
		for len(texts) < min(BatchLines, n-read) && lines.Scan() {
			text := lines.Bytes()
			if s.Change != nil {
				text = s.Change(text)
			}
			texts = append(texts, append(reuse(texts), text...))
			size += len(text)
		}
		if err := lines.Err(); err != nil {
			return err
		}
		if len(texts) == 0 {
			return fmt.Errorf("%s: %w after %d lines: %d are needed", s.File, io.ErrUnexpectedEOF, read, n)
		}
		batch.Expect(len(texts), size)
		for i, text := range texts {
			// The line's number does for its offset, which tells the uids of equal lines apart.
			line := authevent.Line{Text: text, Offset: int64(read + i)}
			if r := batch.Add(line, origin, time.Now()); r.Kind != authevent.Event {
				return fmt.Errorf("%s: line %d is no event: %s", s.File, read+i+1, r.Reason)
			}
		}
		if err := handle(texts, batch.Take()); err != nil {
			return err
		}
		batch.Release()
	}
	return nil
}

// reuse returns the buffer, emptied, that stands behind the texts.
func reuse(texts [][]byte) []byte {
	if len(texts) == cap(texts) {
		return nil
	}
	return texts[:len(texts)+1][len(texts)][:0]
}
