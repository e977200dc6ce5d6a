//go:build unix

// Package faults proves what configs/lossless.yaml guarantees: each test does
// one harm to the built collector, and compares what arrived at a sink outside
// its process with what was written. `make e2e` runs the short form, `make
// faults` the full one.
package faults

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
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

// book has the rows of this package's tests.
var book table.Book

func TestMain(m *testing.M) { os.Exit(book.Run(m)) }

// times picks a number for the form that runs.
func times(short, long int) int { return table.Times(short, long) }

// newRow begins a row. It stands in the table also if its test ends early.
func newRow(t *testing.T, id, fault string, runs, bound int) *ledger.Row {
	t.Helper()
	return book.Begin(t, id, fault, runs, bound)
}

// report adds a row to the table, and fails the test if the row does not hold.
func report(t *testing.T, row *ledger.Row) {
	t.Helper()
	book.Report(t, row)
}

// absolute is a path of the project's.
func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join(root, path))
	require.NoError(t, err)
	return abs
}
