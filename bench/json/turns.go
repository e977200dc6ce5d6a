package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// turnLines is how many lines a way reads before it is the next one's turn: so
// few that a turn is short, and so many that what the ways before have left in
// the caches does not matter.
const turnLines = 50

// turns has all ways read the same lines one after another, in one thread, and
// then the next ones. What counts is the thread's CPU time: that of the garbage
// collector's other threads is in what processes measures.
type turns struct {
	names  []string
	makers []maker
	// found are the microseconds of a line, by way and round, in which its values
	// are found; whole are those in which its record is made.
	found, whole [][]float64
}

func newTurns(s *source) (*turns, error) {
	t := &turns{names: append(names(), oursName)}
	for _, name := range t.names {
		m, err := newMaker(name, s)
		if err != nil {
			return nil, err
		}
		t.makers = append(t.makers, m)
	}
	t.found = make([][]float64, len(t.names))
	t.whole = make([][]float64, len(t.names))
	return t, nil
}

func (t *turns) run(lines [][]byte, rounds int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for round := range rounds {
		start := round * turnLines % (len(lines) - turnLines + 1)
		turn := lines[start : start+turnLines]
		for i, m := range t.makers {
			if err := t.turn(i, m, turn); err != nil {
				return fmt.Errorf("%s: lines %d to %d: %w", t.names[i], start+1, start+turnLines, err)
			}
		}
	}
	return nil
}

// turn measures the i-th way on lines.
func (t *turns) turn(i int, m maker, lines [][]byte) error {
	if m, ok := m.(*theirs); ok { // ours finds no values without making a record
		texts := make([]string, len(lines)) // of their own, since some values point into them
		for j, line := range lines {
			texts[j] = string(line)
		}
		micros, err := timed(len(lines), func() error {
			for _, text := range texts {
				if err := m.find(text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		t.found[i] = append(t.found[i], micros)
	}
	micros, err := timed(len(lines), func() error { return batch(m, lines) })
	t.whole[i] = append(t.whole[i], micros)
	return err
}

// timed returns the microseconds of this thread's CPU time for each of n lines.
func timed(n int, work func() error) (float64, error) {
	began, err := threadCPU()
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	ended, err := threadCPU()
	return float64(ended-began) / float64(time.Microsecond) / float64(n), err
}

// threadCPU is the time that this thread has had of the processors, to the
// nanosecond: getrusage counts in ticks.
func threadCPU() (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0, err
	}
	return time.Duration(t.Nano()), nil
}

// table shows the lower quartile of each way's turns, and how many times that of
// the walk with our own primitives it is.
func (t *turns) table() string {
	var b strings.Builder
	b.WriteString("| way | find the fields, µs a line | times ours | line to record, µs | times ours |\n|---|---|---|---|---|\n")
	walk := slices.Index(t.names, walkName)
	found, whole := lowerQuartile(t.found[walk]), lowerQuartile(t.whole[walk])
	for i, name := range t.names {
		took := lowerQuartile(t.whole[i])
		if name == oursName {
			fmt.Fprintf(&b, "| %s | – | – | %.2f | %.2f |\n", name, took, took/whole)
			continue
		}
		find := lowerQuartile(t.found[i])
		fmt.Fprintf(&b, "| %s | %.2f | %.1f | %.2f | %.2f |\n", name, find, find/found, took, took/whole)
	}
	return b.String()
}

func lowerQuartile(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/4]
}
