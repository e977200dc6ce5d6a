package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// events says of which events a metric counts, by source.
func events(b *bytes.Buffer, m *definition.Metric, set definition.Set) {
	for _, p := range set.Pairs {
		switch m.Name {
		case p.Duration:
			fmt.Fprintf(b, "From an event that begins to one that ends, of the same %s%s, within %s.\n\n", strings.Join(coded(p.By), " or "), matching(p), shortly(p.Timeout))
			pairTable(b, p)
			return
		case p.Abandoned:
			fmt.Fprintf(b, "An event that begins, and none that ends, of the same %s%s, within %s.\n\n", strings.Join(coded(p.By), " or "), matching(p), shortly(p.Timeout))
			pairTable(b, p)
			return
		}
	}
	for _, f := range set.Funnels {
		if f.Metric == m.Name {
			b.WriteString("The steps and their events stand under [funnels](#funnels).\n")
			return
		}
	}
	b.WriteString("| source | events |\n|---|---|\n")
	for _, row := range rows(m.Rules) {
		fmt.Fprintf(b, "| %s | %s |\n", row.source, strings.Join(row.events, "; "))
	}
}

func matching(p definition.Pair) string {
	if len(p.Match) == 0 {
		return ""
	}
	return " and the same " + strings.Join(coded(p.Match), ", ")
}

func pairTable(b *bytes.Buffer, p definition.Pair) {
	fmt.Fprintf(b, "| | events |\n|---|---|\n| begins | %s |\n| ends | %s |\n",
		strings.Join(bySource(p.Begin), "<br>"), strings.Join(bySource(p.End), "<br>"))
}

// row is what one source has for a metric.
type row struct {
	source string
	events []string
}

// rows renders rules, those of a source together, in the order of the sources
// that come first.
func rows(rules []definition.Rule) []row {
	var list []row
	for _, r := range rules {
		source := "`" + r.Source + "`"
		if r.Source == "" {
			source = "all"
			if slices.ContainsFunc(r.Conditions, notBuiltIn) {
				source = "your own"
			}
		}
		i := slices.IndexFunc(list, func(x row) bool { return x.source == source })
		if i < 0 {
			i, list = len(list), append(list, row{source: source})
		}
		list[i].events = append(list[i].events, describe(r))
	}
	return list
}

func bySource(rules []definition.Rule) []string {
	var texts []string
	for _, row := range rows(rules) {
		texts = append(texts, row.source+": "+strings.Join(row.events, "; "))
	}
	return texts
}

// notBuiltIn tells the condition that keeps a rule to sources of a user's own.
func notBuiltIn(c definition.Condition) bool { return c.Not && c.Place.Name == attr.Source }

// describe renders a rule.
func describe(r definition.Rule) string {
	text := strings.Join(coded(r.Events), ", ")
	if slices.Equal(r.Events, []string{"*"}) {
		text = "all events"
	}
	if len(r.Except) > 0 {
		text += " but " + strings.Join(coded(r.Except), ", ")
	}
	var conditions []string
	for _, c := range r.Conditions {
		if notBuiltIn(c) {
			continue
		}
		conditions = append(conditions, condition(c))
	}
	if len(conditions) > 0 {
		text += " where " + strings.Join(conditions, " and ")
	}
	if r.Value.Name != "" {
		text += ", of which `" + r.Value.Name + "` is taken"
	}
	if len(r.Defaults) > 0 {
		defaults := make([]string, len(r.Defaults))
		for i, d := range r.Defaults {
			defaults[i] = "`" + d.Dimension + "` " + d.Value
		}
		text += " (" + strings.Join(defaults, ", ") + ")"
	}
	return text
}

func condition(c definition.Condition) string {
	name := "`" + c.Place.Name + "`"
	values := strings.Join(coded(c.Values), ", ")
	switch {
	case slices.Equal(c.Values, []string{"*"}) && c.Not:
		return "there is no " + name
	case slices.Equal(c.Values, []string{"*"}):
		return "there is " + name
	case c.Not:
		return name + " is not " + values
	case len(c.Values) > 1:
		return name + " is one of " + values
	}
	return name + " is " + values
}

// shortly renders 24h0m0s as 24h.
func shortly(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-len("0s")]
		}
	}
	return s
}
