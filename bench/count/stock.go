package main

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// summed are the metrics that a stock connector may know: sums and histograms
// with rules of their own. Neither knows unique counts, funnels or pairs.
func summed(set definition.Set) []definition.Metric {
	return slices.DeleteFunc(slices.Clone(set.Metrics), func(m definition.Metric) bool {
		return m.Kind == definition.Unique || len(m.Rules) == 0
	})
}

// signalToMetrics is the config of signal_to_metrics for the same metrics. It
// is as cheap as can be: one entry for a metric, so that what a rule implies (the
// method is totp, because of the event's name) is absent.
func signalToMetrics(set definition.Set) map[string]any {
	var logs []any
	for _, m := range summed(set) {
		entry := map[string]any{
			"name":        m.Name,
			"unit":        m.Unit,
			"description": m.Description,
			"conditions":  conditions(m),
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
			entry["histogram"] = map[string]any{"buckets": bounds, "value": "Double(" + value(m) + ")"}
		case definition.ExponentialHistogram:
			entry["exponential_histogram"] = map[string]any{"value": "Double(" + value(m) + ")"}
		default:
			counted := "1"
			if v := value(m); v != "" {
				counted = "Double(" + v + ")"
			}
			entry["sum"] = map[string]any{"value": counted, "monotonic": true}
		}
		logs = append(logs, entry)
	}
	return map[string]any{"logs": logs}
}

// counted are the metrics that the count connector knows: sums of records.
func counted(set definition.Set) []definition.Metric {
	return slices.DeleteFunc(summed(set), func(m definition.Metric) bool {
		return m.Kind != definition.Sum || value(m) != ""
	})
}

// countConfig is the config of the count connector for the same metrics, as far
// as it goes. It counts no record that lacks an attribute, so absent ones are "".
func countConfig(set definition.Set) map[string]any {
	logs := map[string]any{}
	for _, m := range counted(set) {
		list := attributes(m, map[string]any{"default_value": ""})
		logs[m.Name] = map[string]any{
			"description": m.Description,
			"conditions":  conditions(m),
			"attributes":  append(list, map[string]any{"key": attr.DeploymentEnvironmentName, "default_value": ""}),
		}
	}
	return map[string]any{"logs": logs}
}

// conditions of a metric, of which one has to hold.
func conditions(m definition.Metric) []any {
	var all []any
	for _, r := range m.Rules {
		one := condition(r)
		if v := valueOf(m, r); v != "" {
			one += " and " + v + " != nil"
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

// value is the OTTL of what a metric adds or takes; "" where it adds 1. A stock
// connector has one for all conditions, so the first rule that has one decides.
func value(m definition.Metric) string {
	for _, r := range m.Rules {
		if v := valueOf(m, r); v != "" {
			return v
		}
	}
	return ""
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
