package counting

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// FuzzConfig: whatever passes Check can be counted: every metric has a unit
// and either rules or a journey that counts in it, no label holds personal
// data that nobody accepted, and what journeys name is there.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{prefix: idp., time: observed, exemplars: true, declare: [{auth.source: hera}]}`,
		`{metrics: {auth.login.attempts: {drop_attributes: [auth.method], attributes: [user.id, {name: x, body: /ip}]}}}`,
		`{custom: {c: {type: histogram, events: ["a*"], buckets: [1, 2], where: [{body: /x, not_in: [1, true]}]}}}`,
		`{custom: {u: {type: unique, events: ["*"], windows: [1h], attributes: [a], breakdowns: [[a]]}}}`,
		`{funnels: {f: {steps: [{name: a, events: [a]}, {name: b, events: [b]}]}, registration: false}}`,
		`{pairs: {p: {begin: {events: [a]}, end: {events: [b]}, duration: d, abandoned: a}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := decode(text)
		if err != nil {
			return
		}
		set, err := cfg.setOf(small())
		if err != nil {
			require.Empty(t, set)
			return
		}
		_, _ = eventmetrics.New(set, cfg.Engine(start)) // has bounds of its own, and must not panic
		var journeys []string
		for _, funnel := range set.Funnels {
			journeys = append(journeys, funnel.Metric)
		}
		for _, pair := range set.Pairs {
			journeys = append(journeys, pair.Duration, pair.Abandoned)
		}
		names := metricNames(set)
		for _, name := range journeys {
			assert.True(t, name == "" || slices.Contains(names, name), name)
		}
		for _, m := range set.Metrics {
			assert.NotEmpty(t, m.Unit, m.Name)
			assert.True(t, len(m.Rules) > 0 || slices.Contains(builtinJourneys, m.Name) || slices.Contains(journeys, m.Name), m.Name)
			assert.True(t, slices.IsSorted(m.Bounds), m.Name)
			for _, d := range m.Dimensions {
				from := d.From
				if from.In == definition.Unset {
					from = definition.Place{In: definition.Attribute, Name: d.Name}
				}
				_, yes := personalAt(from)
				assert.True(t, !yes || d.AcceptPersonalData, "%s of %s", d.Name, m.Name)
			}
		}
	})
}

// builtinJourneys may be left without a journey, where these are switched off.
var builtinJourneys = []string{"auth.funnel.users", "auth.mfa.challenge.duration", "auth.mfa.challenges.abandoned"}
