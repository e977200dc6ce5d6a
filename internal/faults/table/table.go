// Package table makes one table of the faults that several test packages
// inject, each in a process of its own: what they append to one file is read,
// put in order, held against the list of faults, and printed.
package table

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// Faults is how many faults there are: rows 1 to 22, some in parts (3a, 3b).
const Faults = 22

// Read returns the rows of a file, one JSON object a line, in the table's order.
func Read(r io.Reader) ([]*ledger.Row, error) {
	var rows []*ledger.Row
	d := json.NewDecoder(bufio.NewReader(r))
	for {
		row := &ledger.Row{}
		err := d.Decode(row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	Sort(rows)
	return rows, nil
}

// Sort puts rows in order: by number, then by letter.
func Sort(rows []*ledger.Row) {
	slices.SortStableFunc(rows, func(a, b *ledger.Row) int {
		return cmp.Or(cmp.Compare(number(a.ID), number(b.ID)), cmp.Compare(a.ID, b.ID))
	})
}

// number is the one that an ID begins with, 0 for none.
func number(id string) int {
	digits := strings.TrimRightFunc(id, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// Write prints the table, its notes, and why a row fails.
func Write(w io.Writer, rows []*ledger.Row) error {
	var b strings.Builder
	b.WriteString("\n" + ledger.Header() + "\n")
	for _, row := range rows {
		b.WriteString(row.String() + "\n")
	}
	for _, row := range rows {
		if row.Note != "" {
			fmt.Fprintf(&b, "\n* row %s: %s\n", row.ID, row.Note)
		}
	}
	for _, row := range rows {
		if err := row.Err(); err != nil {
			fmt.Fprintf(&b, "\nrow %s FAILED: %s\n", row.ID, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Verdict says which rows fail, and which faults no row is about; nil for none.
func Verdict(rows []*ledger.Row) error {
	var errs []error
	there := map[int]bool{}
	for _, row := range rows {
		there[number(row.ID)] = true
		if row.Err() != nil {
			errs = append(errs, fmt.Errorf("row %s failed", row.ID))
		}
	}
	for fault := 1; fault <= Faults; fault++ {
		if !there[fault] {
			errs = append(errs, fmt.Errorf("row %d is missing: its test did not run, or ended before its row began", fault))
		}
	}
	return errors.Join(errs...)
}
