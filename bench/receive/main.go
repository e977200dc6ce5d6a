// Command receive compares what it costs the auth_events receiver and the stock
// file_log receiver, with json_parser and time parsing, to read one file into a
// consumer that does nothing: CPU time of the whole process, user and system.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "receive:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("receive", flag.ContinueOnError)
	lines := flags.Int("lines", 0, "how many lines the file has, each an event")
	runs := flags.Int("runs", 5, "how often each receiver reads it")
	child := flags.String("child", "", "read with this receiver, and print the nanoseconds of CPU time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *lines <= 0 {
		return errors.New("usage: receive -lines n [-runs n] file")
	}
	file, err := filepath.Abs(flags.Arg(0))
	if err != nil {
		return err
	}
	if *child != "" {
		return measure(*child, file, *lines)
	}
	return compare(file, *lines, *runs)
}

// compare runs the receivers by turns, and prints a table.
func compare(file string, lines, runs int) error {
	ours, stock := &figures{name: oursName}, &figures{name: stockName}
	for range runs {
		for _, f := range []*figures{stock, ours} {
			cpu, err := inProcess(f.name, file, lines)
			if err != nil {
				return err
			}
			f.add(cpu, lines)
		}
	}
	fmt.Print(table(stock, ours))
	return nil
}

// inProcess runs measure in a process of its own.
func inProcess(name, file string, lines int) (time.Duration, error) {
	out, err := pairs.Child(deadline+time.Minute, "-child", name, "-lines", strconv.Itoa(lines), file)
	if err != nil {
		return 0, err
	}
	nanos, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return time.Duration(nanos), err
}
