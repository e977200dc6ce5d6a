package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/agree"
	"github.com/authevents/otelcol-auth/bench/internal/machine"
)

const (
	figuresHead = `# Side by side

Written by ` + "`make bench`" + `; [README.md](README.md#compare) says what is measured, and how.
Before that both sides' outputs were compared: [agreement.md](agreement.md).

`
	agreedHead = `# What both sides put out

Written by ` + "`make bench`" + ` before it measured anything: both sides' records and counts, field by
field. [README.md](README.md#compare) says how.

`
)

// report checks and measures all, and returns the texts of results.md and of
// agreement.md.
func (h *harness) report(ctx context.Context, o options) (figures, agreed string, err error) {
	began := time.Now()
	var b, checked strings.Builder
	checked.WriteString(agreedHead)
	b.WriteString(figuresHead + machine.Describe(ctx, h.root, began))
	fmt.Fprintf(&b, "- runs of each pair: %d; %s users, %g%% of them with IPv4\n\n", o.runs, grouped(users), ipv4*100)
	for _, s := range o.sources() {
		text, checks, err := h.source(ctx, s, o)
		if err != nil {
			return "", "", err
		}
		b.WriteString(text)
		checked.WriteString(checks)
	}
	if o.postgres {
		table, err := postgres(ctx, h.bench())
		if err != nil {
			return "", "", err
		}
		b.WriteString("## Rows into Postgres\n\n" + table + "\n")
	}
	fmt.Fprintf(&b, "Took %s.\n", time.Since(began).Round(time.Second))
	return b.String(), checked.String(), nil
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
		fmt.Fprintf(&b, "## %s, %s\n\n%s\n\n", s.name, r.name, strings.TrimSpace(text))
	}
	fmt.Print(b.String()) // now, so that the figures are the last on the screen
	return b.String(), nil
}
