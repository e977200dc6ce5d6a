// Package linked finds the modules that a command consists of: of its source, as
// go list sees it, and of the binary, as the linker wrote it down.
package linked

import (
	"bytes"
	"cmp"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// Module is one that has at least one package in the command.
type Module struct {
	Path    string
	Version string   // empty for the project's own
	Sum     string   // of a binary only: h1:…, as in go.sum
	Dir     string   // of a source only: where its files lie
	Dirs    []string // of a source only: of its packages that are linked, sorted
}

// Key identifies a module in both views.
func (m Module) Key() string { return m.Path + "@" + m.Version }

// Source lists the modules of the main package in dir, sorted by path. env is
// added to the caller's environment, and says for which machine.
func Source(ctx context.Context, dir string, env []string) ([]Module, error) {
	cmd := exec.CommandContext(ctx, "go", "-C", dir, "list", "-deps", "-json=Dir,Standard,Module", ".")
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
		}
		return nil, fmt.Errorf("go list -deps in %s: %w", dir, err)
	}
	return fromList(out)
}

// fromList reads the objects that go list prints, one a package.
func fromList(out []byte) ([]Module, error) {
	type listed struct {
		Path, Version, Dir string
		Main               bool
		Replace            *listed
	}
	modules := map[string]*Module{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir      string
			Standard bool
			Module   *listed
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("output of go list: %w", err)
		}
		if p.Standard || p.Module == nil {
			continue
		}
		l := *p.Module
		if l.Replace != nil {
			// A fork has a path and version of its own; a folder is ours.
			l.Version, l.Dir = l.Replace.Version, l.Replace.Dir
			if l.Version != "" {
				l.Path = l.Replace.Path
			}
		}
		if l.Main {
			l.Version = ""
		}
		m, ok := modules[l.Path]
		if !ok {
			m = &Module{Path: l.Path, Version: l.Version, Dir: l.Dir}
			modules[l.Path] = m
		}
		m.Dirs = append(m.Dirs, p.Dir)
	}
	return sorted(modules), nil
}

// Binary is what a built command says of itself.
type Binary struct {
	Main      string            // path of the module that its main package is of
	GoVersion string            // go1.26.8
	Settings  map[string]string // GOOS, vcs.revision, …
	Modules   []Module          // sorted by path, the command's own among them
}

// Read reads what the linker wrote into the file.
func Read(file string) (Binary, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return Binary{}, fmt.Errorf("%s has no build information: %w", file, err)
	}
	b := Binary{Main: info.Main.Path, GoVersion: info.GoVersion, Settings: map[string]string{}}
	for _, s := range info.Settings {
		b.Settings[s.Key] = s.Value
	}
	modules := map[string]*Module{info.Main.Path: {Path: info.Main.Path}}
	for _, d := range info.Deps {
		m := &Module{Path: d.Path, Version: d.Version, Sum: d.Sum}
		if r := d.Replace; r != nil {
			if strings.HasPrefix(r.Path, ".") || strings.HasPrefix(r.Path, "/") {
				m.Version, m.Sum = "", ""
			} else {
				m.Path, m.Version, m.Sum = r.Path, r.Version, r.Sum
			}
		}
		modules[m.Path] = m
	}
	b.Modules = sorted(modules)
	return b, nil
}

// Differences lists what only one of the two views has: an SBOM made of one and
// licenses found by the other must be about the same modules.
func Differences(source, binary []Module) []string {
	var out []string
	for _, m := range missing(source, binary) {
		out = append(out, m+": in the source only")
	}
	for _, m := range missing(binary, source) {
		out = append(out, m+": in the binary only")
	}
	return out
}

func missing(from, in []Module) []string {
	var out []string
	for _, m := range from {
		if !slices.ContainsFunc(in, func(o Module) bool { return o.Key() == m.Key() }) {
			out = append(out, m.Key())
		}
	}
	return out
}

// Union joins several lists: of a module in more than one, the packages of all.
func Union(lists ...[]Module) []Module {
	modules := map[string]*Module{}
	for _, m := range slices.Concat(lists...) {
		if known, ok := modules[m.Key()]; ok {
			known.Dirs = append(known.Dirs, m.Dirs...)
			continue
		}
		m.Dirs = slices.Clone(m.Dirs)
		modules[m.Key()] = &m
	}
	return sorted(modules)
}

func sorted(modules map[string]*Module) []Module {
	out := make([]Module, 0, len(modules))
	for _, m := range modules {
		slices.Sort(m.Dirs)
		m.Dirs = slices.Compact(m.Dirs)
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Module) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Version, b.Version))
	})
	return out
}
