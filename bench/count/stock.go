package main

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// summed are the metrics that a stock connector may know: sums and histograms
// with rules of their own. Neither knows unique counts, funnels or pairs. Rules
// of sources that the input does not have are left out.
func summed(set definition.Set) []definition.Metric {
	var all []definition.Metric
	for _, m := range set.Metrics {
		m.Rules = slices.DeleteFunc(slices.Clone(m.Rules), func(r definition.Rule) bool {
			return r.Source != "" && r.Source != heraSource && r.Source != loginGovSource
		})
		if m.Kind != definition.Unique && len(m.Rules) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// signalToMetrics is the config of signal_to_metrics for the same metrics. It
// is as cheap as can be: one entry for a metric (and value), so that what a rule
// implies (the method is totp, because of the event's name) is absent.
func signalToMetrics(set definition.Set) map[string]any {
	var logs []any
	for _, m := range summed(set) {
		for _, v := range values(m) {
			entry := map[string]any{
				"name":        m.Name,
				"unit":        m.Unit,
				"description": m.Description,
				"conditions":  conditions(m, v),
				"include_resource_attributes": []any{
					map[string]any{"key": attr.DeploymentEnvironmentName},
				},
				"attributes": attributes(m, map[string]any{"optional": true}),
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

// countConfig is the config of the count connector for the same metrics, as far
// as it goes: sums of records. It counts no record that lacks an attribute, so
// absent ones are "".
func countConfig(set definition.Set) map[string]any {
	logs := map[string]any{}
	for _, m := range summed(set) {
		if m.Kind != definition.Sum || !slices.Equal(values(m), []string{""}) {
			continue
		}
		list := attributes(m, map[string]any{"default_value": ""})
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

// attributes of a metric's points that stand on the record; those of the body
// neither connector can take.
func attributes(m definition.Metric, options map[string]any) []any {
	var list []any
	for _, name := range definition.Common() {
		if name != attr.DeploymentEnvironmentName { // the resource's
			list = append(list, withKey(name, options))
		}
	}
	for _, d := range m.Dimensions {
		if d.From == (definition.Place{}) || d.From == (definition.Place{In: definition.Attribute, Name: d.Name}) {
			list = append(list, withKey(d.Name, options))
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
