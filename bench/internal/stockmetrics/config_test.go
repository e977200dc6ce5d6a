package stockmetrics

import (
	"reflect"
	"testing"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// TestSignalToMetrics: of two metrics one is another source's; the other has a rule
// for sources without a profile, an attribute that no record has, and one that each has.
func TestSignalToMetrics(t *testing.T) {
	place := definition.Place{In: definition.Attribute, Name: attr.Source}
	set := definition.Set{Metrics: []definition.Metric{
		{Name: "m", Dimensions: []definition.Dimension{{Name: "a"}, {Name: "b"}, {Name: "c"}}, Rules: []definition.Rule{
			{Source: "hera", Events: []string{"x"}},
			{Source: "okta", Events: []string{"y"}},
			{Events: []string{"z"}, Conditions: []definition.Condition{{Place: place, Values: []string{"hera", "okta"}, Not: true}}},
		}},
		{Name: "n", Rules: []definition.Rule{{Source: "okta", Events: []string{"x"}}}},
	}}
	in := Input{Sources: []string{"hera"}, Attributes: []string{"a", "c"}, Required: map[string][]string{"m": {"c"}}}
	logs := in.SignalToMetrics(set)["logs"].([]any)
	if len(logs) != 1 {
		t.Fatalf("%d entries", len(logs))
	}
	entry := logs[0].(map[string]any)
	for name, want := range map[string][]any{
		"conditions":                  {`(log.event_name == "x")`},
		"attributes":                  {map[string]any{"key": "c"}, map[string]any{"key": "a", "optional": true}},
		"include_resource_attributes": {map[string]any{"key": attr.DeploymentEnvironmentName}, map[string]any{"key": attr.Source}},
	} {
		if !reflect.DeepEqual(entry[name], want) {
			t.Errorf("%s: got %v, want %v", name, entry[name], want)
		}
	}
	// The rule is all the same to the caller's set.
	if set.Metrics[0].Rules[0].Source != "hera" {
		t.Error("the set was changed")
	}
}
