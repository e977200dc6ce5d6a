// Command scrub compares what it costs pii_scrub and the stock redaction
// processor to take the personal data out of the same records: CPU time of the
// whole process, user and system, and allocations.
//
// Before it times anything it shows what each of them leaves.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scrub:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("scrub", flag.ContinueOnError)
	lines := flags.Int("lines", 100_000, "how many lines of the file are read")
	runs := flags.Int("runs", 5, "how often each processor sees them")
	child := flags.String("child", "", "process with this processor, or none, and print what it took")
	body := flags.String("body", string(authevent.BodyText), "form of the body, for -child")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *lines <= 0 || *runs <= 0 {
		return errors.New("usage: scrub [-lines n] [-runs n] file")
	}
	file, err := filepath.Abs(flags.Arg(0))
	if err != nil {
		return err
	}
	if *child != "" {
		return measure(*child, authevent.Body(*body), file, *lines)
	}
	for _, form := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
		fmt.Printf("body: %s\n\n", form)
		if err := check(form, file); err != nil {
			return err
		}
		if err := compare(form, file, *lines, *runs); err != nil {
			return err
		}
	}
	return nil
}
