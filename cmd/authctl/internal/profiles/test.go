package profiles

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

func newTestCommand() *cobra.Command {
	var asJSON, showValues bool
	cmd := &cobra.Command{
		Use:   "test profile.yaml sample.ndjson",
		Short: "Says how far a profile covers a sample",
		Long: `test reads a sample by a profile of yours, and by no other: how many lines it takes,
which events it does not list, which fields fill no attribute, and which have no
class, that is no kind of personal data, so that pii_scrub has to search them.

The profile's file holds the receiver's key profiles with one profile, as draft
writes it, or what stands under the profile's name. The sample may be compressed
with gzip; - is standard input.

Exit code 1 where lines are not taken, or fields have no class. No value of a field
is shown. An unknown event's name is, unless it looks like a value; --show-values
shows it also then.`,
		Example: `  authctl profile test acme.yaml sample.ndjson
  authctl profile test --json acme.yaml - <sample.ndjson`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := testFiles(cmd, args[0], args[1], showValues)
			if err != nil {
				return err
			}
			if c.Lines == 0 {
				return fmt.Errorf("%s: has no line: name a file with the source's", args[1])
			}
			if asJSON {
				err = output.JSON(cmd.OutOrStdout(), c)
			} else {
				_, err = io.WriteString(cmd.OutOrStdout(), c.text())
			}
			if err == nil && (c.Lines > c.Events || len(c.Unclassified) > 0) {
				err = output.ErrFound
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&showValues, "show-values", false, "show names of events also where they look like values")
	return cmd
}

func testFiles(cmd *cobra.Command, profile, samplePath string, showValues bool) (c *Coverage, err error) {
	text, err := profileText(profile)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(profile), filepath.Ext(profile))
	parser, name, raw, err := parserOf(text, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", profile, err)
	}
	err = input.For(cmd, samplePath, func(in *input.Input) (err error) {
		c, err = coverageOf(parser, name, raw, in, showValues)
		return err
	})
	return c, err
}

// maxProfile is how long a profile's file is at most: more is another file, or a device.
const maxProfile = 16 << 20

func profileText(name string) ([]byte, error) {
	f, err := os.Open(name) // #nosec G304 -- the operator names the file
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxProfile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxProfile {
		return nil, fmt.Errorf("%s: is longer than %d MiB, as no profile is: give the profile first, then the sample", name, maxProfile>>20)
	}
	return text, nil
}
