//go:build unix

package soak

import (
	"fmt"
	"strings"
)

// Markdown is the report as a list and two tables.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- %s of load, %d lines a second into each of two collectors; seed %d\n\n", r.o.Load, r.o.Rate, r.o.Seed)
	b.WriteString("| collector | starts | faults | lines | lost | duplicates | bound | counted | CPU µs per line | holds |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for i, s := range r.sides {
		row := r.rows[i]
		lines, _ := s.written()
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %.0f | %.1f | %s |\n", s.name, s.lives, row.Runs, lines,
			row.Lost, row.Duplicates, row.Bound, s.counted, float64(s.cpu.Microseconds())/float64(max(1, lines)), yes(row.Err() == nil))
	}
	b.WriteString("\n")
	for _, s := range r.sides {
		fmt.Fprintf(&b, "- %s: %s\n", s.name, s.done)
	}
	fmt.Fprintf(&b, `
What the steady collector held, sampled every %s. The slope is the straight line's through the least
value of each minute in the second half:

`, r.o.Every)
	b.WriteString("| | median | most | slope, an hour | standard error | limit | flat |\n|---|---|---|---|---|---|---|\n")
	for _, f := range r.flats {
		slope, deviation, flat := "", "", "too short to tell"
		if r.o.Load >= judged {
			slope, deviation = fmt.Sprintf("%+.2f", f.trend.perHour), fmt.Sprintf("%.2f", f.trend.deviation)
			flat = yes(f.trend.within(f.limit))
		}
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %s | %s | %g | %s |\n", f.name, f.median, f.most, slope, deviation, f.limit, flat)
	}
	return b.String()
}

func yes(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}
