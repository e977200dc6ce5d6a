package eventmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestCompileRefuses(t *testing.T) {
	everything := []definition.Rule{{Events: []string{"*"}}}
	tests := map[string]struct {
		metrics []definition.Metric
		want    string
	}{
		"a user's id": {
			[]definition.Metric{{Name: "m", Dimensions: []definition.Dimension{{Name: attr.UserID}}, Rules: everything}},
			`metric "m": attribute "user.id" holds personal data (identity): it can be no label`,
		},
		"a session": {
			[]definition.Metric{{Name: "m", Dimensions: []definition.Dimension{{Name: attr.SessionID}}, Rules: everything}},
			`metric "m": attribute "session.id" holds personal data (identity): it can be no label`,
		},
		"an address": {
			[]definition.Metric{{Name: "m", Dimensions: []definition.Dimension{{Name: attr.ClientAddress}}, Rules: everything}},
			`metric "m": attribute "client.address" holds personal data (ip): it can be no label`,
		},
		"an attribute that is not read": {
			[]definition.Metric{{Name: "m", Dimensions: []definition.Dimension{{Name: "auth.colour"}}, Rules: everything}},
			`metric "m": attribute "auth.colour" is none that points can carry`,
		},
		"too many attributes": {
			[]definition.Metric{{Name: "m", Dimensions: make([]definition.Dimension, 6), Rules: everything}},
			`metric "m": has 9 attributes with the common ones: use at most 8`,
		},
		"a name that collides after translation": {
			[]definition.Metric{{Name: "auth.some.thing", Rules: everything}, {Name: "auth.some_thing", Rules: everything}},
			`metric "auth.some_thing": its name is that of "auth.some.thing" once dots have become underscores: rename one`,
		},
		"a rule without events": {
			[]definition.Metric{{Name: "m", Rules: []definition.Rule{{Source: hera}}}},
			`metric "m": a rule has no events: name at least one`,
		},
		"a condition on an address": {
			[]definition.Metric{{Name: "m", Rules: []definition.Rule{{Events: []string{"*"}, Conditions: []definition.Condition{{Place: definition.Place{In: definition.Attribute, Name: attr.ClientAddress}, Values: []string{"10.*"}}}}}}},
			`metric "m": attribute "client.address" holds personal data (ip): it can be no label`,
		},
		"a default of an unknown attribute": {
			[]definition.Metric{{Name: "m", Rules: []definition.Rule{{Events: []string{"*"}, Defaults: []definition.Default{{Dimension: "colour", Value: "red"}}}}}},
			`metric "m": attribute "colour" is none that points can carry`,
		},
		"two at once": {
			[]definition.Metric{{Name: "m", Dimensions: []definition.Dimension{{Name: "x"}}, Rules: everything}, {Name: "n", Dimensions: []definition.Dimension{{Name: "y"}}, Rules: everything}},
			"metric \"m\": attribute \"x\" is none that points can carry\nmetric \"n\": attribute \"y\" is none that points can carry",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(definition.Set{Metrics: tt.metrics}, Settings{Start: start})
			assert.EqualError(t, err, tt.want)
		})
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
		assert.Equal(t, tt.want, compilePattern(tt.pattern).matches(tt.name), "%s on %s", tt.pattern, tt.name)
	}
}
