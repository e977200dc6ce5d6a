package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

type profile struct{ authevent.ProfileInfo }

func profileOf(t *testing.T, source string) profile {
	t.Helper()
	for _, p := range known {
		if p.Name == source {
			return profile{p}
		}
	}
	t.Fatalf("no profile %q", source)
	return profile{}
}

var known = authevent.Known()

// knows says whether the profile lists an event of that name, a family of such
// names, or a template that makes one.
func (p profile) knows(pattern string) bool {
	if pattern == "*" || slices.ContainsFunc(p.Events, func(e authevent.EventInfo) bool { return fits(pattern)(e.Name) }) {
		return true
	}
	prefix, _, _ := strings.Cut(pattern, "*")
	return slices.ContainsFunc(p.Patterns, func(f authevent.PatternInfo) bool { return f.Prefix != "" && strings.HasPrefix(prefix, f.Prefix) })
}

// sets says whether records of the profile may carry an attribute.
func (p profile) sets(name string) bool {
	switch name {
	case attr.OTelEventName, attr.Category, attr.Outcome, attr.Source:
		return true
	}
	if slices.ContainsFunc(p.Attributes, func(a authevent.AttributeInfo) bool { return a.Name == name }) {
		return true
	}
	return slices.ContainsFunc(p.Events, func(e authevent.EventInfo) bool {
		return name == attr.Step && e.Step != "" || name == attr.Limiter && e.Limiter != "" || name == attr.Method && e.Method != ""
	})
}

// TestEveryAttributeIsSet: what no record carries and no name implies is no
// dimension, no condition and no value.
func TestEveryAttributeIsSet(t *testing.T) {
	set := catalogue.Builtin()
	rules := rulesOf(set)
	for _, m := range set.Metrics {
		for _, d := range m.Dimensions {
			if d.Name == definition.FunnelAttribute || d.Name == definition.StepAttribute {
				continue
			}
			from := d.From.Name
			if from == "" {
				from = d.Name
			}
			assert.True(t, slices.ContainsFunc(rules[m.Name], func(r definition.Rule) bool {
				implied := slices.ContainsFunc(r.Defaults, func(def definition.Default) bool { return def.Dimension == d.Name })
				return implied || r.Source != "" && profileOf(t, r.Source).sets(from) || len(rules[m.Name]) == 1 && r.Source == ""
			}), "%s: no record that counts has %s", m.Name, d.Name)
		}
		for _, r := range rules[m.Name] {
			if r.Source == "" {
				continue
			}
			p := profileOf(t, r.Source)
			for _, c := range r.Conditions {
				assert.Equal(t, definition.Attribute, c.Place.In, m.Name)
				assert.True(t, c.Not || p.sets(c.Place.Name), "%s: no record of %s has %s", m.Name, r.Source, c.Place.Name)
			}
			if r.Value.Name != "" {
				assert.True(t, p.sets(r.Value.Name), "%s: no record of %s has %s", m.Name, r.Source, r.Value.Name)
			}
		}
	}
}

// TestNoPersonalData tries every attribute of every profile, and every path of
// personal data in their lines.
func TestNoPersonalData(t *testing.T) {
	personal := map[string]bool{}
	for _, p := range known {
		for _, a := range p.Attributes {
			if kind, _ := attr.KindOf(a.Name); kind != pii.Public {
				personal[a.Name] = true
			}
		}
	}
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource(), attr.Elsewhere()} {
		for _, a := range list {
			if a.Kind != pii.Public {
				personal[a.Name] = true
			}
		}
	}
	require.Contains(t, personal, attr.UserID)
	require.Contains(t, personal, attr.ClientAddress)
	for _, m := range catalogue.Builtin().Metrics {
		for _, d := range m.Dimensions {
			assert.False(t, personal[d.Name] || personal[d.From.Name], "%s: %s", m.Name, d.Name)
			assert.False(t, d.AcceptPersonalData, "%s: %s", m.Name, d.Name)
			assert.NotEqual(t, definition.Body, d.From.In, "%s: %s", m.Name, d.Name)
		}
	}
	// The engine refuses each, be it a label of its own name or of another.
	for name := range personal {
		for _, d := range []definition.Dimension{
			{Name: name},
			{Name: "harmless", From: definition.Place{In: definition.Attribute, Name: name}},
		} {
			set := catalogue.Builtin()
			set.Metrics[1].Dimensions = []definition.Dimension{d}
			set.Metrics[1].Zeros, set.Funnels, set.Pairs = nil, nil, nil
			for i := range set.Metrics[1].Rules {
				set.Metrics[1].Rules[i].Defaults = nil
			}
			_, err := eventmetrics.New(set, eventmetrics.Settings{Start: now})
			assert.ErrorContains(t, err, "personal data", name)
		}
	}
}
