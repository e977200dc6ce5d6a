package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// figures are the CPU times of one receiver, in microseconds a line, by run.
type figures struct {
	name string
	runs []float64
}

func (f *figures) add(cpu time.Duration, lines int) {
	f.runs = append(f.runs, float64(cpu.Nanoseconds())/1e3/float64(lines))
}

// spread returns the least, the middle and the greatest of values.
func spread(values []float64) (low, median, high float64) {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
}

// table shows both, and how many times the one is the other: run by run, so
// that a noisy moment falls on both sides of a ratio.
func table(stock, ours *figures) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| receiver | CPU µs per event: median | least | greatest |\n|---|---|---|---|\n")
	for _, f := range []*figures{stock, ours} {
		low, median, high := spread(f.runs)
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f |\n", f.name, median, low, high)
	}
	ratios := make([]float64, len(ours.runs))
	for i := range ratios {
		ratios[i] = stock.runs[i] / ours.runs[i]
	}
	low, median, high := spread(ratios)
	fmt.Fprintf(&b, "\n%s takes %.1f times the CPU of %s (%.1f to %.1f in %d pairs of runs)\n",
		stock.name, median, ours.name, low, high, len(ratios))
	return b.String()
}
