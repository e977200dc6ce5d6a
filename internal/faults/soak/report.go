//go:build unix

package soak

import (
	"errors"
	"fmt"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// What docs/operations.md promises, in lines. A kill costs what was read since
// the last positions were saved, and the batch under way of each file that is
// read: no more than eight are at once.
const (
	checkpointLines = 10_000
	batchLines      = 1000
	readers         = 8
	killBound       = checkpointLines + readers*batchLines
	underWay        = readers * batchLines
)

// judged is the shortest load whose slopes are judged: below it a minute more or
// less of warming up is all that they tell.
const judged = 10 * time.Minute

// Report is what a soak found.
type Report struct {
	o     Options
	sides []*side
	rows  []*ledger.Row
	flats []flat
}

func newReport(o Options, steady, killed *side) *Report {
	r := &Report{o: o, sides: []*side{steady, killed}}
	for _, s := range r.sides {
		r.rows = append(r.rows, s.row())
	}
	for _, h := range held {
		r.flats = append(r.flats, h.flat(steady.samples, o.Load/2))
	}
	return r
}

// row is what arrived, and what is wrong with it.
func (s *side) row() *ledger.Row {
	lines, end := s.written()
	row := &ledger.Row{
		ID: "soak", Fault: s.name, Lost: s.missing(),
		Runs: s.done.of(allFaults...), Bound: s.bound(),
	}
	row.Close(s.sink.Ledger, end)
	row.Worst = row.Duplicates // of all faults together, as Bound is
	row.Problems = append(row.Problems, s.problems.list...)
	if bad := s.sink.Bad(); bad > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d requests that are no OTLP", bad))
	}
	switch counted := int(s.counted); {
	case counted < 0:
		row.Problems = append(row.Problems, "the counts could not be read")
	case counted > lines:
		row.Problems = append(row.Problems, fmt.Sprintf("%d events counted of %d lines: never more than there are", counted, lines))
	case counted < lines && !s.killed:
		row.Problems = append(row.Problems, fmt.Sprintf("%d events counted of %d lines", counted, lines))
	}
	return row
}

// bound is how many duplicates there may be: for each kill, each end by SIGTERM,
// each answer that was cut, and each time that open connections were closed.
func (s *side) bound() int {
	return s.done.of(killed)*killBound +
		(s.done.of(terminated)+s.done.of(blackHole, cutAnswers))*underWay +
		s.cut*batchLines
}

// Err says what is wrong, or nil.
func (r *Report) Err() error {
	var errs []error
	for _, row := range r.rows {
		if err := row.Err(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", row.Fault, err))
		}
	}
	for _, f := range r.flats {
		if r.o.Load >= judged && !f.trend.within(f.limit) {
			errs = append(errs, fmt.Errorf("%s: grows by %.1f ± %.1f an hour, and may by %g", f.name, f.trend.perHour, f.trend.deviation, f.limit))
		}
	}
	return errors.Join(errs...)
}

// Lines counts what was written for both collectors.
func (r *Report) Lines() (n int) {
	for _, s := range r.sides {
		lines, _ := s.written()
		n += lines
	}
	return n
}

// Faults counts what was done to destinations, to files and to processes.
func (r *Report) Faults() (destinations, files, processes int) {
	for _, s := range r.sides {
		destinations += s.done.of(sinkFaults...)
		files += s.done.of(fileFaults...)
		processes += s.done.of(processFaults...)
	}
	return destinations, files, processes
}
