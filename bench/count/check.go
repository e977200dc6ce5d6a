package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// checked bounds the lines of each file that are counted before anything is timed.
const checked = 5000

// check prints what each connector counts in each metric. They have to agree,
// as far as they know the metric.
func check(in input, lines int) error {
	batches, err := in.batches(min(lines, checked))
	if err != nil {
		return err
	}
	byName := map[string]totals{}
	for _, name := range []string{oursName, stockName, countName} {
		if byName[name], err = totalsOf(name, batches); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	table, err := agreement(byName[oursName], byName[stockName], byName[countName])
	fmt.Printf("in %d records\n\n%s\n", recordsOf(batches), table)
	return err
}

// totalsOf counts the batches with a connector.
func totalsOf(name string, batches []plog.Logs) (totals, error) {
	out := sink{totals: totals{}}
	c, err := newConnector(name, &out)
	if err != nil {
		return nil, err
	}
	for _, ld := range batches {
		if err := c.ConsumeLogs(context.Background(), ld); err != nil {
			return nil, err
		}
	}
	return out.totals, c.Shutdown(context.Background())
}

// agreement is a table of totals, with "-" for what a stock connector does not
// know, and an error that names those that differ.
func agreement(ours, stock, count totals) (string, error) {
	known := map[string]bool{}
	for _, m := range counted.Known(catalogue.Builtin()) {
		known[m.Name] = true
	}
	var (
		b    strings.Builder
		errs []error
	)
	fmt.Fprintf(&b, "| total of metric | %s | %s | %s |\n|---|---|---|---|\n", oursName, stockName, countName)
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		row := []string{name, fmt.Sprintf("%.6g", ours[name])}
		for _, other := range []struct {
			name   string
			totals totals
		}{{stockName, stock}, {countName, count}} {
			value, there := other.totals[name]
			switch metric, _, _ := strings.Cut(name, " "); {
			case !there && other.name == stockName && known[metric] && ours[name] != 0: // ours has points before the first event
				errs = append(errs, fmt.Errorf("%s has no %s", other.name, name))
				fallthrough
			case !there:
				row = append(row, "-")
			default:
				row = append(row, fmt.Sprintf("%.6g", value))
				if math.Abs(value-ours[name]) > 1e-6*max(1, ours[name]) {
					errs = append(errs, fmt.Errorf("%s of %s is %g, ours is %g", name, other.name, value, ours[name]))
				}
			}
		}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	for _, name := range slices.Sorted(maps.Keys(stock)) {
		if _, there := ours[name]; !there {
			errs = append(errs, fmt.Errorf("%s counts %s and ours does not", stockName, name))
		}
	}
	return b.String(), errors.Join(errs...)
}
