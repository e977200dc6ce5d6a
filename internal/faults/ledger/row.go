package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// Row is a row of the table of faults: what was done, and what came of it.
type Row struct {
	// ID is the number in the list of faults, with a letter where a row has
	// several parts.
	ID, Fault string
	// Runs is how often the fault was injected.
	Runs int
	// Lost counts the lines that never arrived, Duplicates the arrivals beyond
	// the first of each line.
	Lost, Duplicates int
	// MayLose is how many may be lost, where a stock component makes it
	// impossible to keep them; the Note has to say which, and why.
	MayLose int
	// Worst is the most duplicates after one injection; Bound is how many there
	// may be.
	Worst, Bound int
	// Problems are what else is wrong, each a short sentence.
	Problems []string
	// Note stands below the table: what the row does not show, and after
	// "stock:" what a stock component makes impossible, and why.
	Note string
}

// StockNote begins a note on what a stock component makes impossible.
const StockNote = "stock: "

// rowFormat is that of the header and of each row.
const rowFormat = "%-4s| %-58s | %5v | %6v | %10v | %12v | %6v | %s"

// Header is the table's first line.
func Header() string {
	return fmt.Sprintf(rowFormat, "row", "fault", "runs", "lost", "duplicates", "worst of one", "bound", "verdict")
}

// String is the row as a line of the table; a star stands for a note.
func (r *Row) String() string {
	verdict := "ok"
	if err := r.Err(); err != nil {
		verdict = "FAILED"
	}
	if r.Note != "" {
		verdict += " *"
	}
	return fmt.Sprintf(rowFormat, r.ID, r.Fault, r.Runs, r.Lost, r.Duplicates, r.Worst, r.Bound, verdict)
}

// Err says what the row does not hold to, or nil.
func (r *Row) Err() error {
	var errs []error
	switch {
	case r.Lost > 0 && r.MayLose == 0:
		errs = append(errs, fmt.Errorf("%d lines never arrived", r.Lost))
	case r.Lost > r.MayLose:
		errs = append(errs, fmt.Errorf("%d lines never arrived, of which %d may be lost", r.Lost, r.MayLose))
	}
	if r.MayLose > 0 && !strings.HasPrefix(r.Note, StockNote) {
		errs = append(errs, errors.New("lines may be lost, and no note says which stock component loses them"))
	}
	if r.Worst > r.Bound {
		errs = append(errs, fmt.Errorf("%d duplicates of one fault, of which %d may be", r.Worst, r.Bound))
	}
	for _, p := range r.Problems {
		errs = append(errs, errors.New(p))
	}
	return errors.Join(errs...)
}

// Close adds what the ledger says of the whole row: duplicates, and records
// that should not be. written is the first sequence number that nobody wrote.
func (r *Row) Close(l *Ledger, written int) {
	tally := l.Tally()
	r.Duplicates = tally.Duplicates
	for _, p := range []struct {
		count int
		what  string
	}{
		{tally.ChangedUIDs, "duplicates with another log.record.uid than the first"},
		{tally.NoUID, "records without log.record.uid"},
		{tally.Strangers, "records that nobody wrote, such as half a line"},
		{l.Beyond(written), "sequence numbers that nobody wrote"},
		{l.SharedUIDs(), "lines with the log.record.uid of another"},
	} {
		if p.count > 0 {
			r.Problems = append(r.Problems, fmt.Sprintf("%d %s", p.count, p.what))
		}
	}
}
