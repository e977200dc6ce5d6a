// Command show prints the table of a file of rows, and fails if a row does, or
// if a fault has none. `make faults` calls it.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/authevents/otelcol-auth/internal/faults/table"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "\n%v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: show <file of rows>: the file that FAULTS_TABLE named when the tests ran")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return fmt.Errorf("%w: no test has reported a row", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	rows, err := table.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return errors.Join(table.Write(os.Stdout, rows), table.Verdict(rows))
}
