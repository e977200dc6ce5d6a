// Package cli is authctl's command line: its commands, their exit codes, and
// what all of them do alike.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/bench"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/drift"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/explain"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/leakscan"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/policydiff"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/pseudonyms"
)

// Exit codes. They do not change.
const (
	exitOK    = 0
	exitFound = 1 // a command that looks for something has found it
	ExitError = 2 // wrong use, something that could not be read, or interrupted
)

// Run runs authctl with its arguments, and returns the exit code.
func Run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRoot(in, out, errOut)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitOK
	case errors.Is(err, output.ErrFound):
		return exitFound
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		_, _ = fmt.Fprintln(errOut, "authctl: interrupted")
		return ExitError
	}
	// Names of files, and what a configuration's reader quotes, may be anything.
	_, _ = fmt.Fprintf(errOut, "authctl: %s%s\n", output.Printable(err.Error(), "\n\t"), remedy(err))
	return ExitError
}

// remedy says what to do about a file that could not be read, whoever reads it.
func remedy(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "\nA path counts from the folder that authctl is run in: check it."
	case errors.Is(err, fs.ErrPermission):
		return "\nRun authctl as a user who may read it, such as the collector's."
	}
	return ""
}

func newRoot(in io.Reader, out, errOut io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "authctl",
		Short: "Shows what otelcol-auth does with a line, a value or a configuration",
		Long: `authctl shows what otelcol-auth does, by the same code and the same configuration.
It needs no network, and starts no server.

Exit codes: 0; 1 where a command looks for something and has found it; 2 on errors.`,
		Example: `  authctl explain <testdata/sample/hera.ndjson
  authctl bench -c configs/quickstart.yaml
  authctl keys -c configs/loki.yaml
  authctl pseudonym --help`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		bench.New(), drift.New(), explain.New(), leakscan.New(), policydiff.New(), profiles.New(),
		pseudonyms.NewKeys(), pseudonyms.NewPseudonym(),
	)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	frame(root) // cobra's command completion keeps the out that there is by now
	return root
}
