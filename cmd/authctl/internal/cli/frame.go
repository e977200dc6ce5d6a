package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// frame gives all commands what they have alike. It comes after the last one was
// added.
func frame(root *cobra.Command) {
	root.Version = version
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())
	})
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.Example = `  source <(authctl completion bash)
  authctl completion zsh >"${fpath[1]}/_authctl"
  authctl completion fish >~/.config/fish/completions/authctl.fish`
		}
		adopt(cmd)
	}
}

// adopt does what is to be done with each command below the root.
func adopt(cmd *cobra.Command) {
	if cmd.Flags().Lookup("config") != nil {
		// Of what stands behind -c a shell offers these.
		_ = cmd.MarkFlagFilename("config", "yaml", "yml")
	}
	if cmd.Runnable() && cmd.Args != nil {
		cmd.Args = rightUse(cmd.Args)
	}
	if cmd.HasSubCommands() && !cmd.Runnable() {
		// Cobra would answer a wrong name with the help, and exit code 0.
		cmd.Args = knownSubcommand
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	for _, sub := range cmd.Commands() {
		adopt(sub)
	}
}

// knownSubcommand refuses what is no command of this group, as the root does.
func knownSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // as cobra sets it for the root
	similar := ""
	if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
		similar = "\n\nDid you mean this?\n\t" + strings.Join(names, "\n\t") + "\n"
	}
	return fmt.Errorf("unknown command %q for %q: see %s --help%s", args[0], cmd.CommandPath(), cmd.CommandPath(), similar)
}
