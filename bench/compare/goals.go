package main

import (
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// goals are how many times the CPU of ours the stock components should take.
var goals = map[string]map[pipelines.Row]float64{
	"login_gov": {pipelines.Receive: 5, pipelines.Everything: 10},
	"hera":      {pipelines.Receive: 3, pipelines.Everything: 6},
}

const (
	// flatGoal bounds the cost of each input relative to the first.
	flatGoal = 1.5
	// memoryGoal bounds the peak over a ten times longer input. The garbage
	// collector's pace differs by a few percent from run to run.
	memoryGoal = 1.1
)

type goal struct {
	name         string
	goal, figure string
	reached      bool
}

// ratioGoals hold the medians of the ratios, and the memory, against the goals.
func ratioGoals(source string, all []compared) []goal {
	var out []goal
	for i := range all {
		c := &all[i]
		want, ok := goals[source][c.key]
		if !ok {
			continue
		}
		out = append(out,
			goal{c.name + ": stock CPU / our CPU", fmt.Sprintf("at least %g", want), fmt.Sprintf("%.1f (%.1f without the starts)", c.ratio(), c.warm()), c.ratio() >= want},
			goal{c.name + ": peak memory, MB", fmt.Sprintf("at most stock's %.0f", c.stock.peak()), fmt.Sprintf("%.0f", c.ours.peak()), c.ours.peak() <= c.stock.peak()})
	}
	return out
}

// flatGoals hold the greatest relative cost of each dimension against the goal,
// and for a longer input the memory.
func flatGoals(dims []dimension, taken flatness) []goal {
	var out []goal
	for _, d := range dims {
		first, worst, memory := taken[d.variants[0].content], 0.0, 0.0
		for _, v := range d.variants {
			f := taken[v.content]
			_, relative, _ := pairs.Spread(f.over(first))
			worst, memory = max(worst, relative), max(memory, f.peak()/first.peak())
		}
		out = append(out, goal{"flat over " + d.name, fmt.Sprintf("at most %g", flatGoal), fmt.Sprintf("%.2f", worst), worst <= flatGoal})
		if d.key == "lines" {
			out = append(out, goal{"peak memory over " + d.name, fmt.Sprintf("at most %g", memoryGoal), fmt.Sprintf("%.2f", memory), memory <= memoryGoal})
		}
	}
	return out
}

func goalsTable(all []goal) string {
	var b strings.Builder
	b.WriteString("| goal | | measured | reached |\n|---|---|---|---|\n")
	for _, g := range all {
		reached := "no"
		if g.reached {
			reached = "yes"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", g.name, g.goal, g.figure, reached)
	}
	return b.String()
}
