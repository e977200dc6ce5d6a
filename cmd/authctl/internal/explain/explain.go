// Package explain has the command that says what becomes of a line.
package explain

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

// New makes the command explain.
func New() *cobra.Command {
	var (
		uris         []string
		asJSON, show bool
	)
	cmd := &cobra.Command{
		Use:   "explain [-c collector.yaml] [FILE]",
		Short: "What becomes of a line: its record, what leaves each pipeline and why, and what it counts",
		Long: `explain reads lines from a file or standard input, and says of each which profile
takes it and why, which record it becomes, what leaves each pipeline of the configuration,
which processor made each change and by what rule, and which metrics it adds to.
Without a configuration it is the default: auth_events, pii_scrub under a key of
its own, event_metrics.

A line that is no event: at which byte, and why, and what becomes of it.

In what leaves, + was added, - is gone, ~ is another value. Personal values are
shown as <identity>, <email> and so on, and what no profile lists as <unlisted>,
unless --show-values is given; what a processor has made of them is shown as it
leaves.

What a pii_scrub in mode: audit would change is listed apart; the record leaves it
as it came.

Wrappers are taken off, also where they put a line into several. Of what joins
events, such as funnels, each line is the first. A log.record.uid that the line
does not have itself is the collector's own by file and offset, and another here.`,
		Example: `  head -n 3 testdata/sample/login_gov.ndjson | authctl explain
  authctl explain -c configs/loki.yaml --json events.ndjson | jq .profile`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			file, err := input.Name(args)
			if err != nil {
				return err
			}
			if len(uris) == 0 {
				uris = []string{defaultConfig()}
			}
			cfg, err := collector.Load(ctx, uris...)
			if err != nil {
				return err
			}
			e, err := newExplainer(ctx, cfg, show)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, stop(context.WithoutCancel(ctx), e.pipelines)) }()
			return e.run(ctx, cmd, file, asJSON)
		},
	}
	cmd.Flags().StringArrayVarP(&uris, "config", "c", nil, "the collector's configuration, as its --config takes it; may be repeated")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, one report on each line")
	cmd.Flags().BoolVar(&show, "show-values", false, "show personal values as they are")
	return cmd
}

// defaultConfig is the policy that nobody has changed. Its key is nobody's: a
// pseudonym of the output tells two people apart, and no more.
func defaultConfig() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return `yaml:
receivers: {auth_events: {stdin: {}}}
processors: {pii_scrub: {keys: [{id: example, secret: "` + hex.EncodeToString(key) + `"}]}}
connectors: {event_metrics: {}}
service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub], exporters: [event_metrics]}}}`
}

// run explains all lines of a file.
func (e *explainer) run(ctx context.Context, cmd *cobra.Command, file string, asJSON bool) (err error) {
	in, out := cmd.InOrStdin(), cmd.OutOrStdout()
	terminal := progress.IsTerminal(out)
	var meter *progress.Meter
	if !terminal { // whoever reads along sees how far it is
		meter = input.Meter(cmd.ErrOrStderr(), in, file)
		defer meter.Done()
	}
	w := bufio.NewWriterSize(out, 64<<10)
	defer func() { err = errors.Join(err, w.Flush()) }()
	report := func(r *Report) error { return write(w, r, asJSON, terminal) }
	return input.Read(ctx, in, file, meter, func(in *input.Input) error {
		lines := input.NewLines(in, e.maxLine()+1) // one byte more shows that it is cut
		for some := false; ; some = true {
			line, err := lines.Next()
			if errors.Is(err, io.EOF) {
				if !some {
					return in.Named(errors.New("has no line: give those of an identity provider"))
				}
				return e.end(ctx, report)
			}
			if err != nil {
				return err
			}
			if err := errors.Join(ctx.Err(), e.line(ctx, line.Text, line.Number, report)); err != nil {
				return err
			}
			if terminal { // who types lines waits for what they become
				if err := w.Flush(); err != nil {
					return err
				}
			}
		}
	})
}

func write(w io.Writer, r *Report, asJSON, terminal bool) error {
	if asJSON {
		return output.JSONLine(w, r)
	}
	var c colours
	if terminal && os.Getenv("NO_COLOR") == "" {
		c = onTerminal
	}
	_, err := io.WriteString(w, r.text(c)+"\n")
	return err
}
