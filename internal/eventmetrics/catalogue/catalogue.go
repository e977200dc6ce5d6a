// Package catalogue holds the built-in metrics: what operators of identity
// providers ask, for all of them at once. One metric serves all sources, told
// apart by auth.source. Each file is a theme.
package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Builtin returns the built-in metrics, in the order of output, with the
// funnels and pairs that count in them. It is made anew for each caller, who
// may change it.
func Builtin() definition.Set {
	var set definition.Set
	for _, section := range [][]definition.Metric{
		eventMetrics(), loginMetrics(), mfaMetrics(), otpMetrics(), captchaMetrics(), passwordMetrics(),
		oauthMetrics(), pkceMetrics(), clientMetrics(), socialMetrics(), registrationMetrics(), accountMetrics(),
		limitMetrics(), sessionMetrics(), adminMetrics(), userMetrics(),
	} {
		set.Metrics = append(set.Metrics, section...)
	}
	set.Funnels = funnels()
	set.Pairs = pairs()
	return set
}

func eventMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.events",
		Unit:        "{event}",
		Description: "Events of the identity providers, by event name.",
		Dimensions:  dimensions(attr.OTelEventName, attr.Category, attr.Outcome),
		Rules:       []definition.Rule{rule(anySource, "*")},
		Question:    "How much happens, and what that did not happen before?",
		Query:       `sum by (auth_source, otel_event_name) (rate(auth_events_total[5m]))`,
		Limits:      "Names that the source's profile does not list are `_OTHER`; the receiver's own metric of drift counts them. Names of a profile of your own are bounded in number alone.",
	}}
}
