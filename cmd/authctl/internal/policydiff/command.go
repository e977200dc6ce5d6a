// Package policydiff shows what two configurations make of the same events, by
// field.
package policydiff

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

// New makes the command policy, which has diff.
func New() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "policy",
		Short:   "What the policies of a configuration do",
		Long:    "policy compares what the pii_scrub of two configurations does with the events of a sample.",
		Example: "  authctl policy diff configs/loki.yaml new.yaml --sample testdata/sample/hera.ndjson",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(newDiff())
	return cmd
}

func newDiff() *cobra.Command {
	var (
		sample string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "diff OLD.yaml NEW.yaml --sample FILE",
		Short: "Which fields another configuration treats in another way",
		Long: `diff scrubs the events of a sample by the pii_scrub of two configurations, and says
which fields come out in another way, and of how many records.

The processors are matched by their ids; where each configuration has only one, these
are. A field is weaker where more of it leaves (it was redacted or dropped, and is kept,
generalized or a pseudonym; or it was any of these, and is kept), stricter where less
does, and changed where neither is clear. Other keys or another context show as other
pseudonyms: records of before and after can't be joined by them.

The sample has the identity provider's lines, which become records as the receiver of
the old configuration makes them, or OTLP JSON as the file exporter writes it, whose
records are taken as they are; compressed with gzip or not. Only what it holds is
compared: take lines of every kind. Nothing of their values is printed. It exits with
1 if anything differs.`,
		Example: `  authctl policy diff configs/loki.yaml new.yaml --sample testdata/sample/hera.ndjson
  git show main:collector.yaml >old.yaml && authctl policy diff old.yaml collector.yaml --sample events.ndjson --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var configs [2]*collector.Config
			var errs []error
			for i, uri := range args {
				var err error
				if configs[i], err = collector.Load(cmd.Context(), uri); err != nil {
					errs = append(errs, err)
				}
			}
			if err := errors.Join(errs...); err != nil {
				return err
			}
			d, err := newDiffer(configs[0], configs[1])
			if err != nil {
				return err
			}
			err = input.For(cmd, sample, func(in *input.Input) error { return d.read(cmd.Context(), in) })
			if err != nil {
				return fmt.Errorf("--sample: %w", err)
			}
			result := d.done()
			if d.records == 0 && !result.Differs {
				return fmt.Errorf("--sample: %s holds no line: name a file with the identity provider's, or OTLP JSON of logs", sample)
			}
			if asJSON {
				err = output.JSON(cmd.OutOrStdout(), result)
			} else {
				err = result.print(cmd.OutOrStdout())
			}
			if err == nil && result.Differs {
				return output.ErrFound
			}
			return err
		},
	}
	cmd.Flags().StringVar(&sample, "sample", "", "events, or OTLP JSON, a line each; - for standard input")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.MarkFlagRequired("sample")
	return cmd
}
