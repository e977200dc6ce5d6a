package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

func social(b *board) {
	b.uid, b.title = "otelcol-auth-social", "Sign-ins: social login"
	b.description = "Which providers users come by, how many for the first time, and whether they get through."

	begun := b.counted("auth.social.initiations")
	logins := b.counted("auth.social.logins")
	first := logins.Is(attr.FirstLogin, "true")
	told := logins.Is(attr.FirstLogin, "true", "false")
	ofHera := func(s promql.Selector) promql.Selector { return s.Is(attr.Source, "hera") }

	b.section("In this time",
		b.stat(view{title: "Logins", unit: count, width: 8, queries: by(promql.Increase(logins)),
			answers: "Social logins that were completed."}),
		b.stat(view{title: "First logins", unit: percent, width: 8, queries: by(promql.ShareOfRange(first, told)),
			answers: "Share of the logins, of those that tell, that were a user's first. Many at once may be accounts made by a machine."}),
		b.stat(view{title: "Completed", unit: percent, width: 8, queries: by(promql.ShareOfRange(ofHera(logins), ofHera(begun))),
			answers: "Of Hera's logins that were begun. What is missing gave up at the provider, or the provider failed."}))

	b.section("Providers",
		b.timeseries(view{title: "Begun", unit: perSecond, queries: by(promql.Rate(begun, attr.Provider)),
			answers: "Users who chose a provider. Hera alone tells."}),
		b.timeseries(view{title: "Completed", unit: perSecond, queries: by(promql.Rate(logins, attr.Source, attr.Provider)),
			answers: "A provider that falls to nothing while its logins are begun has a fault, or its client's secret has run out."}),
		b.timeseries(view{title: "Share that is completed", unit: percent, queries: by(promql.Share(ofHera(logins), ofHera(begun), attr.Provider)),
			answers: "Below a half, try that provider yourself. It may be above 1 for a moment, where the begin was before."}),
		b.timeseries(view{title: "Share of first logins", unit: percent, queries: by(promql.Share(first, told, attr.Provider)),
			answers: "How new users come. Hera alone tells a first login from others."}),
		b.bars(view{title: "Logins by provider", unit: count, queries: by(promql.Increase(logins, attr.Provider)),
			answers: "Which providers are worth keeping."}),
		b.bars(view{title: "Linked to an account", unit: count, queries: by(promql.Count(b.counted("auth.social.links"), attr.Source, attr.Provider)),
			answers: "Accounts that got a social login beside what they had. Links that were taken off are not subtracted."}))

	b.section("Records",
		b.logs("Social logins", "The records behind the numbers, scrubbed.", "social", nil))
}
