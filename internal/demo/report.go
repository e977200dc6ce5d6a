//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// Names of the collector's own metrics, as Prometheus sees them.
const (
	linesRead     = "otelcol_auth_events_lines_total"
	valuesTaken   = "otelcol_pii_scrub_values_total"
	eventsCounted = "auth_events_total"
)

// topEvents is how many event names the report lists.
const topEvents = 10

// report waits until the collector has read and counted all lines, and prints
// what came out.
func report(ctx context.Context, p *colproc.Process, lines int) error {
	all := func(s []colproc.Sample) bool { return colproc.Sum(s, linesRead) >= float64(lines) }
	if _, err := colproc.Await(ctx, p.TelemetryURL, patience, all); err != nil {
		return err
	}
	// Once more: within one scrape, what is collected first may be older.
	own, err := colproc.Await(ctx, p.TelemetryURL, patience, all)
	if err != nil {
		return err
	}
	counted := colproc.Sum(own, "otelcol_event_metrics_records_total", "result", "counted")
	counts, err := colproc.Await(ctx, p.MetricsURL, patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, eventsCounted) >= counted
	})
	if err != nil {
		return err
	}

	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nOutput\n  scrubbed events\t%s/logs.jsonl\n  counts\t%s/metrics.jsonl\n  collector's log\t%s/collector.log\n", outDir, outDir, outDir)
	fmt.Fprintf(w, "\nLines read\t%.0f\n", colproc.Sum(own, linesRead))
	printSums(w, colproc.By(own, linesRead, "result"), len(own))
	fmt.Fprintf(w, "\nValues scrubbed\t%.0f\n", colproc.Sum(own, valuesTaken))
	printSums(w, colproc.By(own, valuesTaken, "kind"), len(own))
	fmt.Fprintf(w, "\nEvents counted\t%.0f\n", colproc.Sum(counts, eventsCounted))
	printSums(w, colproc.By(counts, eventsCounted, "otel_event_name"), topEvents)
	return w.Flush()
}

// printSums prints the largest sums first, up to a limit.
func printSums(w *tabwriter.Writer, sums map[string]float64, limit int) {
	names := slices.SortedFunc(maps.Keys(sums), func(a, b string) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b))
	})
	for _, name := range names[:min(limit, len(names))] {
		fmt.Fprintf(w, "  %s\t%.0f\n", name, sums[name])
	}
}

func countLines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	return n
}

// tail returns the last lines of a log.
func tail(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
