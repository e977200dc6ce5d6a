package eventmetrics

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// metricsOf is a set of metrics alone.
func metricsOf(metrics ...definition.Metric) definition.Set { return definition.Set{Metrics: metrics} }

// labelled is a sum with one attribute beside the common ones.
func labelled(d definition.Dimension) definition.Set {
	return metricsOf(definition.Metric{Name: "m", Dimensions: []definition.Dimension{d}, Rules: everything()})
}

func everything() []definition.Rule { return []definition.Rule{{Events: []string{"*"}}} }

func ruled(r definition.Rule) definition.Set {
	return metricsOf(definition.Metric{Name: "m", Rules: []definition.Rule{r}})
}

func manyDimensions(n int) []definition.Dimension {
	list := make([]definition.Dimension, n)
	for i := range list {
		list[i].Name = fmt.Sprint("label", i)
	}
	return list
}

func uniqueOf(change func(*definition.Metric)) definition.Set {
	m := definition.Metric{Name: "auth.users.unique", Unit: "{user}", Kind: definition.Unique, Rules: everything(),
		Unique: definition.UniqueSettings{By: []string{attr.UserID}, Windows: []time.Duration{time.Hour}}}
	change(&m)
	return metricsOf(m)
}

const acceptHint = ". If it has to be one, say i_accept_personal_data: true"

func TestCompileRefuses(t *testing.T) {
	tests := map[string]struct {
		set  definition.Set
		want string
	}{
		"a user's id": {
			labelled(definition.Dimension{Name: attr.UserID}),
			`metric "m": attribute "user.id" holds personal data (identity): it can be no label` + acceptHint,
		},
		"a session": {
			labelled(definition.Dimension{Name: attr.SessionID}),
			`metric "m": attribute "session.id" holds personal data (identity): it can be no label` + acceptHint,
		},
		"an address": {
			labelled(definition.Dimension{Name: attr.ClientAddress}),
			`metric "m": attribute "client.address" holds personal data (ip): it can be no label` + acceptHint,
		},
		"an address under another name": {
			labelled(definition.Dimension{Name: "from", From: definition.Place{In: definition.Attribute, Name: attr.ClientAddress}}),
			`metric "m": attribute "from" holds personal data (ip): it can be no label` + acceptHint,
		},
		"a name of others": {
			labelled(definition.Dimension{Name: "enduser.id", From: definition.Place{In: definition.Resource, Name: "enduser.id"}}),
			`metric "m": attribute "enduser.id" holds personal data (identity): it can be no label` + acceptHint,
		},
		"too many attributes": {
			metricsOf(definition.Metric{Name: "m", Dimensions: manyDimensions(10), Rules: everything()}),
			`metric "m": has 13 attributes with the common ones: use at most 12`,
		},
		"an attribute twice": {
			metricsOf(definition.Metric{Name: "m", Dimensions: []definition.Dimension{{Name: attr.Source}}, Rules: everything()}),
			`metric "m": attribute "auth.source" is there twice`,
		},
		"two attributes that become one": {
			metricsOf(definition.Metric{Name: "m", Dimensions: []definition.Dimension{{Name: "a.b"}, {Name: "a_b"}}, Rules: everything()}),
			`metric "m": attribute "a_b": Prometheus has it under the name a_b, as it has "a.b": rename one`,
		},
		"an attribute of Prometheus": {
			labelled(definition.Dimension{Name: "le"}),
			`metric "m": attribute "le": Prometheus has a meaning of its own for le: rename it`,
		},
		"an attribute without a name": {
			labelled(definition.Dimension{}),
			`metric "m": attribute "": it is no name that Prometheus can have: rename it`,
		},
		"a cap": {
			labelled(definition.Dimension{Name: "a", Cap: -1}),
			`metric "m": attribute "a": cap must be from 1 to 50000 (got -1)`,
		},
		"a value that is an address": {
			labelled(definition.Dimension{Name: "a", Allowed: map[string][]string{"": {"203.0.113.9"}}}),
			`metric "m": attribute "a": a listed value is longer than 128 bytes, not printable, or looks like an address: it can be no label`,
		},
		"an empty value": {
			labelled(definition.Dimension{Name: "a", Allowed: map[string][]string{hera: {""}}}),
			`metric "m": attribute "a": an empty value is listed: leave it out, what is empty counts as absent`,
		},
		"a path that is none": {
			labelled(definition.Dimension{Name: "a", From: definition.Place{In: definition.Body, Name: "a.b"}}),
			`metric "m": attribute "a": body path "a.b" does not begin with /: write it as /event_properties/step`,
		},
		"a path with a bad escape": {
			labelled(definition.Dimension{Name: "a", From: definition.Place{In: definition.Body, Name: "/a~2"}}),
			`metric "m": attribute "a": body path "/a~2" has a ~ that is neither ~0 (for ~) nor ~1 (for /)`,
		},
		"a name that is none": {
			metricsOf(definition.Metric{Name: "1 2", Rules: everything()}),
			`metric "1 2": its name must begin with a letter and go on with letters, digits, _, ., - and /, at most 255 in all`,
		},
		"a name that collides after translation": {
			metricsOf(definition.Metric{Name: "auth.some.thing", Rules: everything()}, definition.Metric{Name: "auth.some_thing", Rules: everything()}),
			`metric "auth.some_thing": Prometheus has it under the name auth_some_thing_total, as it has "auth.some.thing": rename one`,
		},
		"a unit that becomes part of a name": {
			metricsOf(definition.Metric{Name: "x", Unit: "s", Kind: definition.Histogram, Rules: everything()},
				definition.Metric{Name: "x.seconds", Kind: definition.Histogram, Rules: everything()}),
			`metric "x.seconds": Prometheus has it under the name x_seconds, as it has "x": rename one`,
		},
		"a sum that is a histogram's": {
			metricsOf(definition.Metric{Name: "x", Unit: "s", Kind: definition.Histogram, Rules: everything()},
				definition.Metric{Name: "x.count", Rules: everything()}),
			`metric "x.count": Prometheus has it under the name x_count, as it has "x": rename one`,
		},
		"a rule without events": {
			ruled(definition.Rule{Source: hera}),
			`metric "m": a rule has no events: name at least one, or * for all`,
		},
		"a pattern with two stars": {
			ruled(definition.Rule{Events: []string{"*a*"}}),
			`metric "m": "*a*" has more than one *: write a pattern for each`,
		},
		"a condition on an address": {
			ruled(definition.Rule{Events: []string{"*"}, Conditions: []definition.Condition{{
				Place: definition.Place{In: definition.Attribute, Name: attr.ClientAddress}, Values: []string{"10.*"},
			}}}),
			`metric "m": a condition compares "client.address", which holds personal data (ip): it may only ask whether there is a value`,
		},
		"a condition without values": {
			ruled(definition.Rule{Events: []string{"*"}, Conditions: []definition.Condition{{
				Place: definition.Place{In: definition.Attribute, Name: "a"},
			}}}),
			`metric "m": a condition on "a" has no values: list some, or * for any`,
		},
		"a condition on nothing": {
			ruled(definition.Rule{Events: []string{"*"}, Conditions: []definition.Condition{{Values: []string{"*"}}}}),
			`metric "m": a condition: it names no attribute, resource attribute or body path`,
		},
		"a default of an unknown attribute": {
			ruled(definition.Rule{Events: []string{"*"}, Defaults: []definition.Default{{Dimension: "colour", Value: "red"}}}),
			`metric "m": a rule has a default for "colour", which is none of the attributes: add it to them, or leave the default out`,
		},
		"a value of nothing": {
			ruled(definition.Rule{Events: []string{"*"}, Value: definition.Place{In: definition.Body}}),
			`metric "m": value: it names no attribute, resource attribute or body path`,
		},
		"buckets of a sum": {
			metricsOf(definition.Metric{Name: "m", Bounds: []float64{1}, Rules: everything()}),
			`metric "m": has buckets, which a histogram alone has: leave them out`,
		},
		"buckets in disorder": {
			metricsOf(definition.Metric{Name: "m", Kind: definition.Histogram, Bounds: []float64{1, 1}, Rules: everything()}),
			`metric "m": bucket 2 is 1, not more than the one before it (1): list bounds in ascending order`,
		},
		"an infinite bucket": {
			metricsOf(definition.Metric{Name: "m", Kind: definition.Histogram, Bounds: []float64{1, math.Inf(1)}, Rules: everything()}),
			`metric "m": bucket 2 is +Inf: give a finite bound, the last bucket takes what is beyond`,
		},
		"no buckets": {
			metricsOf(definition.Metric{Name: "m", Kind: definition.Histogram, Bounds: []float64{}, Rules: everything()}),
			`metric "m": buckets must have from 1 to 200 bounds (got 0)`,
		},
		"a kind that is none": {
			metricsOf(definition.Metric{Name: "m", Kind: 9, Rules: everything()}),
			`metric "m": kind 9 is none that is known`,
		},
		"no window": {
			uniqueOf(func(m *definition.Metric) { m.Unique.Windows = nil }),
			`metric "auth.users.unique": must have from 1 to 8 windows, such as 24h (got 0)`,
		},
		"a window of nothing": {
			uniqueOf(func(m *definition.Metric) { m.Unique.Windows = []time.Duration{0} }),
			`metric "auth.users.unique": a window must be at least 12s long (got 0s)`,
		},
		"a window twice": {
			uniqueOf(func(m *definition.Metric) { m.Unique.Windows = []time.Duration{time.Hour, time.Hour} }),
			`metric "auth.users.unique": the window 1h0m0s is there twice`,
		},
		"nobody": {
			uniqueOf(func(m *definition.Metric) { m.Unique.By = nil }),
			`metric "auth.users.unique": by names no attribute that holds the user: name at least one, such as user.id`,
		},
		"a breakdown by nothing": {
			uniqueOf(func(m *definition.Metric) { m.Unique.Breakdowns = [][]string{{attr.ClientID}} }),
			`metric "auth.users.unique": a breakdown names "auth.client.id", which is none of the attributes: add it to them`,
		},
		"a value of a unique count": {
			uniqueOf(func(m *definition.Metric) { m.Rules[0].Value = definition.Place{In: definition.Attribute, Name: "a"} }),
			`metric "auth.users.unique": a rule has a value, and a unique count has none: leave it out`,
		},
		"a zero point of another attribute": {
			metricsOf(definition.Metric{Name: "m", Zeros: []map[string]string{{"a": "b"}}, Rules: everything()}),
			`metric "m": a zero point has "a", which is none of the attributes: add it to them, or leave it out`,
		},
		"two at once": {
			metricsOf(definition.Metric{Name: "m", Rules: []definition.Rule{{}}}, definition.Metric{Name: "n", Kind: 9, Rules: everything()}),
			"metric \"m\": a rule has no events: name at least one, or * for all\nmetric \"n\": kind 9 is none that is known",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(tt.set, Settings{Start: start})
			assert.EqualError(t, err, tt.want)
		})
	}
}

func TestPersonalDataThatIsAccepted(t *testing.T) {
	e, err := New(labelled(definition.Dimension{Name: attr.UserEmail, AcceptPersonalData: true}), Settings{Start: start})
	require.NoError(t, err)
	count(e, logs(event{hera, "x", map[string]any{attr.UserEmail: "someone@example.com"}}))
	assert.Equal(t, []string{"{user.email=someone@example.com} 1"}, points(e, "m"))
}

// No attribute of any record can be a label if it holds personal data.
func TestNoPersonalAttributeIsALabel(t *testing.T) {
	refused := 0
	for _, a := range slices.Concat(attr.Record(), attr.Resource(), attr.Scrubbed(), attr.Elsewhere()) {
		if slices.Contains(definition.Common(), a.Name) {
			continue // there anyway, and public
		}
		for _, in := range []definition.PlaceIn{definition.Attribute, definition.Resource} {
			_, err := New(labelled(definition.Dimension{Name: "x", From: definition.Place{In: in, Name: a.Name}}), Settings{Start: start})
			if a.Kind == pii.Public {
				require.NoError(t, err, a.Name)
				continue
			}
			require.ErrorContains(t, err, "holds personal data", a.Name)
			refused++
		}
	}
	assert.Greater(t, refused, 40)
}

func TestDeclareRefuses(t *testing.T) {
	for want, declared := range map[string]map[string]string{
		`declare 1 names "auth.method": use ["auth.source" "auth.domain" "deployment.environment.name"] alone`: {attr.Method: "sms"},
		`declare 1 has a value for "auth.source" that can be no label: give a printable text of at most 128 bytes that is no address`: {
			attr.Source: "a@example.com"},
	} {
		_, err := New(labelled(definition.Dimension{Name: "a"}), Settings{Start: start, Declare: []map[string]string{declared}})
		assert.EqualError(t, err, want)
	}
}

func TestPattern(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"a*", "a", true},
		{"a*", "ba", false},
		{"*_failed", "x_failed", true},
		{"enter * visited", "enter OTP visited", true},
		{"enter * visited", "enter visited", false}, // the two blanks are not one
		{"*", "", true},
	}
	for _, tt := range tests {
		p, err := compilePattern(tt.pattern)
		require.NoError(t, err)
		assert.Equal(t, tt.want, p.matches(tt.name), "%s on %s", tt.pattern, tt.name)
	}
}
