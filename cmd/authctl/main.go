// Command authctl shows what the collector does: with a line, with a value, with
// a configuration. It needs no network, and starts no server.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ignoreBrokenPipe()
	code := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
