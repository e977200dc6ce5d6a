package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// printHead says what is measured, before that takes its time.
func printHead(out io.Writer, m Machine, s *Sample, receivers int, duration time.Duration) error {
	name := "built in"
	if len(s.Files) > 0 {
		name = strings.Join(s.Files, ", ")
	}
	cut := ""
	if s.Cut {
		cut = fmt.Sprintf("; only the first %d MiB of it", maxSample>>20)
	}
	each := ""
	if receivers > 1 {
		each = " for each receiver"
	}
	_, err := fmt.Fprintf(out, `sample    %s: %s lines, %s bytes a line%s
machine   %s/%s, %d CPUs; measured on one (GOMAXPROCS %d), %s
duration  %s%s, after a warm-up; CPU time of the whole process
`, name, thousands(int64(s.Lines)), thousands(int64(s.Bytes/s.Lines)), cut, m.OS, m.Arch, m.CPUs, m.GOMAXPROCS, m.Go, duration, each)
	return err
}

// printRoute prints what was measured of a receiver.
func printRoute(out io.Writer, r *Route) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-44s %10s %18s\n", r.Receiver, "µs/event", "events/s and core")
	for _, s := range r.Stages {
		fmt.Fprintf(&b, "  %-42s %10s%s\n", s.title(), micros(s.Micros), s.passedOn())
	}
	fmt.Fprintf(&b, "  %-42s %10s %18s\n", "together", micros(r.Micros), thousands(significant(r.PerSecond)))
	if r.Unknown > 0 {
		fmt.Fprintf(&b, "  %.1f %% of the lines are no events (auth.parse.error): see whether the sample is the right one\n", 100*float64(r.Unknown)/float64(r.Events))
	}
	if r.Messages {
		b.WriteString("  these are for messages of many lines: with a line in each they cost many times as much\n")
	}
	b.WriteString("\n  cores, each at two thirds of its load:\n")
	for _, c := range r.Cores {
		fmt.Fprintf(&b, "  %12s events/s %8s\n", thousands(int64(c.EventsPerSecond)), cores(c.Cores))
	}
	if len(r.NotRun) > 0 {
		fmt.Fprintf(&b, "\n  not run: %s\n", strings.Join(r.NotRun, ", "))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// closing stands below all receivers.
const closing = `
Sending is not in these figures, and may cost more than all the rest; nor is reading.
For a whole collector, and partitions: docs/operations.md#sizing
`

// title names a stage.
func (s *Stage) title() string {
	switch s.Kind {
	case kindParse:
		return "parse"
	case kindCopy:
		return s.Pipeline + ": copy"
	}
	return s.Pipeline + ": " + s.ID
}

// passedOn says how much is left, where that is less.
func (s *Stage) passedOn() string {
	if s.Out >= s.In {
		return ""
	}
	return fmt.Sprintf("   passes on %.0f %%", 100*float64(s.Out)/float64(s.In))
}

func micros(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func cores(x float64) string {
	switch {
	case x >= 10:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// significant leaves three digits: no two runs have more in common.
func significant(x float64) int64 {
	n, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return int64(x)
	}
	return int64(n)
}

// thousands puts commas between them.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
