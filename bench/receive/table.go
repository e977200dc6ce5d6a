package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

// figures are the CPU times of one receiver, in microseconds a line, by run.
type figures struct {
	name string
	runs []float64
}

func (f *figures) add(cpu time.Duration, lines int) {
	f.runs = append(f.runs, float64(cpu.Nanoseconds())/1e3/float64(lines))
}

// table shows both, and how many times the one is the other.
func table(stock, ours *figures) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| receiver | CPU µs per event: median | least | greatest |\n|---|---|---|---|\n")
	for _, f := range []*figures{stock, ours} {
		low, median, high := pairs.Spread(f.runs)
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f |\n", f.name, median, low, high)
	}
	ratios := pairs.Ratios(stock.runs, ours.runs)
	low, median, high := pairs.Spread(ratios)
	fmt.Fprintf(&b, "\n%s takes %.1f times the CPU of %s (%.1f to %.1f in %d pairs of runs)\n",
		stock.name, median, ours.name, low, high, len(ratios))
	return b.String()
}
