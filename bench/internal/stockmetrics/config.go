// Package stockmetrics is the built-in catalogue of metrics for the stock
// connectors: signal_to_metrics, and count, which knows fewer of them.
//
// What neither has: unique users, funnels and pairs; a value that the name of an
// event implies (the method is totp on the page that asks for it); bounds on the
// values of an attribute; and a record that comes twice counts twice.
package stockmetrics

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Input is what the records that are counted can have.
type Input struct {
	// Sources are the auth.source of the records. With one alone, no entry asks
	// for it, and it stands on the resource.
	Sources []string
	// Attributes are those that the records may have; nil is any. What they can't
	// have is looked for in no record.
	Attributes []string
	// Required are attributes that each record has that a metric counts, by its name.
	// The connector looks at them first, and goes on to a metric's conditions and
	// series only for records that have them: half of its cost is there.
	Required map[string][]string
}

// Known are the metrics of a set that a stock connector may know: sums and
// histograms with rules of their own. Rules that no record of the input can meet
// are left out, as an operator would who has no such lines.
func (in Input) Known(set definition.Set) []definition.Metric {
	var all []definition.Metric
	for _, m := range set.Metrics {
		m.Rules = slices.DeleteFunc(slices.Clone(m.Rules), in.never)
		if m.Kind == definition.Unique || len(m.Rules) == 0 {
			continue
		}
		if len(in.Sources) == 1 {
			for i := range m.Rules {
				m.Rules[i].Source = ""
			}
		}
		all = append(all, m)
	}
	return all
}

// never says that no record of the input can meet the rule: it is another
// source's, or for the sources that have no profile of their own.
func (in Input) never(r definition.Rule) bool {
	if r.Source != "" && !slices.Contains(in.Sources, r.Source) {
		return true
	}
	return slices.ContainsFunc(r.Conditions, func(c definition.Condition) bool {
		if c.Place != (definition.Place{In: definition.Attribute, Name: attr.Source}) || !c.Not {
			return false
		}
		return !slices.ContainsFunc(in.Sources, func(s string) bool { return !slices.Contains(c.Values, s) })
	})
}

// SignalToMetrics is the config of signal_to_metrics for the same metrics. It
// is as cheap as can be: one entry for a metric (and value), so that what a rule
// implies (the method is totp, because of the event's name) is absent.
func (in Input) SignalToMetrics(set definition.Set) map[string]any {
	var logs []any
	for _, m := range in.Known(set) {
		for _, v := range values(m) {
			entry := map[string]any{
				"name":                        m.Name,
				"unit":                        m.Unit,
				"description":                 m.Description,
				"conditions":                  conditions(m, v),
				"include_resource_attributes": in.ofResource(),
				"attributes":                  in.attributes(m, map[string]any{"optional": true}),
			}
			switch m.Kind {
			case definition.Histogram:
				bounds := m.Bounds
				if bounds == nil {
					bounds = definition.DefaultBounds()
				}
				entry["histogram"] = map[string]any{"buckets": bounds, "value": "Double(" + v + ")"}
			case definition.ExponentialHistogram:
				entry["exponential_histogram"] = map[string]any{"value": "Double(" + v + ")"}
			default:
				counted := "1"
				if v != "" {
					counted = "Double(" + v + ")"
				}
				entry["sum"] = map[string]any{"value": counted, "monotonic": true}
			}
			logs = append(logs, entry)
		}
	}
	return map[string]any{"logs": logs}
}

// Count is the config of the count connector for the same metrics, as far
// as it goes: sums of records. It counts no record that lacks an attribute, so
// absent ones are "".
func (in Input) Count(set definition.Set) map[string]any {
	logs := map[string]any{}
	for _, m := range in.Known(set) {
		if m.Kind != definition.Sum || !slices.Equal(values(m), []string{""}) {
			continue
		}
		list := in.attributes(m, map[string]any{"default_value": ""})
		logs[m.Name] = map[string]any{
			"description": m.Description,
			"conditions":  conditions(m, ""),
			"attributes":  append(list, map[string]any{"key": attr.DeploymentEnvironmentName, "default_value": ""}),
		}
	}
	return map[string]any{"logs": logs}
}

// conditions of the rules with a value, of which one has to hold. The first rule
// that takes a record counts it, so those before it with another value must not.
func conditions(m definition.Metric, value string) []any {
	var all []any
	for i, r := range m.Rules {
		if valueOf(m, r) != value {
			continue
		}
		one := condition(r)
		if value != "" {
			one += " and " + value + " != nil"
		}
		for _, before := range m.Rules[:i] {
			if valueOf(m, before) != value {
				one += " and not (" + condition(before) + ")"
			}
		}
		all = append(all, one)
	}
	return all
}

// ofResource are the attributes of a metric's points that stand on the resource.
func (in Input) ofResource() []any {
	list := []any{withKey(attr.DeploymentEnvironmentName, nil)}
	if len(in.Sources) == 1 {
		list = append(list, withKey(attr.Source, nil))
	}
	return list
}

// attributes of a metric's points that stand on the record; those of the body
// neither connector can take.
func (in Input) attributes(m definition.Metric, options map[string]any) []any {
	var list []any
	add := func(name string) {
		if in.Attributes == nil || slices.Contains(in.Attributes, name) {
			if slices.Contains(in.Required[m.Name], name) {
				list = append([]any{withKey(name, nil)}, list...)
				return
			}
			list = append(list, withKey(name, options))
		}
	}
	for _, name := range definition.Common() {
		if name != attr.DeploymentEnvironmentName && (name != attr.Source || len(in.Sources) > 1) {
			add(name)
		}
	}
	for _, d := range m.Dimensions {
		// The action of auth.admin.actions is the event's name under another one.
		if d.From == (definition.Place{}) || d.From == (definition.Place{In: definition.Attribute, Name: d.Name}) {
			add(d.Name)
		}
	}
	return list
}

func withKey(key string, options map[string]any) map[string]any {
	entry := map[string]any{"key": key}
	for name, option := range options {
		entry[name] = option
	}
	return entry
}

// values are the OTTL of what a metric's rules add or take, each once; "" where
// they add 1. An entry of a stock connector has one for all of its conditions.
func values(m definition.Metric) []string {
	var all []string
	for _, r := range m.Rules {
		if v := valueOf(m, r); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func valueOf(m definition.Metric, r definition.Rule) string {
	switch {
	case r.Value != definition.Place{}:
		return expression(r.Value)
	case m.Kind != definition.Sum:
		return attribute(attr.Duration)
	default:
		return ""
	}
}
