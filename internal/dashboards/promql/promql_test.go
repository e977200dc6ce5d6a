package promql

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/dashboards/series"
)

var names = series.Names{
	"a.tries": {Name: "a_tries_total", Labels: []series.Label{{Name: "a_outcome", Values: []string{"success", "failure"}}, {Name: "a_client"}}},
	"a.time":  {Name: "a_time_seconds", Kind: series.Histogram, Labels: []series.Label{{Name: "a_client"}}},
	"a.size":  {Name: "a_size_bytes", Kind: series.Gauge},
}

func TestExpressions(t *testing.T) {
	tries := Select(names, "a.tries")
	failed := tries.Is("a.outcome", "failure")
	size := Value(Select(names, "a.size"))
	for want, e := range map[string]Expr{
		`sum(rate(a_tries_total[$__rate_interval]))`:                                      Rate(tries),
		`sum by (a_client, job) (increase(a_tries_total{a_outcome="failure"}[$__range]))`: Increase(failed, "a.client", "job"),
		`sum(rate(a_tries_total{a_outcome=~"success|failure"}[$__rate_interval]))`:        Rate(tries.Is("a.outcome", "success", "failure")),
		`sum(rate(a_tries_total{a_outcome!~"success|"}[$__rate_interval]))`:               Rate(tries.IsNot("a.outcome", "success", "")),
		`sum(rate(a_tries_total{a_client!="x.y"}[$__rate_interval]))`:                     Rate(tries.IsNot("a.client", "x.y")),
		`sum(rate(a_tries_total{a_client=~"x\\.y|z"}[$__rate_interval]))`:                 Rate(tries.Is("a.client", "x.y", "z")),
		`sum(rate(a_tries_total{a_client=~"$c",job=~"$job"}[$__rate_interval]))`:          Rate(tries.Like("a.client", "$c").Target("job", "$job")),
		"(sum(rate(a_tries_total{a_outcome=\"failure\"}[$__rate_interval]))\n    or 0 * sum(rate(a_tries_total[$__rate_interval])))\n  / (sum(rate(a_tries_total[$__rate_interval])) > 0)": Share(failed, tries),
		"((sum(a_tries_total) unless sum(last_over_time(a_tries_total[1h] offset $__range)))" +
			"\n  or sum(a_tries_total) - sum(last_over_time(a_tries_total[1h] offset $__range)) > sum(increase(a_tries_total[$__range]))" +
			"\n  or sum(increase(a_tries_total[$__range])))": Count(tries),
		"((sum(a_size_bytes)\n  - (sum(a_size_bytes) or 0 * sum(a_size_bytes)))\n  - (sum(a_size_bytes) or 0 * (sum(a_size_bytes)\n  - (sum(a_size_bytes) or 0 * sum(a_size_bytes)))))": Minus(Minus(size, size), size),
		`histogram_quantile(0.5, sum by (le, a_client) (rate(a_time_seconds_bucket[$__rate_interval])))`:                                                                                Quantile(0.5, Select(names, "a.time"), "a.client"),
		`sum(increase(a_time_seconds_count[$__range]))`: Events(Select(names, "a.time")),
		`max(a_size_bytes)`:                             Max(Select(names, "a.size")),
		`topk(3, sum(a_size_bytes)) > 2`:                Above(TopK(3, Value(Select(names, "a.size"))), 2),
	} {
		assert.NoError(t, e.Err())
		assert.Equal(t, want, e.String())
	}
}

func TestErrors(t *testing.T) {
	tries := Select(names, "a.tries")
	for want, e := range map[string]Expr{
		`no metric "a.trees": neither the catalogue nor a metadata.yaml has it`: Rate(Select(names, "a.trees"), "a.client"),
		`a_tries_total has no label for "a.method"`:                             Rate(tries, "a.method"),
		`a_tries_total: a_outcome is never "won"`:                               Rate(tries.Is("a.outcome", "won")),
		`a_size_bytes is another kind of metric than the function takes`:        Rate(Select(names, "a.size")),
		`OverAll takes one number`:                                              OverAll(Rate(tries), Rate(tries, "a.client")),
	} {
		assert.EqualError(t, e.Err(), want)
	}
}

// TestSelectorsAreValues: what is derived from a selector does not change it,
// nor what else is derived from it.
func TestSelectorsAreValues(t *testing.T) {
	tries := Select(names, "a.tries").Target("job", "x").Target("instance", "y").Like("a.client", "z")
	one, other := tries.Is("a.outcome", "success"), tries.Is("a.outcome", "failure")
	assert.Contains(t, Rate(one).String(), `"success"`)
	assert.Contains(t, Rate(other).String(), `"failure"`)
	assert.NotContains(t, Rate(tries).String(), "a_outcome")
}
