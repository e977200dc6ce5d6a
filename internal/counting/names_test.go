package counting

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesThatPrometheusCannotTellApart(t *testing.T) {
	tests := map[string]struct {
		yaml string
		want string // "" for none
	}{
		"dots and underscores": {`{custom: {a.b: {events: [x]}, a_b: {events: [x]}}}`,
			`custom::a_b: is a_b_total to Prometheus, and so is a.b (custom::a.b): rename one`},
		"the unit's suffix": {`{custom: {x: {type: histogram, events: [x]}, x.seconds: {events: [x]}}}`,
			`custom::x.seconds: is x_seconds to Prometheus, and so is x (custom::x): rename one`}, // the family of x_seconds_total
		"the unit's suffix, both histograms": {`{custom: {x: {type: histogram, events: [x]}, x.seconds: {type: histogram, events: [x]}}}`,
			`custom::x.seconds: is x_seconds to Prometheus, and so is x (custom::x): rename one`},
		"the type's suffix": {`{custom: {x: {events: [x]}, x.total: {events: [x]}}}`,
			`custom::x.total: is x_total to Prometheus, and so is x (custom::x): rename one`},
		"a histogram's suffix": {`{custom: {x: {type: histogram, events: [x]}, x.count: {type: unique, events: [x]}}}`,
			`custom::x.count: is x_count to Prometheus, and so is x (custom::x): rename one`},
		"a histogram's suffix behind the unit": {`{custom: {x: {type: histogram, events: [x]}, x.seconds.sum: {type: unique, events: [x]}}}`,
			`custom::x.seconds.sum: is x_seconds_sum to Prometheus, and so is x (custom::x): rename one`},
		"an exponential histogram's": {`{custom: {x: {type: exponential_histogram, events: [x]}, x.bucket: {type: unique, events: [x]}}}`,
			`custom::x.bucket: is x_bucket to Prometheus, and so is x (custom::x): rename one`},
		"upper case": {`{custom: {X: {events: [x]}, x: {events: [x]}}}`,
			`custom::x: is x_total to Prometheus, and so is X (custom::X): rename one`},
		"with a built-in one": {`{custom: {auth_login_attempts: {events: [x]}}}`,
			`custom::auth_login_attempts: is auth_login_attempts_total to Prometheus, and so is auth.login.attempts (metrics::auth.login.attempts): rename one`},
		"with a pair's": {`{custom: {a_b: {events: [x]}}, pairs: {p: {begin: {events: [x]}, end: {events: [y]}, abandoned: a.b}}}`,
			`pairs::p::abandoned: is a_b_total to Prometheus, and so is a_b (custom::a_b): rename one`},
		"neighbours": {`{custom: {x: {events: [x]}, x.y: {type: histogram, events: [x]}, y: {type: unique, events: [x]}}}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := decoded(t, tt.yaml).setOf(small())
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			assert.EqualError(t, err, tt.want)
		})
	}
}

func TestUnits(t *testing.T) {
	for unit, ok := range map[string]bool{
		"s": true, "{attempt}": true, "1": true, "By": true, "By/s": true, "{request}/min": true, "%": true,
		"": false, "seconds": false, "{}": false, "{a b}": false, "{a": false, "a}": false, "{{a}}": false, "s/s/s": false, "/s": false, "{ä}": false,
	} {
		var p problems
		p.unit("unit", unit)
		assert.Equal(t, ok, p.err() == nil, "%q: %v", unit, p.err())
	}
}

func TestNearest(t *testing.T) {
	assert.Equal(t, 3, distance("kitten", "sitting"))
	assert.Equal(t, 3, distance("", "abc"))
	assert.Equal(t, 3, distance("abc", ""))
	assert.Equal(t, "the nearest are abd, abcde, xyz", nearest("abc", []string{"xyz", "abcde", "abd", "uvwxyz"}))
	assert.Equal(t, "there is none", nearest("abc", nil))
}

func TestWindowsAreWrittenShort(t *testing.T) {
	cfg := decoded(t, `{unique: {windows: [24h, 24h, 90m, 90m, 30s, 30s]}}`)
	err := cfg.Check().Error()
	for _, want := range []string{": 24h stands", ": 1h30m stands", ": 30s stands"} {
		assert.True(t, strings.Contains(err, want), err)
	}
}
