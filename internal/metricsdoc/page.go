package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/otlptranslator"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// What no catalogue says stands before and behind what it does.
var (
	//go:embed intro.md
	intro string
	//go:embed closing.md
	closing string
)

// page renders docs/metrics.md.
func page(set definition.Set) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(intro)
	if err := overview(&b, set.Metrics); err != nil {
		return nil, err
	}
	for _, m := range set.Metrics {
		if err := section(&b, &m, set); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n## Funnels\n\nBuilt in; [settings](../connector/eventmetrics/README.md) take others under `funnels`. All count in `auth.funnel.users`.\n")
	for _, f := range set.Funnels {
		funnel(&b, f)
	}
	b.WriteString("\n" + closing)
	return b.Bytes(), nil
}

// overview lists all metrics with their names in Prometheus.
func overview(b *bytes.Buffer, metrics []definition.Metric) error {
	b.WriteString("\n| metric | in Prometheus | unit | kind |\n|---|---|---|---|\n")
	for _, m := range metrics {
		name, err := prometheusName(m)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "| [`%s`](#%s) | `%s` | `%s` | %s |\n", m.Name, anchor(m.Name), name, m.Unit, kindOf(m))
	}
	return nil
}

// prometheusName is the name of a metric's series, of a histogram's buckets.
func prometheusName(m definition.Metric) (string, error) {
	var kind otlptranslator.MetricType = otlptranslator.MetricTypeMonotonicCounter
	suffix := ""
	switch m.Kind {
	case definition.Histogram, definition.ExponentialHistogram:
		kind, suffix = otlptranslator.MetricTypeHistogram, "_bucket"
	case definition.Unique:
		kind = otlptranslator.MetricTypeGauge
	}
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	name, err := namer.Build(otlptranslator.Metric{Name: m.Name, Unit: m.Unit, Type: kind})
	return name + suffix, err
}

func kindOf(m definition.Metric) string {
	switch m.Kind {
	case definition.Histogram:
		return "histogram"
	case definition.ExponentialHistogram:
		return "exponential histogram"
	case definition.Unique:
		return "gauge"
	}
	return "monotonic sum"
}

// anchor is what renderers make of a heading in code.
func anchor(heading string) string { return strings.ReplaceAll(heading, ".", "") }

func section(b *bytes.Buffer, m *definition.Metric, set definition.Set) error {
	name, err := prometheusName(*m)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\n## `%s`\n\n%s\n\n%s in `%s`; in Prometheus `%s`.", m.Name, m.Description, capital(kindOf(*m)), m.Unit, name)
	if m.Kind == definition.Histogram {
		fmt.Fprintf(b, " Buckets up to %s.", strings.Trim(strings.ReplaceAll(fmt.Sprint(m.Bounds), " ", ", "), "[]"))
	}
	b.WriteString("\n")
	attributes(b, m)
	b.WriteString("\n")
	events(b, m, set)
	fmt.Fprintf(b, "\n%s\n\n```promql\n%s\n```\n", m.Question, m.Query)
	if m.Limits != "" {
		fmt.Fprintf(b, "\n%s\n", m.Limits)
	}
	return nil
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func attributes(b *bytes.Buffer, m *definition.Metric) {
	if len(m.Dimensions) == 0 {
		return
	}
	b.WriteString("\n| attribute | is |\n|---|---|\n")
	for _, d := range m.Dimensions {
		fmt.Fprintf(b, "| `%s` | %s |\n", d.Name, briefOf(d))
	}
	if m.Kind == definition.Unique {
		windows := make([]string, len(m.Unique.Windows))
		for i, w := range m.Unique.Windows {
			windows[i] = shortly(w)
		}
		fmt.Fprintf(b, "| `%s` | How far back the point looks: %s. |\n", definition.WindowAttribute, strings.Join(coded(windows), ", "))
	}
}

// briefs are of attributes that points alone carry.
var briefs = map[string]string{
	definition.FunnelAttribute: "The funnel.",
	definition.StepAttribute:   "The funnel's step.",
}

func briefOf(d definition.Dimension) string {
	if d.From.Name != "" && d.From.Name != d.Name {
		return "The record's `" + d.From.Name + "`."
	}
	if brief, ok := briefs[d.Name]; ok {
		return brief
	}
	for _, a := range attr.Record() {
		if a.Name == d.Name {
			return a.Brief
		}
	}
	return ""
}

func funnel(b *bytes.Buffer, f definition.Funnel) {
	order := "in any order"
	if f.Ordered {
		order = "in this order"
	}
	fmt.Fprintf(b, "\n### `%s`\n\n%s Steps %s, within %s, by %s; at most %d users are held.\n\n| step | events |\n|---|---|\n",
		f.Name, f.Description, order, shortly(f.Window), strings.Join(coded(f.By), ", "), f.MaxUsers)
	for _, s := range f.Steps {
		fmt.Fprintf(b, "| `%s` | %s |\n", s.Name, strings.Join(bySource(s.Rules), "<br>"))
	}
}

func coded(texts []string) []string {
	out := slices.Clone(texts)
	for i, s := range out {
		out[i] = "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
	}
	return out
}
