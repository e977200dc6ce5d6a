package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

func taken(peak int64, millis ...time.Duration) figures {
	var f figures
	for _, ms := range millis {
		f.add(usage{cpu: ms * time.Millisecond, peak: peak * 1e6}, 1000)
	}
	return f
}

func sample() []compared {
	c := compared{row: row{pipelines.Receive, "receive"}, stock: taken(80, 40, 30, 60), ours: taken(70, 8, 5, 8)}
	c.stock.start, c.ours.start = 4, 2
	return []compared{c}
}

func TestRowsTable(t *testing.T) {
	const want = `
| receive | stock | 40.00 | 30.00 | 60.00 | 4.00 | 25,000 | 80 | | | | |
|  | ours | 8.00 | 5.00 | 8.00 | 2.00 | 125,000 | 70 | 6.0 | 5.0 | 7.5 | 6.0 |
`
	got := rowsTable(sample())
	require.True(t, strings.HasSuffix(got, want), got)
	requireEven(t, got)
}

func TestRatioGoals(t *testing.T) {
	all := sample()
	require.Equal(t, []goal{
		{"receive: stock CPU / our CPU", "at least 5", "6.0 (6.0 without the starts)", true},
		{"receive: peak memory, MB", "at most stock's 80", "70", true},
	}, ratioGoals("login_gov", all))
	all[0].ours = taken(81, 10, 10, 10)
	missed := ratioGoals("login_gov", all)
	require.Equal(t, []goal{
		{"receive: stock CPU / our CPU", "at least 5", "4.0 (3.6 without the starts)", false},
		{"receive: peak memory, MB", "at most stock's 80", "81", false},
	}, missed)
	require.True(t, ratioGoals("hera", all)[0].reached, "another goal")
	requireEven(t, goalsTable(missed))
}

func TestFlat(t *testing.T) {
	dims := dimensions(1000)
	measured := flatness{}
	for _, d := range dims {
		for _, v := range d.variants {
			f := taken(50, 10, 10, 10)
			measured[v.content] = &f
		}
	}
	require.Len(t, measured, 8, "distinct inputs")
	for _, g := range flatGoals(dims, measured) {
		require.True(t, g.reached, g.name)
	}
	requireEven(t, flatTable(dims, measured))

	ten, tenfold := taken(50, 10, 16, 16), taken(60, 100)
	for c := range measured {
		switch {
		case c.files == 10: // the worst is not the last
			measured[c] = &ten
		case c.lines == 4000:
			measured[c] = &tenfold
		}
	}
	var missed []string
	for _, g := range flatGoals(dims, measured) {
		if !g.reached {
			missed = append(missed, g.name+" "+g.figure)
		}
	}
	require.Equal(t, []string{"flat over files 1.60", "flat over lines 10.00", "peak memory over lines 1.20"}, missed)
	require.Contains(t, flatTable(dims, measured), "|  | 10 | 16.00 | 10.00 | 16.00 | 1.60 | 1.00 | 1.60 | 50 |\n")
}

// requireEven fails unless all lines of a table have as many cells.
func requireEven(t *testing.T, table string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for _, line := range lines {
		require.Equal(t, strings.Count(lines[0], "|"), strings.Count(line, "|"), line)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 25000: "25,000", 1234567: "1,234,567"} {
		require.Equal(t, want, grouped(n))
	}
}

func TestMarkdown(t *testing.T) {
	const text = "way                          rows a batch  rows a second\nsecurity_audit, ON CONFLICT  200           15046\n"
	const want = "| way | rows a batch | rows a second |\n|---|---|---|\n| security_audit, ON CONFLICT | 200 | 15046 |\n"
	require.Equal(t, want, markdown(text))
}
