//go:build unix

// The demo behind `make run`: it moves the sample's times to now, runs the
// collector on it with configs/quickstart.yaml as a user would, prints what
// came out, and goes on serving metrics until it is stopped.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

const (
	binary  = "_build/otelcol-auth"
	config  = "configs/quickstart.yaml"
	outDir  = "out"
	samples = "testdata/sample/*.ndjson"
	// patience is how long the collector may take to start, and to read the sample.
	patience = time.Minute
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "make run:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if err := os.RemoveAll(outDir); err != nil {
		return err
	}
	inputs, lines, err := shiftSamples(ctx, filepath.Join(outDir, "sample"))
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(outDir, "collector.log"))
	if err != nil {
		return err
	}
	defer log.Close()

	// The collector gets a context of its own: it is to end by SIGTERM, in
	// good order, not by a kill when ours is cancelled.
	p, err := colproc.Start(context.WithoutCancel(ctx), colproc.Options{
		Binary: binary,
		Config: config,
		Env: []string{
			"AUTHEVENTS_INCLUDE=" + inputs,
			"PIISCRUB_KEY=" + rand.Text() + rand.Text(), // thrown away with this run
			"OUT_DIR=" + outDir,
			"STATE_DIR=" + filepath.Join(outDir, "state"),
		},
		Log: log,
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // once the collector has ended there is nothing left to wait for
		<-p.Done()
		cancel()
	}()
	err = report(ctx, p, lines)
	if err == nil {
		fmt.Printf("\nServing until stopped (Ctrl-C):\n  counts               %s\n  the collector's own  %s\n", p.MetricsURL, p.TelemetryURL)
		<-ctx.Done()
	}
	if p.Ended() {
		return fmt.Errorf("the collector has ended by itself; see %s:\n%s", log.Name(), tail(p.Log()))
	}
	if errors.Is(err, context.Canceled) {
		err = nil // stopped before the report was out
	}
	return errors.Join(err, stop(p, log.Name()))
}

// stop ends the collector in good order, or else for good: nothing may hold
// the ports once the demo is gone.
func stop(p *colproc.Process, log string) error {
	code, err := p.Stop(patience)
	if err != nil {
		p.Kill()
		return err
	}
	if code != 0 {
		return fmt.Errorf("the collector ended with exit code %d; see %s", code, log)
	}
	return nil
}

// shiftSamples writes the sample files to dir with their newest event now,
// and returns a pattern for them and how many lines they have.
func shiftSamples(ctx context.Context, dir string) (pattern string, lines int, err error) {
	files, err := filepath.Glob(samples)
	if err != nil {
		return "", 0, err
	}
	if len(files) == 0 {
		return "", 0, fmt.Errorf("no sample at %s: run this from the project's root", samples)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", 0, err
	}
	for _, file := range files {
		n, err := shift(ctx, file, filepath.Join(dir, filepath.Base(file)))
		if err != nil {
			return "", 0, fmt.Errorf("shift the times of %s: %w", file, err)
		}
		lines += n
	}
	return filepath.Join(dir, "*.ndjson"), lines, nil
}

func shift(ctx context.Context, from, to string) (lines int, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	// The generator is of the benchmark's module, which this one does not import.
	cmd := exec.CommandContext(ctx, "go", "-C", "bench", "run", "./gen", "-shift")
	cmd.Stdin = in
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, err
	}
	return countLines(out), os.WriteFile(to, out, 0o600)
}
