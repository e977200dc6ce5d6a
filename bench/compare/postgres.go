package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// postgres runs the benchmark of rows a second, and takes its table over.
func postgres(ctx context.Context, bench string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "run", "./postgres")
	cmd.Dir, cmd.Stderr = bench, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	return markdown(string(out)), nil
}

// gap divides the columns of a table for the terminal.
var gap = regexp.MustCompile(` {2,}`)

// markdown makes such a table, whose first line is its head, one of Markdown.
func markdown(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		cells := gap.Split(strings.TrimSpace(line), -1)
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
		}
	}
	return b.String()
}
