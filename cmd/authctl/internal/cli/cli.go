// Package cli is authctl's command line: its commands, their exit codes, and
// what all of them do alike.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/bench"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/pseudonyms"
)

// Exit codes. They do not change.
const (
	exitOK    = 0
	exitFound = 1 // a command that looks for something has found it
	exitError = 2 // wrong use, or something that could not be read
)

// Run runs authctl with its arguments, and returns the exit code.
func Run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitOK
	case errors.Is(err, output.ErrFound):
		return exitFound
	}
	_, _ = fmt.Fprintf(errOut, "authctl: %v\n", err)
	return exitError
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "authctl",
		Short: "Shows what otelcol-auth does with a value or a configuration",
		Long: `authctl shows what otelcol-auth does, by the same code and the same configuration.
It needs no network, and starts no server.

Exit codes: 0; 1 where a command looks for something and has found it; 2 on errors.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(bench.New(), pseudonyms.NewPseudonym(), pseudonyms.NewKeys())
	return root
}
