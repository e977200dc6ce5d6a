package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

func registration(b *board) {
	b.uid, b.title = "otelcol-auth-registration", "Sign-ins: registration and proofing"
	b.description = "How far users get who make an account or prove who they are, where they give up, and who leaves."

	users := b.counted("auth.funnel.users")
	registering, proofing := users.Is(funnel, "registration"), users.Is(funnel, "idv")
	steps := b.counted("auth.registration.steps")
	submitted := steps.Is(attr.Step, "email_submitted")
	idv := b.counted("auth.idv.steps")

	b.section("Registration",
		b.bars(view{title: "Users at each step", unit: count, queries: by(promql.Increase(registering, funnelStep)),
			answers: "Users who reached a step within a day of the first, in this order. The time shown should be longer than a day."}),
		b.bars(view{title: "Share of those who confirmed an address", unit: percent,
			queries: by(promql.OverAll(promql.Increase(registering, funnelStep), promql.Increase(registering.Is(funnelStep, "email_confirmed")))),
			answers: "Where the bars fall most, users give up: try that page on a telephone."}),
		b.timeseries(view{title: "Steps", unit: perSecond, queries: by(promql.Rate(steps, attr.Source, attr.Step, attr.Outcome)),
			answers: "Steps, not users: who comes back counts again."}),
		b.timeseries(view{title: "Have an account already", unit: percent,
			queries: by(promql.Share(submitted.Is(attr.EmailExists, "true"), submitted.Is(attr.EmailExists, "true", "false"), attr.Source)),
			answers: "Share of the addresses submitted that stood already. A peak is somebody who tries which addresses have accounts."}))

	b.section("Identity proofing",
		b.bars(view{title: "Users at each step", unit: count, queries: by(promql.Increase(proofing, funnelStep)),
			answers: "Users who reached a step within a week of their first, in any order."}),
		b.bars(view{title: "Share of those who began", unit: percent,
			queries: by(promql.OverAll(promql.Increase(proofing, funnelStep), promql.Increase(proofing.Is(funnelStep, "started")))),
			answers: "Choose a time of several weeks: who began before it has later steps alone."}),
		b.timeseries(view{title: "What fails", unit: perSecond, queries: by(promql.TopK(10, promql.Rate(idv.Is(attr.Outcome, failure), attr.Source, attr.Step))),
			answers: "The ten steps that fail most. A step that fails for everybody is a vendor that is down."}),
		b.timeseries(view{title: "Share that fails, by step", unit: percent,
			queries: by(promql.Share(idv.Is(attr.Outcome, failure), idv.Is(attr.Outcome, success, failure), attr.Source, attr.Step)),
			answers: "How hard each step is. Compare with the week before."}))

	b.section("Accounts that are given up",
		b.bars(view{title: "Steps of deletions and resets", unit: count, queries: by(promql.Increase(b.counted("auth.account.deletions"), attr.Source, attr.Step)),
			answers: "Requests that are cancelled are accounts that somebody else wanted to take over."}),
		b.stat(view{title: "Age of the accounts that are reset", unit: seconds, width: 12, queries: by(
			promql.QuantileOfRange(0.5, b.counted("auth.account.age"))),
			answers: "Half are younger. New accounts that are reset are users who lost a factor that they had just set up: ask for two at the start."}))

	b.section("Records",
		b.logs("Proofing that failed", "The records behind the failures, scrubbed.", "idv", map[string]string{attr.Outcome: failure}))
}
