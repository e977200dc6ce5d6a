package ingest

import (
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// batch makes records of the lines of one call, as often as they must be sent.
type batch struct {
	records *authevent.Batch
	origin  authevent.Origin
	lines   []wrapper.Line
	// lasting: the physical lines' memory is never written to again.
	lasting bool
	// observed is the time of reading, the same in all attempts.
	observed time.Time

	// What the first build counted.
	results   []resultCount
	bytes     int64
	truncated int64
	drift     []authevent.Drift
}

type resultCount struct {
	result authevent.Result
	lines  int64
}

// maxKeptLines caps the list that a pooled batch keeps: one call with very many
// short lines must not pin its size for good.
const maxKeptLines = 4096

// unwrap takes the wrappers off the lines. It says whether there were no more
// than maxLines: a small envelope can hold very many. What is beyond is left out.
func (b *batch) unwrap(l *tail.Lines, u *wrapper.Unwrapper, observed time.Time, maxLines int) bool {
	b.observed, b.lasting = observed, l.Lasting
	b.results, b.bytes, b.truncated = b.results[:0], l.Bytes, 0
	// A file may have any bytes for a name. In OTLP they would have the whole
	// batch refused, for good.
	b.origin = authevent.Origin{
		ID:       l.Origin.ID,
		FileName: strings.ToValidUTF8(l.Origin.Name, "\ufffd"),
		FilePath: strings.ToValidUTF8(l.Origin.Path, "\ufffd"),
	}
	for i := range l.Lines {
		line := &l.Lines[i]
		b.lines = u.Add(b.lines, line.Text, line.Offset, line.Truncated)
		if len(b.lines) > maxLines {
			return false
		}
	}
	if l.End {
		b.lines = u.Flush(b.lines)
	}
	return len(b.lines) <= maxLines
}

// build makes the records for the first time, and counts.
func (b *batch) build() {
	b.expect()
	for i := range b.lines {
		b.count(b.add(i))
		if b.lines[i].Truncated {
			b.truncated++
		}
	}
	b.drift = b.records.TakeDrift()
}

func (b *batch) expect() {
	size := 0
	for i := range b.lines {
		if !b.lasts(i) {
			size += len(b.lines[i].Text)
		}
	}
	b.records.Expect(len(b.lines), size)
}

func (b *batch) add(i int) authevent.Result {
	l := &b.lines[i]
	return b.records.Add(authevent.Line{
		Text: l.Text, Offset: l.Offset, Index: l.Index, Time: l.Time, Truncated: l.Truncated, Lasting: b.lasts(i),
	}, &b.origin, b.observed)
}

// lasts says whether records may keep parts of a line's text: not of what the
// unwrapper may have written into its own buffer.
func (b *batch) lasts(i int) bool { return b.lasting && b.lines[i].InPlace }

// rebuild builds the records anew: what was handed on may have been changed
// since, by a pipeline that mutates.
func (b *batch) rebuild() {
	b.expect()
	for i := range b.lines {
		b.add(i)
	}
}

// end lets go of the lines, so that a batch kept for later holds none of them.
func (b *batch) end() {
	clear(b.lines)
	if b.lines = b.lines[:0]; cap(b.lines) > maxKeptLines {
		b.lines = nil
	}
	b.drift = nil
	b.records.Release()
}

// count adds one line. The results of a batch are few: a search beats a map.
func (b *batch) count(r authevent.Result) {
	for i := range b.results {
		if b.results[i].result == r {
			b.results[i].lines++
			return
		}
	}
	b.results = append(b.results, resultCount{r, 1})
}

// summary says what became of the lines of the batch.
func (b *batch) summary() Summary {
	var s Summary
	for _, c := range b.results {
		switch c.result.Kind {
		case authevent.Event:
			s.Accepted += int(c.lines)
		case authevent.Unparsed:
			if s.Reasons == nil {
				s.Reasons = map[string]int{}
			}
			s.Rejected += int(c.lines)
			s.Reasons[c.result.Reason] += int(c.lines)
		}
	}
	return s
}
