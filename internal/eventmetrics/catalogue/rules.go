package catalogue

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// rule counts the events of a source.
func rule(source string, events ...string) definition.Rule {
	return definition.Rule{Source: source, Events: events}
}

// implying adds what the events' names imply: dimension, value, dimension, ….
func implying(r definition.Rule, pairs ...string) definition.Rule {
	r.Defaults = slices.Clip(r.Defaults)
	for pair := range slices.Chunk(pairs, 2) {
		r.Defaults = append(r.Defaults, definition.Default{Dimension: pair[0], Value: pair[1]})
	}
	return r
}

// where adds the condition that an attribute has one of the values.
func where(r definition.Rule, attribute string, values ...string) definition.Rule {
	r.Conditions = append(slices.Clip(r.Conditions), condition(attribute, values, false))
	return r
}

// unless adds the condition that an attribute has none of the values.
func unless(r definition.Rule, attribute string, values ...string) definition.Rule {
	r.Conditions = append(slices.Clip(r.Conditions), condition(attribute, values, true))
	return r
}

// present is the value of a condition that any value fulfils.
const present = "*"

func condition(attribute string, values []string, not bool) definition.Condition {
	// A copy: the values may be a list that all share, and the set is the caller's.
	return definition.Condition{Place: place(attribute), Values: slices.Clone(values), Not: not}
}

func place(attribute string) definition.Place {
	return definition.Place{In: definition.Attribute, Name: attribute}
}

// others counts what sources without a built-in profile, a user's own, tell of
// a category. The category comes first among the conditions: it is what nearly
// all records fail on.
func others(category string) definition.Rule {
	r := where(rule(anySource, "*"), attr.Category, category)
	return unless(r, attr.Source, authevent.Sources()...)
}

// othersWithOutcome is others for events that succeed or fail.
func othersWithOutcome(category string) definition.Rule {
	return where(others(category), attr.Outcome, outcomes...)
}

// bare are the rules without what the events' names imply: a funnel counts
// users, whatever the method.
func bare(rules []definition.Rule) []definition.Rule {
	out := slices.Clone(rules)
	for i := range out {
		out[i].Defaults = nil
	}
	return out
}

// succeeding are the rules, for those records alone that are no failure by
// their own word; where the name implies success, none says so.
func succeeding(rules []definition.Rule) []definition.Rule {
	out := make([]definition.Rule, len(rules))
	for i, r := range rules {
		out[i] = where(r, attr.Outcome, attr.OutcomeSuccess)
	}
	return out
}

// zeros are series that are there from the start: success and failure of each
// of the methods, or one pair without a method where there are none.
func zeros(source string, methods ...string) []map[string]string {
	var list []map[string]string
	for _, outcome := range outcomes {
		if len(methods) == 0 {
			list = append(list, map[string]string{attr.Source: source, attr.Outcome: outcome})
		}
		for _, method := range methods {
			list = append(list, map[string]string{attr.Source: source, attr.Method: method, attr.Outcome: outcome})
		}
	}
	return list
}

// outcomeZeros are zeros of several sources, without a method.
func outcomeZeros(sources ...string) []map[string]string {
	var list []map[string]string
	for _, source := range sources {
		list = append(list, zeros(source)...)
	}
	return list
}

// valueZeros are series of an attribute's values.
func valueZeros(source, attribute string, values ...string) []map[string]string {
	list := make([]map[string]string, len(values))
	for i, value := range values {
		list[i] = map[string]string{attr.Source: source, attribute: value}
	}
	return list
}
