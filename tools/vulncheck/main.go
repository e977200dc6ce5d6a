// Command vulncheck runs govulncheck on the commands of a release, if its
// database can be reached:
//
//	go -C tools run ./vulncheck -root .. [-db file:///srv/vulndb] [-strict] [-binary FILE]
//
// It fails on findings. Without a database it says in one line that nothing was
// checked, and fails only if -strict or CI_STRICT=1 asks for it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/authevents/otelcol-auth/tools/internal/project"
)

// official is the database of the Go project.
const official = "https://vuln.go.dev"

func main() {
	root := flag.String("root", "..", "the project's root")
	db := flag.String("db", official, "the database, or a copy of it: an https: or file: URL")
	strict := flag.Bool("strict", os.Getenv("CI_STRICT") == "1", "fail where the database can't be reached")
	binary := flag.String("binary", "", "check this built command in place of the sources: quicker, and by modules and packages more than by calls")
	flag.Parse()
	os.Exit(run(context.Background(), *root, *db, *binary, *strict))
}

func run(ctx context.Context, root, db, binary string, strict bool) int {
	if err := reachable(ctx, db); err != nil {
		fmt.Fprintf(os.Stderr, "vulncheck: NOT CHECKED, the vulnerability database can't be reached: %v\n", err)
		if strict {
			return 1
		}
		return 0
	}
	status := 0
	for _, args := range scans(root, binary) {
		fmt.Println("vulncheck:", args[len(args)-1])
		if err := govulncheck(ctx, append([]string{"-db", db}, args...)); err != nil {
			fmt.Fprintf(os.Stderr, "vulncheck: %s: %v\n", args[len(args)-1], err)
			status = 1
		}
	}
	return status
}

// scans are govulncheck's arguments: of the one binary, or of every command's sources.
func scans(root, binary string) [][]string {
	if binary != "" {
		return [][]string{{"-mode", "binary", binary}}
	}
	var out [][]string
	for _, b := range project.Binaries {
		out = append(out, []string{"-C", filepath.Join(root, b.Dir), "./..."})
	}
	return out
}

// govulncheck is the one of this module's go.mod, checked by its go.sum.
func govulncheck(ctx context.Context, args []string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"tool", "govulncheck"}, args...)...)
	cmd.Env = append(os.Environ(), project.Env(project.Targets[0])...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
