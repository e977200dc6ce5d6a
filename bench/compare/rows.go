package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// row is a pipeline that both sides have.
type row struct {
	key  pipelines.Row
	name string
}

var rows = []row{
	{pipelines.Receive, "receive"},
	{pipelines.Scrub, "receive, scrub"},
	{pipelines.Count, "receive, count"},
	{pipelines.Everything, "everything: receive, count, scrub"},
	{pipelines.Send, "everything, sent by OTLP"},
}

// both are the two sides of a row.
var both = []pipelines.Side{pipelines.Stock, pipelines.Ours}

// compared is what both sides took for a row.
type compared struct {
	row
	stock, ours figures
}

func (c *compared) of(side pipelines.Side) *figures {
	if side == pipelines.Stock {
		return &c.stock
	}
	return &c.ours
}

// compareRows runs both sides by turns, first the one and then the other.
func (h *harness) compareRows(ctx context.Context, source string, in input) ([]compared, error) {
	all := make([]compared, len(h.rows))
	for i, r := range h.rows {
		all[i].row = r
	}
	if err := h.start(ctx, source, all, in.lines); err != nil {
		return nil, err
	}
	for run := range h.runs {
		for i := range all {
			c := &all[i]
			sides := slices.Clone(both)
			if run%2 == 1 {
				slices.Reverse(sides)
			}
			for _, side := range sides {
				u, err := h.measure(ctx, side, source, c.key, in)
				if err != nil {
					return nil, err
				}
				c.of(side).add(u, in.lines)
			}
			h.say("%s, %s, run %d: stock %.2f, ours %.2f µs an event", source, c.name, run+1, c.stock.micros[run], c.ours.micros[run])
		}
	}
	return all, nil
}

// start measures what each takes for one line, which is little but its start.
func (h *harness) start(ctx context.Context, source string, all []compared, lines int) error {
	one, err := makeInput(ctx, h.bench(), h.work, source, content{lines: 1, users: 1, files: 1})
	if err != nil {
		return err
	}
	defer one.remove()
	for i := range all {
		for _, side := range both {
			u, err := h.measure(ctx, side, source, all[i].key, one)
			if err != nil {
				return err
			}
			all[i].of(side).start = micros(u, lines)
		}
	}
	return nil
}

// ratios are how many times the CPU of ours the stock components took.
func (c *compared) ratios() []float64 { return c.stock.over(&c.ours) }

func (c *compared) ratio() float64 {
	_, median, _ := pairs.Spread(c.ratios())
	return median
}

// warm is the ratio of what is left of the medians without the starts.
func (c *compared) warm() float64 {
	return (c.stock.median() - c.stock.start) / (c.ours.median() - c.ours.start)
}

func rowsTable(all []compared) string {
	var b strings.Builder
	b.WriteString("| pipeline | side | CPU µs per event: median | least | greatest | of them the start | events per CPU second | peak memory, MB | ratio of CPU: median | least | greatest | without the starts |\n" +
		"|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for i := range all {
		c := &all[i]
		b.WriteString(line(c.name, "stock", &c.stock) + " | | | | |\n")
		b.WriteString(line("", "ours", &c.ours) + fmt.Sprintf(" | %s | %.1f |\n", spread(c.ratios(), "%.1f"), c.warm()))
	}
	return b.String()
}

func line(name, side string, f *figures) string {
	return fmt.Sprintf("| %s | %s | %s | %.2f | %s | %.0f", name, side, spread(f.micros, "%.2f"), f.start, grouped(int(1e6/f.median())), f.peak())
}
