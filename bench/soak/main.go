//go:build unix

// Command soak loads two built collectors for some minutes, does random harm to
// them, and writes what came of it into a section of bench/results.md. It ends
// with 1 if a line was lost, counted wrongly, or if the process grew.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/machine"
	"github.com/authevents/otelcol-auth/bench/internal/results"
	"github.com/authevents/otelcol-auth/internal/faults/soak"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	root := flags.String("root", "..", "the project's folder, with _build/otelcol-auth")
	out := flags.String("out", "", "the folder of results.md; without it the figures are only printed")
	minutes := flags.Float64("minutes", 20, "how long lines are written")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano()), "decides which faults come when")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !(*minutes > 0) { // refuses NaN as well
		return fmt.Errorf("-minutes must be positive (got %g)", *minutes)
	}
	o := soak.Long(time.Duration(*minutes * float64(time.Minute)))
	o.Seed = *seed
	o.Progress = func(text string) { fmt.Fprintln(os.Stderr, text) }
	if o.Root, err = filepath.Abs(*root); err != nil {
		return err
	}
	// Beside the binary, not in /tmp: that may be a small one, in memory.
	if o.Dir, err = os.MkdirTemp(filepath.Join(o.Root, "_build"), "soak"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()

	fmt.Fprintf(os.Stderr, "seed %d, %s\n", o.Seed, o.Load)
	head := "Written by `make soak`; [README.md](README.md#soak) says what is done, and how it is judged.\n\n" +
		machine.Describe(ctx, o.Root, time.Now())
	report, err := soak.Run(ctx, o)
	if err != nil {
		return err
	}
	text := head + report.Markdown()
	fmt.Print(text)
	if *out != "" {
		err = results.SetSoak(filepath.Join(*out, "results.md"), text)
	}
	return errors.Join(err, report.Err())
}
