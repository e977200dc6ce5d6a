// Package bench has the command that says what events cost on this machine.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

// options are the command's flags.
type options struct {
	uris     []string
	files    []string
	duration time.Duration
	asJSON   bool
}

// New makes the command bench.
func New() *cobra.Command { return newCommand(clocks{cpuTime, time.Now}, thisMachine()) }

func newCommand(c clocks, m Machine) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "bench -c collector.yaml [SAMPLE…]",
		Short: "Events a second of this machine for a configuration, and how many cores it takes",
		Long: `bench runs a sample through a configuration, in batches as the receiver makes them
(1,000 lines or 512 KiB), again and again: into records, through each processor, and
into event_metrics. It says what each costs in CPU time, on one core, and how many
cores 10 k, 100 k and 1 M events a second take at two thirds of their load.

Exporters, batch and memory_limiter are not run, and no file is followed: what these
cost comes on top.

SAMPLE is a file with the identity provider's lines, compressed with gzip or not, or
- for standard input; of several the first 64 MiB count, unpacked. Take many lines of
many users: pseudonyms of a few are soon known by heart. Without one a small built-in
sample of two identity providers is taken.`,
		Example: `  authctl bench -c configs/quickstart.yaml
  authctl bench -c configs/loki.yaml --duration 30s testdata/sample/login_gov.ndjson
  tail -n 100000 /var/log/idp/events.log | authctl bench -c configs/loki.yaml --json -`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o, c, m)
		},
	}
	cmd.Flags().StringArrayVarP(&o.uris, "config", "c", nil, "the collector's configuration, as its --config takes it; may be repeated")
	cmd.Flags().DurationVar(&o.duration, "duration", 10*time.Second, "how long to measure each receiver")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("config")
	return cmd
}

// thisMachine is what measures, on one core.
func thisMachine() Machine {
	return Machine{Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), GOMAXPROCS: 1}
}

func run(ctx context.Context, in io.Reader, out, errOut io.Writer, o options, c clocks, m Machine) (err error) {
	if o.duration <= 0 {
		return fmt.Errorf("--duration must be a positive duration (got %s)", o.duration)
	}
	cfg, err := collector.Load(ctx, o.uris...)
	if err != nil {
		return err
	}
	conns := connectors{}
	defer func() { err = errors.Join(err, conns.stop(context.WithoutCancel(ctx))) }()
	ways, err := newWays(ctx, cfg, conns)
	defer func() {
		for _, w := range ways {
			err = errors.Join(err, w.stop(context.WithoutCancel(ctx)))
		}
	}()
	if err != nil {
		return err
	}
	sample, err := readSample(ctx, in, o.files)
	if err != nil {
		return err
	}
	result := &Result{Machine: m, Sample: sample, Seconds: o.duration.Seconds()}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(m.GOMAXPROCS))
	left := progress.NewCountdown(errOut, time.Duration(len(ways))*(o.duration+warmUp(o.duration)))
	defer left.Done()
	if o.asJSON {
		for _, w := range ways {
			if err := w.measure(ctx, sample, c, o.duration, left); err != nil {
				return err
			}
			result.Routes = append(result.Routes, w.route)
		}
		left.Done()
		return output.JSON(out, result)
	}
	if err := printHead(out, m, sample, len(ways), o.duration); err != nil {
		return err
	}
	for _, w := range ways {
		if err := w.measure(ctx, sample, c, o.duration, left); err != nil {
			return err
		}
		left.Done()
		if err := printRoute(out, w.route); err != nil {
			return err
		}
	}
	_, err = io.WriteString(out, closing)
	return err
}
