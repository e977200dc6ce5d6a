//go:build linux

// Package memlimit runs a process under a memory limit that the kernel enforces,
// as a container's: it counts the pages of files that the process reads and of its
// own binary, takes those back first, and kills the process if that is not enough.
package memlimit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hierarchy is a mounted hierarchy of control groups, and what its files are called.
type hierarchy struct{ root, limit, peak, events string }

// hierarchies are version 1 and 2; a machine has the memory controller in one.
var hierarchies = []hierarchy{
	{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"},
	{"/sys/fs/cgroup", "memory.max", "memory.peak", "memory.events"},
}

// Group is a control group with a limit.
type Group struct {
	hierarchy
	dir string
}

// New makes a group whose processes may have so many bytes together. Its error says
// that this machine, or this user, can make none.
func New(limit int64) (*Group, error) {
	var errs []error
	for _, h := range hierarchies {
		g := &Group{hierarchy: h}
		var err error
		if g.dir, err = os.MkdirTemp(h.root, "otelcol-auth-faults-"); err != nil {
			errs = append(errs, err)
			continue
		}
		if err = g.set(limit); err == nil {
			return g, nil
		}
		errs = append(errs, err, g.Close())
	}
	return nil, fmt.Errorf("a control group with a memory limit: %w", errors.Join(errs...))
}

// set writes the limit into a file that is there: where there is no such file, the
// folder is none of the memory controller's.
func (g *Group) set(limit int64) error {
	f, err := os.OpenFile(g.file(g.limit), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strconv.FormatInt(limit, 10))
	return errors.Join(err, f.Close())
}

// Script writes a program into a folder that enters the group, and becomes a copy
// of the binary. The copy is the group's own: pages of a file count where it was
// read first, and so the original's count elsewhere.
func (g *Group) Script(dir, binary string) (string, error) {
	path := filepath.Join(dir, "limited")
	text := fmt.Sprintf("#!/bin/sh\nset -e\necho $$ >'%s'\ncp '%s' '%s.copy'\nexec '%s.copy' \"$@\"\n",
		g.file("cgroup.procs"), binary, path, path)
	return path, os.WriteFile(path, []byte(text), 0o755)
}

// Peak is the most that the group has had, in bytes.
func (g *Group) Peak() (int64, error) {
	text, err := os.ReadFile(g.file(g.peak))
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
}

// Killed counts the processes that the kernel has killed for want of memory.
func (g *Group) Killed() (int, error) {
	text, err := os.ReadFile(g.file(g.events))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if count, ok := strings.CutPrefix(line, "oom_kill "); ok {
			return strconv.Atoi(strings.TrimSpace(count))
		}
	}
	return 0, fmt.Errorf("%s does not say how many were killed", g.events)
}

// Close removes the group, whose processes have ended, or were killed: those the
// kernel takes out of it a little later.
func (g *Group) Close() error {
	const patience = 10 * time.Second
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		err := os.Remove(g.dir)
		if !errors.Is(err, syscall.EBUSY) || time.Now().After(deadline) {
			return err
		}
	}
}

func (g *Group) file(name string) string { return filepath.Join(g.dir, name) }
