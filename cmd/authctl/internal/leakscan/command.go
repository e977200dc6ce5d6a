package leakscan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// New makes the command scan.
func New() *cobra.Command {
	var (
		uris      []string
		kinds     []string
		most      int
		asJSON    bool
		processor string
	)
	cmd := &cobra.Command{
		Use:   "scan FILE...",
		Short: "Look for personal data that is left in files",
		Long: `scan looks for personal data in anything: OTLP JSON of logs, traces and metrics as
the file exporter writes it, NDJSON, JSON documents such as a Loki or a CloudWatch
export, CSV and TSV with a header, logfmt, text; compressed with gzip or not. A file
called - is standard input.

It asks the scrubber of pii_scrub with its default policy: what that would still
change is left. So it finds e-mail and IP addresses, phone numbers and secrets by
their looks, also encoded and in JSON within JSON, and ids, names and all else by
the fields of the built-in profiles and by names such as user_id.

Pseudonyms are known by their shape, which whoever writes the log can forge. With -c
they are known by the keys of that configuration, and its fields and profiles count
as well.

It prints how much there is by kind and place, and where the first of each stands,
and no value. It exits with 1 if there is any.`,
		Example: `  authctl scan out/logs.jsonl
  zcat export.gz | authctl scan --json -
  logcli query -q -o jsonl '{service_name="hera"}' | authctl scan -
  psql -c "\copy (select * from security_audit) to stdout csv header" | authctl scan -
  authctl scan -c configs/loki.yaml --kinds identity,email,ip export.jsonl`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkKinds(kinds); err != nil {
				return err
			}
			if most < 1 {
				return fmt.Errorf("--max: must be at least 1 (got %d)", most)
			}
			k, err := knownBy(cmd.Context(), uris, processor)
			if err != nil {
				return err
			}
			r := newReport(kinds)
			s, err := newScanner(k, r)
			if err != nil {
				return err
			}
			// What was found in the files that could be read is told in any case.
			s.meter = input.Meter(cmd.ErrOrStderr(), cmd.InOrStdin(), args...)
			failed := s.files(cmd.Context(), cmd.InOrStdin(), args)
			s.meter.Done()
			result := r.done(most)
			switch {
			case asJSON:
				err = output.JSON(cmd.OutOrStdout(), result)
			case failed == nil || result.Found > 0: // else "none found" would mislead
				err = result.print(cmd.OutOrStdout())
			}
			switch {
			case err != nil:
				return err
			case failed != nil:
				return failed
			case result.Found > 0:
				return output.ErrFound
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVarP(&uris, "config", "c", nil, "a collector's configuration, whose keys verify pseudonyms; may be repeated")
	cmd.Flags().StringVar(&processor, "processor", "", "the pii_scrub of the configuration to take; all if empty")
	cmd.Flags().StringSliceVar(&kinds, "kinds", nil, "tell only of these kinds, such as identity,email,ip; all if empty")
	cmd.Flags().IntVar(&most, "max", 50, "how many findings to list, of a kind at a place each")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	_ = cmd.RegisterFlagCompletionFunc("kinds", cobra.FixedCompletions(kindNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func kindNames() []string {
	var names []string
	for _, k := range pii.Kinds() {
		if k != pii.Public {
			names = append(names, k.String())
		}
	}
	return names
}

func checkKinds(kinds []string) error {
	for _, kind := range kinds {
		if !slices.Contains(kindNames(), kind) {
			return fmt.Errorf("--kinds: use %s (got %q)", strings.Join(kindNames(), ", "), kind)
		}
	}
	return nil
}
