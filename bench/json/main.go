// Command json compares what JSON libraries and this project's own decoder take
// to make log records of lines: validate the line, find the fields that a
// profile asks for, and put them into a record. All ways make the same records,
// which is checked before anything is timed.
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
		fmt.Fprintln(os.Stderr, "json:", err)
		os.Exit(1)
	}
}

// options are how much is measured.
type options struct{ rounds, runs, events int }

func run(args []string) error {
	var o options
	flags := flag.NewFlagSet("json", flag.ContinueOnError)
	flags.IntVar(&o.rounds, "rounds", 400, "how often each way reads a batch, by turns in one process")
	flags.IntVar(&o.runs, "runs", 5, "how often each way reads the lines in a process of its own; 0 for not at all")
	flags.IntVar(&o.events, "events", 100_000, "how many lines it then reads: those of the file again and again")
	child := flags.String("child", "", "read in this way, and print what it took")
	of := flags.String("source", "", "of the file's lines, for -child")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child != "" && flags.NArg() == 1 {
		return measure(*child, *of, flags.Arg(0), o.events)
	}
	if flags.NArg() != len(sources) || o.rounds <= 0 || o.runs < 0 || o.events <= 0 {
		return errors.New("usage: json [-rounds n] [-runs n] [-events n] file-of-hera file-of-login_gov")
	}
	table, err := refusals()
	if err != nil {
		return err
	}
	fmt.Println(table)
	for i := range sources {
		file, err := filepath.Abs(flags.Arg(i))
		if err != nil {
			return err
		}
		if err := compare(&sources[i], file, o); err != nil {
			return err
		}
	}
	return nil
}
