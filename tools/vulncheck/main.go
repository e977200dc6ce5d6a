// Command vulncheck runs govulncheck on built commands, if its database can be
// reached:
//
//	go -C tools run ./vulncheck [-db file:///srv/vulndb] [-strict] FILE…
//
// It reads of the binary which functions the linker kept: quicker than to load the
// sources of five hundred modules (a second), and what is reported is what is
// shipped. It fails on findings. Without a database it says in one line that nothing
// was checked, and fails only if -strict or CI_STRICT=1 asks for it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
)

// official is the database of the Go project.
const official = "https://vuln.go.dev"

func main() {
	db := flag.String("db", official, "the database, or a copy of it: an https: or file: URL")
	strict := flag.Bool("strict", os.Getenv("CI_STRICT") == "1", "fail where the database can't be reached")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "vulncheck: name the built commands to check")
		os.Exit(2)
	}
	os.Exit(run(context.Background(), *db, *strict, flag.Args()))
}

// run returns the exit status.
func run(ctx context.Context, db string, strict bool, binaries []string) int {
	if err := reachable(ctx, db); err != nil {
		fmt.Fprintf(os.Stderr, "vulncheck: NOT CHECKED, the vulnerability database can't be reached: %v\n", err)
		if strict {
			return 1
		}
		return 0
	}
	status := 0
	for _, binary := range binaries {
		fmt.Println("vulncheck:", binary)
		if err := govulncheck(ctx, db, binary); err != nil {
			fmt.Fprintf(os.Stderr, "vulncheck: %s: %v\n", binary, err)
			status = 1
		}
	}
	return status
}

// govulncheck is the one of this module's go.mod, checked by its go.sum.
func govulncheck(ctx context.Context, db, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "tool", "govulncheck", "-db", db, "-mode", "binary", binary)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
