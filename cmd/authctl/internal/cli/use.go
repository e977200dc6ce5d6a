package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// rightUse says of a command that lacks a flag, or has arguments that do not fit, how
// to write it. Cobra's own errors say neither, and would quote an argument that may be
// a line.
func rightUse(fits cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		var wrong []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if len(f.Annotations[cobra.BashCompOneRequiredFlag]) > 0 && !f.Changed {
				wrong = append(wrong, "--"+f.Name+" is missing")
			}
		})
		use := strings.TrimSuffix(cmd.UseLine(), " [flags]")
		if fits(cmd, args) != nil {
			wrong = append(wrong, fmt.Sprintf("takes other arguments (got %d)", len(args)))
		}
		if len(wrong) == 0 {
			return nil
		}
		return errors.New(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ") + ": " + strings.Join(wrong, ", and ") + "\nWrite it as in: " + use + "\nMore: " + cmd.CommandPath() + " --help")
	}
}
