//go:build unix

// Package faults proves what configs/lossless.yaml guarantees: each test does
// one harm to the built collector, and compares what arrived at a sink outside
// its process with what was written. `make e2e` runs the short form, `make
// faults` the full one.
package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

const (
	root = "../.."

	// patience is for a loaded machine; nothing waits for it in vain.
	patience = 2 * time.Minute
	// stall is how long nothing new arrives before a line counts as lost.
	stall = 20 * time.Second
)

// What the receiver promises: positions are saved once a second or every
// 10,000 lines, whichever comes first. So a kill costs at most these lines
// again, and the batch that was under way when it came.
const (
	checkpointLines = 10_000
	batchLines      = 1000
	killBound       = checkpointLines + batchLines
)

// full says which form runs.
var full = os.Getenv("FAULTS") == "full"

// times picks a number for the form that runs.
func times(short, long int) int {
	if full {
		return long
	}
	return short
}

// table gathers the rows of all tests.
var table struct {
	mu   sync.Mutex
	rows []*ledger.Row
}

func TestMain(m *testing.M) {
	code := m.Run()
	fmt.Println("\n" + ledger.Header())
	for _, row := range table.rows {
		fmt.Println(row)
	}
	os.Exit(code)
}

// newRow begins a row. It stands in the table also if its test ends early.
func newRow(t *testing.T, id, fault string, runs, bound int) *ledger.Row {
	t.Helper()
	row := &ledger.Row{ID: id, Fault: fault, Runs: runs, Bound: bound}
	t.Cleanup(func() {
		if !inTable(row) {
			row.Problems = append(row.Problems, "the test ended early")
			add(row)
		}
	})
	return row
}

// report adds a row to the table, and fails the test if the row does not hold.
func report(t *testing.T, row *ledger.Row) {
	t.Helper()
	add(row)
	if err := row.Err(); err != nil {
		t.Errorf("row %s, %s: %v", row.ID, row.Fault, err)
	}
}

// add prints a row at once, and keeps it for the table.
func add(row *ledger.Row) {
	table.mu.Lock()
	defer table.mu.Unlock()
	table.rows = append(table.rows, row)
	fmt.Println(row)
}

func inTable(row *ledger.Row) bool {
	table.mu.Lock()
	defer table.mu.Unlock()
	return slices.Contains(table.rows, row)
}

// absolute is a path of the project's.
func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join(root, path))
	require.NoError(t, err)
	return abs
}
