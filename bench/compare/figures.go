package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

// figures are what the runs of one configuration took.
type figures struct {
	micros []float64 // of CPU a line
	peaks  []float64 // in MB
	start  float64   // of micros, what a run over one line would have taken
}

func (f *figures) add(u usage, lines int) {
	f.micros = append(f.micros, micros(u, lines))
	f.peaks = append(f.peaks, float64(u.peak)/1e6)
}

func micros(u usage, lines int) float64 { return float64(u.cpu.Nanoseconds()) / 1e3 / float64(lines) }

// median is that of the CPU times.
func (f *figures) median() float64 {
	_, median, _ := pairs.Spread(f.micros)
	return median
}

// peak is the greatest of all runs.
func (f *figures) peak() float64 { return slices.Max(f.peaks) }

// over divides run by run. One side may have had fewer runs.
func (f *figures) over(under *figures) []float64 {
	n := min(len(f.micros), len(under.micros))
	return pairs.Ratios(f.micros[:n], under.micros[:n])
}

// spread is three cells of a table: median, least, greatest.
func spread(values []float64, format string) string {
	low, median, high := pairs.Spread(values)
	return fmt.Sprintf(format+" | "+format+" | "+format, median, low, high)
}

// grouped writes a number with a comma between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
