package eventmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/attr"
)

func TestCompileRefuses(t *testing.T) {
	everything := []Rule{{Events: []string{"*"}}}
	tests := map[string]struct {
		metrics []Metric
		want    string
	}{
		"a user's id": {
			[]Metric{{Name: "m", Attributes: []string{attr.UserID}, Rules: everything}},
			`metric "m": attribute "user.id" holds personal data (identity): it can be no label`,
		},
		"a session": {
			[]Metric{{Name: "m", Attributes: []string{attr.SessionID}, Rules: everything}},
			`metric "m": attribute "session.id" holds personal data (identity): it can be no label`,
		},
		"an address": {
			[]Metric{{Name: "m", Attributes: []string{attr.ClientAddress}, Rules: everything}},
			`metric "m": attribute "client.address" holds personal data (ip): it can be no label`,
		},
		"an attribute that is not read": {
			[]Metric{{Name: "m", Attributes: []string{"auth.colour"}, Rules: everything}},
			`metric "m": attribute "auth.colour" is none that points can carry`,
		},
		"too many attributes": {
			[]Metric{{Name: "m", Attributes: make([]string, 6), Rules: everything}},
			`metric "m": has 9 attributes with the common ones: use at most 8`,
		},
		"a name that collides after translation": {
			[]Metric{{Name: "auth.some.thing", Rules: everything}, {Name: "auth.some_thing", Rules: everything}},
			`metric "auth.some_thing": its name is that of "auth.some.thing" once dots have become underscores: rename one`,
		},
		"a rule without events": {
			[]Metric{{Name: "m", Rules: []Rule{{Source: hera}}}},
			`metric "m": a rule has no events: name at least one`,
		},
		"a condition on an address": {
			[]Metric{{Name: "m", Rules: []Rule{{Events: []string{"*"}, Conditions: []Condition{{attr.ClientAddress, []string{"10."}}}}}}},
			`metric "m": attribute "client.address" holds personal data (ip): it can be no label`,
		},
		"a default of an unknown attribute": {
			[]Metric{{Name: "m", Rules: []Rule{{Events: []string{"*"}, Defaults: []Default{{"colour", "red"}}}}}},
			`metric "m": attribute "colour" is none that points can carry`,
		},
		"two at once": {
			[]Metric{{Name: "m", Attributes: []string{"x"}, Rules: everything}, {Name: "n", Attributes: []string{"y"}, Rules: everything}},
			"metric \"m\": attribute \"x\" is none that points can carry\nmetric \"n\": attribute \"y\" is none that points can carry",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := newEngine(tt.metrics, Settings{Start: start})
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
