package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/agree"
)

const preface = `# Side by side

Written by ` + "`make bench`" + `; [README.md](README.md#compare) says what is measured, and how.

`

// report checks and measures all, and returns the text of results.md.
func (h *harness) report(ctx context.Context, o options) (string, error) {
	began := time.Now()
	var b, agreed strings.Builder
	b.WriteString(preface + machine(ctx, h.root, began))
	fmt.Fprintf(&b, "- runs of each pair: %d; %s users, %g%% of them with IPv4\n\n", o.runs, grouped(users), ipv4*100)
	for _, s := range o.sources() {
		text, checks, err := h.source(ctx, s, o)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		agreed.WriteString(checks)
	}
	if o.postgres {
		table, err := postgres(ctx, h.bench())
		if err != nil {
			return "", err
		}
		b.WriteString("## Rows into Postgres\n\n" + table + "\n")
	}
	b.WriteString("## What both sides' outputs have in common\n\nChecked before anything was timed.\n\n" + agreed.String())
	fmt.Fprintf(&b, "Took %s.\n", time.Since(began).Round(time.Second))
	return b.String(), nil
}

// source is the part of the report on one source's lines, and what the checks say.
func (h *harness) source(ctx context.Context, s source, o options) (text, checks string, err error) {
	in, err := makeInput(ctx, h.bench(), h.work, s.key, content{lines: s.lines, users: users, files: 1})
	if err != nil {
		return "", "", err
	}
	defer in.remove()
	checks, err = h.check(ctx, s, in, o.check)
	if err != nil {
		return "", "", err
	}
	all, err := h.compareRows(ctx, s.key, in)
	if err != nil {
		return "", "", err
	}
	reached := ratioGoals(s.key, all)
	text = fmt.Sprintf("## %s: %s lines of %d bytes\n\n%s\n", s.name, grouped(in.lines), in.bytes/int64(in.lines), rowsTable(all))
	if dims := o.dimensions(s.lines); len(dims) > 0 {
		taken, err := h.flat(ctx, s.key, dims)
		if err != nil {
			return "", "", err
		}
		reached = append(reached, flatGoals(dims, taken)...)
		text += "Everything, ours, over other inputs:\n\n" + flatTable(dims, taken) + "\n"
	}
	return text + goalsTable(reached) + "\n", checks, nil
}

// check compares what the two sides put out, for every row.
func (h *harness) check(ctx context.Context, s source, in input, lines int) (string, error) {
	var b strings.Builder
	for _, r := range h.rows {
		text, err := agree.Check(ctx, h.binary, s.key, r.key, in.files[0], min(lines, in.lines))
		if err != nil {
			h.say("%s", text) // what was compared, which helps to see why
			return "", fmt.Errorf("%s, %s: the two sides do not do the same: %w", s.name, r.name, err)
		}
		h.say("%s, %s: the two sides agree", s.name, r.name)
		fmt.Fprintf(&b, "### %s, %s\n\n%s\n\n", s.name, r.name, strings.TrimSpace(text))
	}
	return b.String(), nil
}
