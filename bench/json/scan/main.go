// Command scan compares ways to find the end of a JSON string literal, and to
// look at whole lines, on the strings of real lines in their order. All ways
// take turns in one process, in rounds of a millisecond or less, so that most
// rounds are not interrupted; the lower quartile of a way's rounds counts.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scan:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("scan", flag.ContinueOnError)
	lines := flags.Int("lines", 1_000, "how many lines of a file are read")
	rounds := flags.Int("rounds", 500, "how often each way sees them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 || *lines <= 0 || *rounds <= 0 {
		return errors.New("usage: scan [-lines n] [-rounds n] file [file]")
	}
	for _, file := range flags.Args() {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		all := strings.Split(strings.TrimSpace(string(data)), "\n")
		if err := compare(file, all[:min(*lines, len(all))], *rounds); err != nil {
			return err
		}
	}
	return nil
}

func compare(file string, lines []string, rounds int) error {
	at, n, err := literals(lines)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Printf("%s: %d lines, %.1f strings a line\n\n", file, len(lines), float64(n)/float64(len(lines)))
	all := slices.Concat(scans, partScans)
	sum := 0
	var work []func()
	for _, w := range all {
		work = append(work, func() {
			for i, line := range lines {
				for _, start := range at[i] {
					end, _ := w.scan(line, start)
					sum += end
				}
			}
		})
	}
	plain := make([]int, len(checks))
	for i, c := range checks {
		work = append(work, func() {
			for _, line := range lines {
				if c.plain(line) {
					plain[i]++
				}
			}
		})
	}
	took := byTurns(rounds, work)
	fmt.Print("| scan | ns a string |\n|---|---|\n")
	for i, w := range all {
		fmt.Printf("| %s | %.1f |\n", w.name, float64(took[i])/float64(n))
	}
	fmt.Print("\n| look at a whole line | ns a line | lines that pass |\n|---|---|---|\n")
	for i, c := range checks {
		fmt.Printf("| %s | %.0f | %d%% |\n", c.name, float64(took[len(all)+i])/float64(len(lines)), 100*plain[i]/(rounds*len(lines)))
	}
	fmt.Println()
	if sum == 0 {
		return errors.New("no string has an end")
	}
	return nil
}

// byTurns returns the lower quartile of what each took.
func byTurns(rounds int, work []func()) []time.Duration {
	times := make([][]time.Duration, len(work))
	for range rounds {
		for i, f := range work {
			start := time.Now()
			f()
			times[i] = append(times[i], time.Since(start))
		}
	}
	took := make([]time.Duration, len(work))
	for i, t := range times {
		slices.Sort(t)
		took[i] = t[len(t)/4]
	}
	return took
}

// literals are where the strings of the lines stand, names and values, in order.
func literals(lines []string) (at [][]int, n int, err error) {
	for number, line := range lines {
		var starts []int
		for i := 0; i < len(line); {
			if line[i] != '"' {
				i++
				continue
			}
			end, _ := jsonscan.String(line, i)
			if end < 0 {
				return nil, 0, fmt.Errorf("line %d: a string has no end", number+1)
			}
			starts = append(starts, i)
			i = end
		}
		at = append(at, starts)
		n += len(starts)
	}
	return at, n, nil
}
