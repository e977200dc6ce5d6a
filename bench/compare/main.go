// Command compare measures what an event costs a whole collector, as a process:
// one of our components and one of stock components that do the same job, by
// turns on the same files. See bench/README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/authevents/otelcol-auth/bench/internal/otlpsink"
	"github.com/authevents/otelcol-auth/bench/internal/results"
)

// users is how many there are in the input, unless that is what changes.
const users = 5_000

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	// Beside the binary, not in /tmp: that may be a small one, in memory.
	work, err := os.MkdirTemp(filepath.Join(o.root, "_build"), "compare")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	binary := filepath.Join(work, "otelcol-bench")
	if err := copyBinary(filepath.Join(o.root, "_build", "otelcol-bench"), binary); err != nil {
		return err
	}
	otlp, err := otlpsink.New(ctx)
	if err != nil {
		return err
	}
	defer otlp.Close()
	h := &harness{
		root: o.root, binary: binary, work: work, runs: o.runs, rows: o.rows(), otlp: otlp, log: os.Stderr,
	}
	figures, agreed, err := h.report(ctx, o)
	if err != nil {
		return err
	}
	fmt.Print(figures)
	if o.out == "" {
		return nil
	}
	return errors.Join(
		results.Renew(filepath.Join(o.out, "results.md"), figures),
		os.WriteFile(filepath.Join(o.out, "agreement.md"), []byte(agreed), 0o644))
}
