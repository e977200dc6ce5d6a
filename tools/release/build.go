package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
	"github.com/authevents/otelcol-auth/tools/internal/project"
)

// builtBinary is a command as it was built, and what it is made of.
type builtBinary struct {
	content []byte
	info    linked.Binary   // what the linker wrote down
	source  []linked.Module // what go list says, with folders
}

// build builds one command for one kind of machine, and holds what the binary
// says of itself against the sources.
func (r *release) build(ctx context.Context, b project.Binary, t project.Target) (bin builtBinary, err error) {
	dir, err := os.MkdirTemp("", "release-")
	if err != nil {
		return bin, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	out := filepath.Join(dir, b.Name)
	cmd := exec.CommandContext(ctx, "go", project.BuildArgs(r.root, b, out)...)
	cmd.Env = append(os.Environ(), project.Env(t)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return bin, fmt.Errorf("go build: %w", err)
	}
	if bin.content, err = os.ReadFile(out); err != nil {
		return bin, err
	}
	if bin.info, err = linked.Read(out); err != nil {
		return bin, err
	}
	if bin.source, err = linked.Source(ctx, filepath.Join(r.root, b.Dir), project.Env(t)); err != nil {
		return bin, err
	}
	return bin, errors.Join(r.stamped(bin.info), same(bin))
}

// stamped fails unless the binary names the commit it is released as.
func (r *release) stamped(info linked.Binary) error {
	if got := info.Settings["vcs.revision"]; got != r.source.Commit {
		return fmt.Errorf("the binary names commit %q, not %s: go stamps only in a clone, not in a git worktree or an unpacked tarball; if it is a clone, did it change?", got, r.source.Commit)
	}
	if modified := info.Settings["vcs.modified"] == "true"; modified != r.source.Dirty {
		return fmt.Errorf("the binary says vcs.modified=%t, the work tree %t: did it change?", modified, r.source.Dirty)
	}
	return nil
}

// same fails unless licenses, found by go list, and SBOM, read from the binary,
// are about the same modules.
func same(bin builtBinary) error {
	if diff := linked.Differences(bin.source, bin.info.Modules); len(diff) > 0 {
		return fmt.Errorf("source and binary have other modules:\n%s", strings.Join(diff, "\n"))
	}
	return nil
}
