// Command authctl shows what the collector does: with a line, with a value, with
// a configuration. It needs no network, and starts no server.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/cli"
)

// patience is how long a command may take to end after ^C: one that computes, and reads
// nothing, does not hear it.
const patience = 2 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ignoreBrokenPipe()
	context.AfterFunc(ctx, func() { // most commands end long before
		time.AfterFunc(patience, func() {
			_, _ = fmt.Fprintln(os.Stderr, "authctl: interrupted")
			os.Exit(cli.ExitError)
		})
	})
	code := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
