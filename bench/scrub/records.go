package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// batchLines is how many lines make a batch, as the receiver makes them of
// lines of this length.
const batchLines = 200

// eachBatch reads the first n lines of a file and calls handle with each batch of
// their texts and records. change, if not nil, has the text before it is parsed.
// No more than one batch is in memory, as in a collector.
func eachBatch(file string, n int, body authevent.Body, change func([]byte) []byte, handle func(texts [][]byte, ld plog.Logs) error) error {
	parser, err := authevent.NewParser(authevent.Options{Source: "login_gov", Body: body})
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 256<<10), 1<<20)
	batch := parser.NewBatch()
	origin := &authevent.Origin{ID: 1, FileName: "events.log", FilePath: file}
	texts := make([][]byte, 0, batchLines)
	for read := 0; read < n; read += len(texts) {
		texts = texts[:0]
		size := 0
		for len(texts) < min(batchLines, n-read) && lines.Scan() {
			text := lines.Bytes()
			if change != nil {
				text = change(text)
			}
			texts = append(texts, append(reuse(texts), text...))
			size += len(text)
		}
		if err := lines.Err(); err != nil {
			return err
		}
		if len(texts) == 0 {
			return fmt.Errorf("%s: %w after %d lines: %d are needed", file, io.ErrUnexpectedEOF, read, n)
		}
		batch.Expect(len(texts), size)
		for _, text := range texts {
			if r := batch.Add(authevent.Line{Text: text}, origin, time.Now()); r.Kind != authevent.Event {
				return fmt.Errorf("%s: a line is no event: %s", file, r.Reason)
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
