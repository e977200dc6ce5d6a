package authevents

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// batch makes records of the lines of one call, as often as they must be sent.
type batch struct {
	records *authevent.Batch
	lines   *tail.Lines
	// observed is the time of reading, the same in all attempts.
	observed time.Time

	// What the first build counted.
	results   []resultCount
	bytes     int64
	truncated int64
}

type resultCount struct {
	result authevent.Result
	lines  int64
}

// begin builds the records of lines for the first time, and counts.
func (b *batch) begin(lines *tail.Lines, observed time.Time) {
	b.lines, b.observed = lines, observed
	b.results, b.bytes, b.truncated = b.results[:0], lines.Bytes, 0
	b.build(b.count)
	for i := range lines.Lines {
		if lines.Lines[i].Truncated {
			b.truncated++
		}
	}
}

// rebuild builds the records anew: what was handed on may have been changed
// since, by a pipeline that mutates.
func (b *batch) rebuild() { b.build(func(authevent.Result) {}) }

// end lets go of the lines, so that a batch kept for later holds none of them.
func (b *batch) end() {
	b.lines = nil
	b.records.Release()
}

func (b *batch) build(count func(authevent.Result)) {
	from := authevent.Origin{
		ID:       b.lines.Origin.ID,
		FileName: b.lines.Origin.Name,
		FilePath: b.lines.Origin.Path,
	}
	for i := range b.lines.Lines {
		l := &b.lines.Lines[i]
		count(b.records.Add(authevent.Line{Text: l.Text, Offset: l.Offset, Truncated: l.Truncated}, &from, b.observed))
	}
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
