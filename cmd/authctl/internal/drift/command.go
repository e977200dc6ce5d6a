// Package drift is authctl drift: in what the events of a known source have moved
// away from its profile.
package drift

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// New makes the command drift.
func New() *cobra.Command {
	var (
		source string
		asJSON bool
		opts   options
	)
	cmd := &cobra.Command{
		Use:   "drift [--source NAME] [SAMPLE]",
		Short: "In what a known source has moved away from its profile",
		Long: `drift reads events of a known source from a file or standard input, compressed with
gzip or not, and lists what its profile does not expect: events that it does not know,
fields that it does not classify, fields that are of another JSON type, and
attributes that it fills and that no line of the sample has a field for. It is
Markdown, for a pull request.

A small sample lacks fields by chance: an attribute is lost, and drift, where at
least --lost-after lines of its source have none, and is otherwise listed as not
seen. That holds for the attributes that nearly every event has: the time, the
user, the address, the session, the outcome and the user agent.

Exit code 1 where there is drift. No value of a field is shown. An unknown
event's name is, unless it looks like a value; --show-values shows it also then.`,
		Example: `  authctl drift <testdata/sample/login_gov.ndjson
  authctl drift --source hera --json testdata/sample/hera.ndjson`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := input.Name(args)
			if err != nil {
				return err
			}
			parser, err := authevent.NewParser(authevent.Options{Source: source, Body: authevent.BodyEventName, DropUnparsed: true})
			if err != nil {
				return fmt.Errorf("--%w", err)
			}
			var report *Report
			err = input.For(cmd, file, func(in *input.Input) (err error) {
				report, err = opts.look(parser, in)
				return err
			})
			if err != nil {
				return err
			}
			if report.Lines == 0 {
				return errors.New("the sample has no line: give the identity provider's, in a file or on standard input")
			}
			if asJSON {
				err = output.JSON(cmd.OutOrStdout(), report)
			} else {
				_, err = io.WriteString(cmd.OutOrStdout(), report.markdown())
			}
			if err == nil && report.Drift {
				err = output.ErrFound
			}
			return err
		},
	}
	cmd.Flags().StringVar(&source, "source", authevent.SourceAuto, "the name of the built-in profile; auto finds it line by line")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&opts.showValues, "show-values", false, "show names of events also where they look like values")
	cmd.Flags().IntVar(&opts.lostAfter, "lost-after", 1000, "lines of a source from which an attribute that none has is lost")
	_ = cmd.RegisterFlagCompletionFunc("source", cobra.FixedCompletions(append(authevent.Sources(), authevent.SourceAuto), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

type options struct {
	showValues bool
	lostAfter  int
}

// look reads the sample.
func (o options) look(parser *authevent.Parser, in io.Reader) (*Report, error) {
	c := collector{options: o, sources: map[string]*found{}}
	counts, err := sample.Run(parser, in, c.event, c.drifted)
	if err != nil {
		return nil, err
	}
	return c.report(counts), nil
}
