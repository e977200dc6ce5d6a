package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// dimension is what changes of the input while the rest stays.
type dimension struct {
	key, name string
	variants  []variant
}

type variant struct {
	label string
	content
}

// dimensions are all that the cost of an event should not depend on, over two
// fifths of the lines of the rows. They share the first input of most, which is
// read but once in each turn.
func dimensions(lines int) []dimension {
	lines = max(1, lines*2/5)
	base := content{lines: lines, users: users, files: 1}
	with := func(label string, change func(*content)) variant {
		v := variant{label: label, content: base}
		change(&v.content)
		return v
	}
	same := func(*content) {}
	tenfold := func(c *content) { c.lines *= 10 }
	return []dimension{
		{"files", "files", []variant{
			with("1", same),
			with("10", func(c *content) { c.files = 10 }),
			with("100", func(c *content) { c.files = 100 }),
		}},
		{"users", "users", []variant{
			with("10", func(c *content) { c.users = 10 }),
			with("5,000", same),
			with("100,000", func(c *content) { c.users = 100_000 }),
		}},
		{"noise", "unparsable lines", []variant{
			with("0%", same),
			with("10%", func(c *content) { c.noise = 0.1 }),
			with("50%", func(c *content) { c.noise = 0.5 }),
		}},
		{"lines", "lines", []variant{with(grouped(lines), same), with(grouped(10*lines), tenfold)}},
	}
}

// flatness is what each input took, by its content.
type flatness map[content]*figures

// flat runs our whole pipeline over each distinct input, all of them once in
// each turn.
func (h *harness) flat(ctx context.Context, source string, dims []dimension) (flatness, error) {
	var order []variant
	inputs := map[content]input{}
	shortest := dims[0].variants[0].lines
	for _, d := range dims {
		for _, v := range d.variants {
			if _, made := inputs[v.content]; made {
				continue
			}
			in, err := makeInput(ctx, h.bench(), h.work, source, v.content)
			if err != nil {
				return nil, err
			}
			defer in.remove()
			inputs[v.content] = in
			order = append(order, v)
		}
	}
	taken := flatness{}
	for run := range h.runs {
		for _, v := range order {
			if run > 0 && v.lines > shortest {
				continue // one run does: it is long
			}
			in := inputs[v.content]
			u, err := h.measure(ctx, pipelines.Ours, source, pipelines.Everything, in)
			if err != nil {
				return nil, err
			}
			if taken[v.content] == nil {
				taken[v.content] = &figures{}
			}
			taken[v.content].add(u, in.lines)
		}
		h.say("%s, flatness, run %d", source, run+1)
	}
	return taken, nil
}

func flatTable(dims []dimension, taken flatness) string {
	var b strings.Builder
	b.WriteString("| | | CPU µs per line: median | least | greatest | relative to the first: median | least | greatest | peak memory, MB |\n" +
		"|---|---|---|---|---|---|---|---|---|\n")
	for _, d := range dims {
		first, name := taken[d.variants[0].content], d.name
		for _, v := range d.variants {
			f := taken[v.content]
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %.0f |\n", name, v.label, spread(f.micros, "%.2f"), spread(f.over(first), "%.2f"), f.peak())
			name = ""
		}
	}
	return b.String()
}
