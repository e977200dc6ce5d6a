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

	"github.com/authevents/otelcol-auth/bench/internal/otlpsink"
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
	root := flags.String("root", "", "the project's folder, with the collector that make build wrote")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 || *lines <= 0 || *root == "" {
		return errors.New("usage: whole -root path -lines n [-runs n] file [file]")
	}
	s, err := otlpsink.New(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	m := &measurement{root: *root, sink: s}
	for _, file := range flags.Args() {
		if err := m.table(ctx, file, *lines, *runs); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// table prints a row for each stage, and for each side of a Kafka topic. What a
// start costs, without any line, is taken off the CPU time.
func (m *measurement) table(ctx context.Context, file string, lines, runs int) error {
	fmt.Printf("%s, %d lines\n\n| stages | CPU µs per event: median | least | greatest | events per CPU second | peak memory, MB |\n|---|---|---|---|---|---|\n",
		strings.TrimSuffix(filepath.Base(file), ".ndjson"), lines)
	for last, stage := range stages {
		err := row(stage.name, runs, lines, func(n int) (usage, error) { return m.stage(ctx, last, input(file, n), n) })
		if err != nil {
			return err
		}
	}
	t, err := newTopic(ctx, m, file, lines)
	if err != nil {
		return err
	}
	defer t.close()
	for _, side := range []struct {
		name    string
		lines   int
		measure func(context.Context, int) (usage, error)
	}{
		{"files to Kafka: kafka-agent.yaml", lines, t.agent},
		{"Kafka to OTLP: gateway.yaml", lines, t.gateway},
		{"Kafka to OTLP, a raw line a message: gateway.yaml", min(lines, mostRaw), t.rawGateway},
	} {
		if err := row(side.name, runs, side.lines, func(n int) (usage, error) { return side.measure(ctx, n) }); err != nil {
			return err
		}
	}
	fmt.Println()
	return nil
}

// input is the file, or nothing to read.
func input(file string, lines int) string {
	if lines == 0 {
		return os.DevNull
	}
	return file
}

// row measures so many runs, each less a start without any line, and prints them.
func row(name string, runs, lines int, measure func(lines int) (usage, error)) error {
	var micros, peaks []float64
	for range runs {
		start, err := measure(0)
		if err != nil {
			return err
		}
		whole, err := measure(lines)
		if err != nil {
			return err
		}
		micros = append(micros, float64((whole.cpu-start.cpu).Nanoseconds())/1e3/float64(lines))
		peaks = append(peaks, float64(whole.peak)/1e6)
	}
	low, median, high := pairs.Spread(micros)
	_, peak, _ := pairs.Spread(peaks)
	fmt.Printf("| %s | %.1f | %.1f | %.1f | %.0f | %.0f |\n", name, median, low, high, 1e6/median, peak)
	return nil
}
