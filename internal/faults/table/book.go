package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

const (
	// formVariable chooses the form: "full", or else the short one.
	formVariable = "FAULTS"
	// fileVariable names the file that rows are appended to, if any.
	fileVariable = "FAULTS_TABLE"
)

// Full says whether the full form runs.
func Full() bool { return os.Getenv(formVariable) == "full" }

// Times picks a number for the form that runs.
func Times(short, long int) int {
	if Full() {
		return long
	}
	return short
}

// Book keeps the rows of one test process. The zero value is empty; it is safe
// for use by several goroutines.
type Book struct {
	mu   sync.Mutex
	rows []*ledger.Row
}

// Run runs the tests of a package and returns the exit code. It prints the
// table of their rows, unless they go to a file: then that is printed whole.
func (b *Book) Run(m *testing.M) int {
	code := m.Run()
	if os.Getenv(fileVariable) != "" {
		return code
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	Sort(b.rows)
	if err := Write(os.Stdout, b.rows); err != nil && code == 0 {
		code = 1
	}
	return code
}

// Begin begins a row. It stands in the table also if its test ends early.
func (b *Book) Begin(t testing.TB, id, fault string, runs, bound int) *ledger.Row {
	t.Helper()
	row := &ledger.Row{ID: id, Fault: fault, Runs: runs, Bound: bound}
	t.Cleanup(func() {
		if !b.has(row) {
			row.Problems = append(row.Problems, "the test ended early")
			b.add(t, row)
		}
	})
	return row
}

// Report adds a row to the table, and fails the test if the row does not hold.
func (b *Book) Report(t testing.TB, row *ledger.Row) {
	t.Helper()
	b.add(t, row)
	if err := row.Err(); err != nil {
		t.Errorf("row %s, %s: %v", row.ID, row.Fault, err)
	}
}

// add prints a row at once, and keeps it.
func (b *Book) add(t testing.TB, row *ledger.Row) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows = append(b.rows, row)
	fmt.Println(row)
	if path := os.Getenv(fileVariable); path != "" {
		if err := appendRow(path, row); err != nil {
			t.Errorf("row %s is not in the table: %v", row.ID, err)
		}
	}
}

func (b *Book) has(row *ledger.Row) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.rows, row)
}

// appendRow writes a row as one line.
func appendRow(path string, row *ledger.Row) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	return errors.Join(err, f.Close())
}
