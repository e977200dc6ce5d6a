package counting

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestNothingSaidIsTheCatalogue(t *testing.T) {
	set, err := decoded(t, "").Set()
	require.NoError(t, err)
	want := catalogue.Builtin()
	assert.Equal(t, want.Metrics, set.Metrics)
	assert.Equal(t, want.Funnels, set.Funnels)
	assert.Equal(t, want.Pairs, set.Pairs)
}

// The collector's own metrics are beside ours in the same namespace.
func TestPrefix(t *testing.T) {
	set := setOf(t, `{prefix: idp_, metrics: {auth.login.attempts: false}, custom: {auth.consents: {events: [c]}}}`)
	assert.Equal(t, []string{
		"idp_users.unique", "idp_funnel.users", "idp_mfa.challenge.duration", "idp_mfa.challenges.abandoned", "auth.consents",
	}, metricNames(set), "a name of the user's own stays")
	assert.Equal(t, "idp_funnel.users", set.Funnels[0].Metric)
	assert.Equal(t, "idp_mfa.challenge.duration", set.Pairs[0].Duration)
	assert.Equal(t, "idp_mfa.challenges.abandoned", set.Pairs[0].Abandoned)
}

func TestSwitches(t *testing.T) {
	set := setOf(t, `
metrics:
  auth.funnel.users: {enabled: false}
  auth.mfa.challenge.duration: false
  auth.login.attempts: true
  auth.users.unique: {enabled: true}`)
	assert.Equal(t, []string{"auth.login.attempts", "auth.users.unique", "auth.mfa.challenges.abandoned"}, metricNames(set))
	assert.Empty(t, set.Funnels, "none of the built-in ones has a metric left")
	require.Len(t, set.Pairs, 1)
	assert.Empty(t, set.Pairs[0].Duration)
	assert.Equal(t, "auth.mfa.challenges.abandoned", set.Pairs[0].Abandoned)

	set = setOf(t, `{metrics: {auth.mfa.challenge.duration: false, auth.mfa.challenges.abandoned: false}}`)
	assert.Empty(t, set.Pairs)

	set = setOf(t, `{funnels: {registration: false}, pairs: {mfa: {enabled: false}}}`)
	assert.Empty(t, set.Funnels)
	assert.Empty(t, set.Pairs)
	assert.Contains(t, metricNames(set), "auth.funnel.users", "other funnels may count in it")
}

// Others may hold the built-in set as well.
func TestBuiltinSetStaysAsItIs(t *testing.T) {
	cfg := decoded(t, `
prefix: idp.
metrics:
  auth.login.attempts: {drop_attributes: [auth.outcome], attributes: [auth.provider, {name: auth.method, cap: 1}]}
  auth.users.unique: {drop_attributes: [auth.category], attributes: [auth.provider]}
  auth.mfa.challenge.duration: false
  auth.mfa.challenges.abandoned: {attributes: [{name: auth.method, cap: 1}]}
unique: {windows: [2h]}`)
	base := small()
	for i := range base.Metrics { // with room to append
		base.Metrics[i].Dimensions = slices.Grow(base.Metrics[i].Dimensions, 4)
		base.Metrics[i].Unique.Breakdowns = slices.Grow(base.Metrics[i].Unique.Breakdowns, 4)
	}
	spare := base.Metrics[0].Dimensions[4:5]
	_, err := cfg.setOf(base)
	require.NoError(t, err)
	want := small()
	for i := range want.Metrics {
		assert.Equal(t, want.Metrics[i].Dimensions, base.Metrics[i].Dimensions)
		assert.Equal(t, want.Metrics[i].Rules, base.Metrics[i].Rules)
		assert.Equal(t, want.Metrics[i].Zeros, base.Metrics[i].Zeros)
		assert.Equal(t, want.Metrics[i].Unique.Windows, base.Metrics[i].Unique.Windows)
	}
	assert.Equal(t, want.Pairs, base.Pairs)
	assert.Zero(t, spare[0])
}

func TestDropAttributes(t *testing.T) {
	set := setOf(t, `
metrics:
  auth.login.attempts: {drop_attributes: [auth.outcome]}
  auth.users.unique: {drop_attributes: [auth.category]}`)
	m := metric(t, set, "auth.login.attempts")
	assert.Equal(t, []string{attr.Method, attr.FirstLogin, "auth.new"}, dimensionNames(m))
	assert.Empty(t, m.Rules[0].Defaults)
	assert.Equal(t, []map[string]string{{attr.Source: "hera", attr.Method: "totp"}}, m.Zeros, "two were alike without it")
	assert.Equal(t, [][]string{{attr.ClientID}}, metric(t, set, "auth.users.unique").Unique.Breakdowns)
}

func TestAddAttributes(t *testing.T) {
	set := setOf(t, `
metrics:
  auth.login.attempts:
    attributes:
      - auth.provider
      - {name: region, resource: cloud.region, allow: [eu, us, 3, true], default: none}
      - {name: locale, body: /properties/locale, cap: 5}
      - {name: first, attribute: auth.first_login}
      - {name: auth.method, allow: [totp]}
      - {name: ip, attribute: client.address, i_accept_personal_data: true}
  auth.users.unique: {attributes: [auth.provider, auth.new]}`)
	at := func(in definition.PlaceIn, name string) definition.Place { return definition.Place{In: in, Name: name} }
	assert.Equal(t, []definition.Dimension{
		{Name: attr.Method, Cap: 7, Allowed: map[string][]string{"": {"totp"}}},
		{Name: attr.Outcome},
		{Name: attr.FirstLogin, Boolean: true},
		{Name: "auth.new", Boolean: true},
		{Name: attr.Provider},
		{Name: "region", From: at(definition.Resource, "cloud.region"), Allowed: map[string][]string{"": {"eu", "us", "3", "true"}}, Default: "none"},
		{Name: "locale", From: at(definition.Body, "/properties/locale"), Cap: 5},
		{Name: "first", From: at(definition.Attribute, attr.FirstLogin), Boolean: true, Allowed: map[string][]string{"": {"true", "false"}}},
		{Name: "ip", From: at(definition.Attribute, attr.ClientAddress), AcceptPersonalData: true},
	}, metric(t, set, "auth.login.attempts").Dimensions)
	unique := metric(t, set, "auth.users.unique")
	assert.Equal(t, [][]string{{attr.Category}, {attr.ClientID}, {attr.Provider}, {"auth.new"}}, unique.Unique.Breakdowns)
	assert.True(t, unique.Dimensions[3].Boolean, "as it is in another metric")
}

func TestCustom(t *testing.T) {
	set := setOf(t, `
custom:
  consents:
    unit: "{consent}"
    description: Consents given.
    events: ["consent_*"]
    except: [consent_shown]
    source: hera
    where:
      - {attribute: auth.outcome, in: [success]}
      - {body: /step, not_in: [1, "x*"]}
      - {resource: cloud.region, exists: true}
      - {attribute: user.id, exists: false}
    attributes: [auth.client.id]
  sizes: {type: histogram, unit: By, events: [upload], value: {body: /size}, buckets: [1, 10.5]}
  times: {type: histogram, events: [done]}
  scores: {type: exponential_histogram, events: [risk], value: {attribute: auth.score}}
  amounts: {events: [reset], value: {body: /count}}
  people: {type: unique, events: ["*"], attributes: [auth.client.id, auth.method]}
  visitors: {type: unique, events: ["*"], by: [auth.visitor.id], windows: [30m], attributes: [a, b], breakdowns: [[a, b]]}
unique: {windows: [2h]}`)
	place := func(in definition.PlaceIn, name string) definition.Place { return definition.Place{In: in, Name: name} }
	assert.Equal(t, definition.Metric{
		Name: "consents", Unit: "{consent}", Description: "Consents given.",
		Dimensions: []definition.Dimension{{Name: attr.ClientID}},
		Rules: []definition.Rule{{
			Source: "hera", Events: []string{"consent_*"}, Except: []string{"consent_shown"},
			Conditions: []definition.Condition{
				{Place: place(definition.Attribute, attr.Outcome), Values: []string{"success"}},
				{Place: place(definition.Body, "/step"), Values: []string{"1", "x*"}, Not: true},
				{Place: place(definition.Resource, "cloud.region"), Values: []string{"*"}},
				{Place: place(definition.Attribute, attr.UserID), Values: []string{"*"}, Not: true},
			},
		}},
	}, metric(t, set, "consents"))

	sizes := metric(t, set, "sizes")
	assert.Equal(t, definition.Histogram, sizes.Kind)
	assert.Equal(t, []float64{1, 10.5}, sizes.Bounds)
	assert.Equal(t, place(definition.Body, "/size"), sizes.Rules[0].Value)
	assert.Equal(t, "s", metric(t, set, "times").Unit, "auth.duration")
	scores := metric(t, set, "scores")
	assert.Equal(t, definition.ExponentialHistogram, scores.Kind)
	assert.Equal(t, "1", scores.Unit)
	assert.Equal(t, place(definition.Body, "/count"), metric(t, set, "amounts").Rules[0].Value)

	people := metric(t, set, "people")
	assert.Equal(t, "{user}", people.Unit)
	assert.Equal(t, definition.UniqueSettings{
		By: []string{attr.UserID}, Windows: []time.Duration{2 * time.Hour}, Breakdowns: [][]string{{attr.ClientID}, {attr.Method}},
	}, people.Unique)
	assert.Equal(t, definition.UniqueSettings{
		By: []string{attr.VisitorID}, Windows: []time.Duration{30 * time.Minute}, Breakdowns: [][]string{{"a", "b"}},
	}, metric(t, set, "visitors").Unique)
	assert.Equal(t, []time.Duration{2 * time.Hour}, metric(t, set, "auth.users.unique").Unique.Windows)
}

func TestFunnels(t *testing.T) {
	set := setOf(t, `
funnels:
  signup:
    steps:
      - {name: begun, events: [a]}
      - {name: done, events: ["b_*"], source: hera, where: [{attribute: auth.outcome, in: [success]}]}
    ordered: true
    window: 2h
  later: {enabled: false, steps: [{name: x, events: [x]}]}`)
	require.Len(t, set.Funnels, 2)
	assert.Equal(t, definition.Funnel{
		Name: "signup", Metric: "auth.funnel.users", Ordered: true,
		Window: 2 * time.Hour, By: []string{attr.UserID}, MaxUsers: 100_000,
		Steps: []definition.Step{
			{Name: "begun", Rules: []definition.Rule{{Events: []string{"a"}}}},
			{Name: "done", Rules: []definition.Rule{{Source: "hera", Events: []string{"b_*"}, Conditions: []definition.Condition{{
				Place: definition.Place{In: definition.Attribute, Name: attr.Outcome}, Values: []string{"success"},
			}}}}},
		},
	}, set.Funnels[1])
}

// Without a built-in funnel there is no metric for them yet.
func TestFunnelBringsItsMetric(t *testing.T) {
	cfg := decoded(t, `{funnels: {f: {steps: [{name: a, events: [a]}, {name: b, events: [b]}]}}}`)
	set, err := cfg.setOf(definition.Set{})
	require.NoError(t, err)
	m := metric(t, set, "auth.funnel.users")
	assert.Equal(t, []string{definition.FunnelAttribute, definition.StepAttribute}, dimensionNames(m))
	assert.Empty(t, m.Rules)
}

func TestPairs(t *testing.T) {
	set := setOf(t, `
custom:
  consent.abandoned: {unit: "{consent}", attributes: [auth.client.id]}
pairs:
  consent:
    begin: {events: [consent_shown]}
    end: {events: [consent_given], source: hera}
    match: [auth.client.id]
    timeout: 5m
    duration: consent.duration
    abandoned: consent.abandoned`)
	require.Len(t, set.Pairs, 2)
	assert.Equal(t, definition.Pair{
		Name: "consent", Duration: "consent.duration", Abandoned: "consent.abandoned",
		Begin: []definition.Rule{{Events: []string{"consent_shown"}}},
		End:   []definition.Rule{{Events: []string{"consent_given"}, Source: "hera"}},
		By:    []string{attr.SessionID, attr.UserID}, Match: []string{attr.ClientID},
		Timeout: 5 * time.Minute, MaxPending: 100_000,
	}, set.Pairs[1])
	abandoned := metric(t, set, "consent.abandoned")
	assert.Equal(t, []string{attr.ClientID}, dimensionNames(abandoned))
	assert.Empty(t, abandoned.Rules, "only the pair counts in it")
	duration := metric(t, set, "consent.duration")
	assert.Equal(t, definition.Histogram, duration.Kind)
	assert.Equal(t, "s", duration.Unit)
}

// Points that are known beforehand can be there at zero.
func TestZeros(t *testing.T) {
	set := setOf(t, `
custom:
  none: {events: [a]}
  listed: {events: [a], attributes: [{name: x, allow: [1, 2]}, auth.pkce.used]}
  open: {events: [a], attributes: [{name: x, allow: [1, 2]}, auth.method]}
  histogram: {type: histogram, events: [a]}
  many: {events: [a], attributes: [{name: x, allow: [1, 2, 3, 4, 5, 6, 7, 8, 9]}, {name: y, allow: [1, 2, 3, 4, 5, 6, 7, 8]}]}
pairs: {p: {begin: {events: [a]}, end: {events: [b]}, abandoned: abandoned}}`)
	assert.Equal(t, []map[string]string{{}}, metric(t, set, "none").Zeros)
	assert.Equal(t, []map[string]string{{}}, metric(t, set, "abandoned").Zeros)
	assert.Equal(t, []map[string]string{
		{"x": "1", attr.PKCEUsed: "true"}, {"x": "1", attr.PKCEUsed: "false"},
		{"x": "2", attr.PKCEUsed: "true"}, {"x": "2", attr.PKCEUsed: "false"},
	}, metric(t, set, "listed").Zeros)
	for _, name := range []string{"open", "histogram", "many"} {
		assert.Empty(t, metric(t, set, name).Zeros, name)
	}
}

// Who is told of evictions can raise the bound of a built-in one, too.
func TestBoundsOfBuiltins(t *testing.T) {
	before := setOf(t, `{}`)
	set := setOf(t, `{funnels: {registration: {max_users: 7, window: 5m}}, pairs: {mfa: {max_pending: 8, timeout: 6m}}}`)
	assert.Equal(t, 7, set.Funnels[0].MaxUsers)
	assert.Equal(t, 5*time.Minute, set.Funnels[0].Window)
	assert.Equal(t, before.Funnels[0].Steps, set.Funnels[0].Steps)
	assert.Equal(t, 8, set.Pairs[0].MaxPending)
	assert.Equal(t, 6*time.Minute, set.Pairs[0].Timeout)
	assert.Equal(t, before.Pairs[0].Begin, set.Pairs[0].Begin)

	one := setOf(t, `{funnels: {registration: {enabled: true, max_users: 7}}}`)
	assert.Equal(t, before.Funnels[0].Window, one.Funnels[0].Window, "what is not said stays")
}
