// Package agree shows that the two sides of the benchmark do the same job: it runs
// both over the same lines, and compares what comes out, record by record, value by
// value, and series by series.
package agree

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// Check runs the benchmark binary once for each side over the first so many lines
// of the file, and returns what it compared, in Markdown. The error says all that
// differs and should not; the report is whole then too. Lines of rows that scrub
// are given an e-mail and two IP addresses more, in a field that nobody lists.
func Check(ctx context.Context, binary, source string, row pipelines.Row, file string, lines int) (string, error) {
	dir, err := os.MkdirTemp("", "agree")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	in, err := readInput(file, lines, row.Scrubs())
	if err != nil {
		return "", err
	}
	include := filepath.Join(dir, "lines.ndjson")
	if err := os.WriteFile(include, in.text(), 0o600); err != nil {
		return "", err
	}
	out := map[pipelines.Side]*output{}
	for _, side := range []pipelines.Side{pipelines.Ours, pipelines.Stock} {
		o, err := collect(ctx, binary, filepath.Join(dir, string(side)), include, run{side, source, row, lines})
		if err != nil {
			return "", fmt.Errorf("%s: %w", side, err)
		}
		out[side] = o
	}
	return compare(source, row, in, out[pipelines.Ours], out[pipelines.Stock])
}

// compare holds the two outputs against each other.
func compare(source string, row pipelines.Row, in input, ours, stock *output) (string, error) {
	var r report
	r.printf("%s, %s: %d records\n\n", source, row, len(in.lines))
	whole := row == pipelines.Receive
	a, b := ours.records(nil, whole), stock.records(membersLeft(source, row), whole)
	pairs, err := join(in, a, b)
	if err != nil {
		return r.String(), err
	}
	errs := []error{compareFields(&r, pairs, allowed(source, row), row.Scrubs())}
	if row.Scrubs() {
		errs = append(errs, compareTokens(&r, pairs), compareLeaks(&r, in, pairs))
	}
	if row.Counts() {
		errs = append(errs, compareSeries(&r, source, ours.series(), stock.series()))
	}
	return r.String(), errors.Join(errs...)
}

// membersLeft are those that the stock side leaves in the body of this row.
func membersLeft(source string, row pipelines.Row) []pipelines.Member {
	if row.Counts() {
		return nil
	}
	return pipelines.Members(source)
}

// report is Markdown.
type report struct{ strings.Builder }

func (r *report) printf(format string, args ...any) { fmt.Fprintf(&r.Builder, format, args...) }

// row writes one of a table.
func (r *report) row(cells ...any) {
	for _, cell := range cells {
		r.printf("| %v ", cell)
	}
	r.WriteString("|\n")
}

// table writes the head of one.
func (r *report) table(heads ...any) {
	r.row(heads...)
	r.WriteString(strings.Repeat("|---", len(heads)) + "|\n")
}
