// Command release builds the archives of a release, their SBOMs and SHA256SUMS:
//
//	go -C tools run ./release -root .. -out ../dist [-targets linux/amd64,…] [-dirty]
//
// What it writes depends on the commit and on the version of Go, and on nothing
// else: see docs/releasing.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/tools/internal/project"
)

func main() {
	root := flag.String("root", "..", "the project's root")
	out := flag.String("out", "../dist", "the folder to write into; it is emptied of an earlier release")
	targets := flag.String("targets", "", "OS/ARCH with commas between (default: all)")
	dirty := flag.Bool("dirty", false, "allow a work tree with changes; the version says so")
	flag.Parse()
	if err := run(context.Background(), *root, *out, *targets, *dirty); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, out, targets string, dirty bool) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	chosen, err := choose(targets)
	if err != nil {
		return err
	}
	source, err := project.ReadSource(ctx, root, dirty)
	if err != nil {
		return err
	}
	r := release{root: root, out: out, source: source}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	for _, t := range chosen {
		if err := r.target(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return r.sums()
}

// choose reads -targets.
func choose(names string) ([]project.Target, error) {
	if names == "" {
		return project.Targets, nil
	}
	var out []project.Target
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(project.Targets, func(t project.Target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("-targets: %q is none of %v", name, project.Targets)
		}
		out = append(out, project.Targets[i])
	}
	return out, nil
}
