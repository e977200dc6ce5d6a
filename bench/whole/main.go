// Command whole measures what an event costs the built collector: the CPU time
// of the whole process, and the most memory that it takes, with one stage of
// the pipeline more in each row.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "whole:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("whole", flag.ContinueOnError)
	lines := flags.Int("lines", 0, "how many lines each file has, each an event")
	runs := flags.Int("runs", 3, "how often each file is read by each configuration")
	binary := flags.String("binary", "", "the collector, as make build writes it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 || *lines <= 0 || *binary == "" {
		return errors.New("usage: whole -binary path -lines n [-runs n] file [file]")
	}
	s, err := newSink(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	m := &measurement{binary: *binary, sink: s}
	for _, file := range flags.Args() {
		if err := m.table(ctx, file, *lines, *runs); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// stages are the rows: what is laid over the first configuration, one more each.
var stages = []struct{ name, config string }{
	{"receive", "receive.yaml"},
	{"receive, scrub", "scrub.yaml"},
	{"receive, scrub, count", "count.yaml"},
	{"receive, scrub, count, send", "send.yaml"},
}

// table prints a row for each stage. What a start costs, without any line, is
// taken off the CPU time.
func (m *measurement) table(ctx context.Context, file string, lines, runs int) error {
	fmt.Printf("%s, %d lines\n\n| stages | CPU µs per event: median | least | greatest | events per CPU second | peak memory, MB |\n|---|---|---|---|---|---|\n",
		strings.TrimSuffix(filepath.Base(file), ".ndjson"), lines)
	for last := range stages {
		var micros, peaks []float64
		for range runs {
			start, err := m.once(ctx, last, os.DevNull, 0)
			if err != nil {
				return err
			}
			whole, err := m.once(ctx, last, file, lines)
			if err != nil {
				return err
			}
			micros = append(micros, float64((whole.cpu-start.cpu).Nanoseconds())/1e3/float64(lines))
			peaks = append(peaks, float64(whole.peak)/1e6)
		}
		low, median, high := pairs.Spread(micros)
		_, peak, _ := pairs.Spread(peaks)
		fmt.Printf("| %s | %.1f | %.1f | %.1f | %.0f | %.0f |\n", stages[last].name, median, low, high, 1e6/median, peak)
	}
	fmt.Println()
	return nil
}
