// Package machine says what figures were taken on.
package machine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Describe says what the figures are taken on, and of which commit, as a list of
// four lines in Markdown. What can't be found out is "unknown".
func Describe(ctx context.Context, root string, now time.Time) string {
	return fmt.Sprintf("- %s, commit %s\n- %s, %d cores, %s of memory\n- Linux %s, %s %s/%s\n- load at the start: %s\n",
		now.UTC().Format("2006-01-02 15:04 UTC"), commit(ctx, root),
		field("/proc/cpuinfo", "model name"), runtime.NumCPU(), memory(field("/proc/meminfo", "MemTotal")),
		firstLine("/proc/sys/kernel/osrelease"), runtime.Version(), runtime.GOOS, runtime.GOARCH, firstLine("/proc/loadavg"))
}

// commit is the newest one, marked if what was measured differs from it.
func commit(ctx context.Context, root string) string {
	git := func(args ...string) string {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
		if err != nil {
			return "unknown"
		}
		return strings.TrimSpace(string(out))
	}
	id := git("rev-parse", "--short=12", "HEAD")
	if git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/results.md", ":!bench/agreement.md") != "" {
		id += ", with changes"
	}
	return id
}

// field is the first value of a key in a file of lines "key: value".
func field(path, key string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func firstLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// memory turns "24690532 kB" into "23.5 GiB".
func memory(text string) string {
	kib, err := strconv.ParseFloat(strings.TrimSuffix(text, " kB"), 64)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%.1f GiB", kib/(1<<20))
}
