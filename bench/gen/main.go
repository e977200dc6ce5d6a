// Command gen writes log lines of an identity provider, as NDJSON, to standard
// output: the same lines for the same flags. With -shift it writes the lines
// of standard input again, with their times moved.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2) // package flag has said what is wrong
	default:
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// errUsage stands for a flag that does not parse.
var errUsage = errors.New("usage")

func run(args []string, in io.Reader, out, usage io.Writer) error {
	var (
		o          = defaultOptions()
		shiftTimes bool
		end        = time.Now()
	)
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.Func("source", "whose lines: hera, login_gov or mixed (default mixed)", o.setSource)
	flags.IntVar(&o.lines, "n", o.lines, "number of lines, noise included")
	flags.Uint64Var(&o.seed, "seed", o.seed, "seed of the random numbers")
	flags.IntVar(&o.users, "users", o.users, "number of distinct users")
	flags.Float64Var(&o.ipv4, "ipv4", o.ipv4, "share of users with an IPv4 address; the others have IPv6")
	flags.Float64Var(&o.noise, "noise", o.noise, "share of lines that are no events: plain text, blank, broken JSON")
	flags.Float64Var(&o.duplicates, "duplicates", o.duplicates, "share of lines that repeat an event line just written")
	flags.Func("start", "time of the first line, RFC 3339 (default "+o.start.Format(time.RFC3339)+")", setTime(&o.start))
	flags.Float64Var(&o.rate, "rate", o.rate, "lines per second of log time")
	flags.BoolVar(&shiftTimes, "shift", false, "write standard input again, its times moved so that the newest becomes -end")
	flags.Func("end", "with -shift: the newest time, RFC 3339 (default now)", setTime(&end))
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("takes flags only (got %q)", flags.Arg(0))
	}
	if shiftTimes {
		return shift(in, out, end)
	}
	if err := o.validate(); err != nil {
		return err
	}
	return write(out, o)
}

func setTime(t *time.Time) func(string) error {
	return func(s string) (err error) {
		*t, err = time.Parse(time.RFC3339, s)
		return err
	}
}

// write generates the lines that o asks for.
func write(out io.Writer, o options) error {
	w := bufio.NewWriterSize(out, 1<<16)
	g := newGenerator(o)
	var line []byte
	for i := range o.lines {
		line = append(g.appendLine(line[:0], i), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}
