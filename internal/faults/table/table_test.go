package table

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// complete has a row for each fault, the last first.
func complete() []*ledger.Row {
	var rows []*ledger.Row
	for id := Faults; id > 0; id-- {
		rows = append(rows, &ledger.Row{ID: strconv.Itoa(id), Fault: "a fault", Runs: 1})
	}
	return rows
}

func TestVerdict(t *testing.T) {
	require.NoError(t, Verdict(complete()))

	lost := complete()
	lost[0].Lost = 1
	require.EqualError(t, Verdict(lost), "row 22 failed")

	parts := complete()[2:]
	parts = append(parts, &ledger.Row{ID: "22b"}, &ledger.Row{ID: "x21"})
	require.EqualError(t, Verdict(parts), "row 21 is missing: its test did not run, or ended before its row began")
}

// TestBook: what two processes report is one table, in order, notes and
// failures below it.
func TestBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows")
	t.Setenv(fileVariable, path)
	var first, second Book
	first.Report(t, &ledger.Row{ID: "10", Fault: "torn", Runs: 3, Duplicates: 7, Worst: 5, Bound: 6})
	second.Report(t, &ledger.Row{ID: "3b", Fault: "full"})
	second.Report(t, &ledger.Row{ID: "3a", Fault: "full", Note: ledger.StockNote + "why"})
	// One that ends early is in the table all the same.
	ended := t.Run("ended", func(t *testing.T) { second.Begin(t, "2", "ended early", 1, 0) })
	require.True(t, ended)

	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	rows, err := Read(f)
	require.NoError(t, err)
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	require.Equal(t, []string{"2", "3a", "3b", "10"}, ids)
	assert.Equal(t, &ledger.Row{ID: "10", Fault: "torn", Runs: 3, Duplicates: 7, Worst: 5, Bound: 6}, rows[3])

	var b strings.Builder
	require.NoError(t, Write(&b, rows))
	text := b.String()
	assert.Contains(t, text, "| ok *\n")
	assert.Contains(t, text, "\n* row 3a: stock: why\n")
	assert.Contains(t, text, "\nrow 2 FAILED: the test ended early\n")
}

func TestReadRefusesOtherFiles(t *testing.T) {
	_, err := Read(strings.NewReader(`{"ID":"1"}` + "\nno row"))
	require.ErrorContains(t, err, "row 2: ")
}

func TestForm(t *testing.T) {
	t.Setenv(formVariable, "")
	assert.Equal(t, 2, Times(2, 100))
	t.Setenv(formVariable, "full")
	assert.Equal(t, 100, Times(2, 100))
}
