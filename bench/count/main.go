// Command count compares what it costs event_metrics and the stock connectors
// signal_to_metrics and count to count the same records in the same metrics:
// CPU time of the counting, user and system, and allocations.
//
// Before it times anything it holds the totals of each metric against ours.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("count", flag.ContinueOnError)
	lines := flags.Int("lines", 10_000, "how many lines of each file are read")
	runs := flags.Int("runs", 5, "how often each connector sees them")
	child := flags.String("child", "", "count with this connector, and print what it took")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 2 || *lines <= 0 || *runs <= 0 {
		return errors.New("usage: count [-lines n] [-runs n] hera-file login_gov-file")
	}
	var in input
	for i, file := range []*string{&in.hera, &in.loginGov} {
		abs, err := filepath.Abs(flags.Arg(i))
		if err != nil {
			return err
		}
		*file = abs
	}
	if *child != "" {
		return measure(*child, in, *lines)
	}
	if err := check(in, *lines); err != nil {
		return err
	}
	return compare(in, *lines, *runs)
}
