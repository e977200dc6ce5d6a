// Command licenses fails if a module that is linked into a command of a release
// has a license that is not allowed, or none:
//
//	go -C tools run ./licenses -root .. [-out THIRD_PARTY_LICENSES]
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/tools/internal/license"
	"github.com/authevents/otelcol-auth/tools/internal/linked"
	"github.com/authevents/otelcol-auth/tools/internal/project"
)

func main() {
	root := flag.String("root", "..", "the project's root")
	out := flag.String("out", "", "write the licenses' texts into this file")
	flag.Parse()
	if err := run(context.Background(), *root, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, out string) error {
	std, err := license.StandardLibrary(ctx)
	if err != nil {
		return err
	}
	all := []linked.Module{std}
	for _, b := range project.Binaries {
		for _, t := range project.Targets {
			modules, err := linked.Source(ctx, filepath.Join(root, b.Dir), project.Env(t))
			if err != nil {
				return err
			}
			all = linked.Union(all, modules)
		}
	}
	checker, err := license.NewChecker()
	if err != nil {
		return err
	}
	modules, err := checker.Modules(all)
	if err != nil {
		return err
	}
	fmt.Println(summary(modules))
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, []byte(license.Texts(modules)), 0o644)
}

// summary counts modules by license; one with two licenses counts at both.
func summary(modules []license.Module) string {
	counts := map[string]int{}
	for _, m := range modules {
		for _, id := range m.Licenses {
			counts[id]++
		}
	}
	parts := []string{}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", id, counts[id]))
	}
	return fmt.Sprintf("licenses: %d modules, all allowed: %s", len(modules), strings.Join(parts, ", "))
}
