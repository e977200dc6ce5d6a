package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

// signIns is where to begin: do people get in, and does somebody try who should not?
func signIns(b *board) {
	b.uid, b.title = "otelcol-auth-sign-ins", "Sign-ins: overview"
	b.description = "Who gets in, who does not, and why; lockouts and limits; what the identity providers do at all."

	attempts := b.counted("auth.login.attempts")
	told := attempts.Is(attr.Outcome, success, failure)
	failed := attempts.Is(attr.Outcome, failure)
	succeeded := attempts.Is(attr.Outcome, success)
	events := b.counted("auth.events")
	lockouts := b.counted("auth.account.lockouts")
	users := b.counted("auth.users.unique")

	b.section("In this time",
		b.stat(view{title: "Attempts", unit: count, width: 4, queries: by(promql.Increase(attempts)),
			answers: "Attempts to sign in with a first factor. Compare with the same hours of another day before you judge the rest."}),
		b.stat(view{title: "Failed", unit: percent, width: 4, warn: 0.2, bad: 0.4, queries: by(promql.ShareOfRange(failed, told)),
			answers: "Share of the attempts that failed. A tenth or so is people who mistype; see below which source and method it is, and of what it fails."}),
		b.stat(view{title: "Users, 24 h", unit: count, width: 4,
			queries: by(promql.Max(users.Is(window, "24h").Is(attr.Category, "").Is(attr.ClientID, ""), attr.Source)),
			answers: "Distinct users of the last 24 hours, to about 1 in 100. Sources can't be added up, and of several collectors the largest is shown: count in one place where it matters."}),
		b.stat(view{title: "Lockouts", unit: count, width: 4, warn: 20, bad: 100, none: "0", queries: by(promql.Count(lockouts)),
			answers: "Accounts that were locked, or found locked. Above 100 an hour somebody is guessing passwords: see the failures by method, and the sign-ins that new devices make."}),
		b.stat(view{title: "Checks for lockouts that could not be made", unit: count, width: 4, bad: 1, none: "0",
			queries: by(promql.Count(events.Is(attr.OTelEventName, failOpen))),
			answers: "Hera could not check for lockouts and let everybody try. Its database or Redis is down: until it is back, nothing stops who guesses passwords."}),
		b.stat(view{title: "Weak keys, failed starts", unit: count, width: 4, bad: 1, none: "0",
			queries: by(promql.Count(events.Is(attr.OTelEventName, startupFailed, weakKey))),
			answers: "Hera's warnings of its own start: a key that is too short, or a service that did not come up. Neither should ever be."}))

	b.section("First factor",
		b.timeseries(view{title: "Attempts by outcome", unit: perSecond, queries: by(promql.Rate(told, attr.Source, attr.Outcome)),
			answers: "Successes that fall while failures rise: something is broken. Failures that rise alone: somebody tries passwords."}),
		b.timeseries(view{title: "Share that fails, by method", unit: percent, queries: by(promql.Share(failed, told, attr.Source, attr.Method)),
			answers: "Which way of signing in fails. Hera's social logins are completions alone: without login_failed or Kratos' lines they never fail."}),
		b.timeseries(view{title: "Why sign-ins fail", unit: perSecond, queries: by(promql.Rate(failed, attr.Source, attr.ErrorType)),
			answers: "The class of the failure. Without a class the source does not tell. Wrong passwords are the users', an unknown client or a provider's error is yours."}),
		b.timeseries(view{title: "Sign-ins from new devices", unit: percent,
			queries: by(promql.Share(succeeded.Is(attr.NewDevice, "true"), succeeded.Is(attr.NewDevice, "true", "false"), attr.Source)),
			answers: "Share of the sign-ins, of those that tell, that came from a device that the user had not used before. If it rises and the sign-ins do not, stolen passwords are being used."}),
		b.timeseries(view{title: "Time to sign in", unit: seconds, queries: []query{
			{promql.Quantile(0.5, b.counted("auth.login.duration"), attr.Source), "half, {{auth_source}}"},
			{promql.Quantile(0.95, b.counted("auth.login.duration"), attr.Source), "95 of 100, {{auth_source}}"}},
			answers: "From the begin to the arrival at the client, of those who arrived. If it grows, a page or a message has become slow: see the second factors."}),
		b.timeseries(view{title: "Arrivals at clients", unit: perSecond,
			queries: by(promql.TopK(10, promql.Rate(b.counted("auth.login.completions"), attr.ClientID))),
			answers: "The ten clients that most sign-ins end at. One that falls to nothing has a fault of its own: see the dashboard of clients."}))

	b.section("Lockouts and limits",
		b.timeseries(view{title: "Lockouts", unit: perSecond, queries: by(promql.Rate(lockouts, attr.Source, attr.Reason)),
			answers: "Accounts locked, by why. Many at once are an attack on many accounts; the audit store knows which."}),
		b.timeseries(view{title: "Limits that were hit", unit: perSecond, queries: by(promql.Rate(b.counted("auth.rate_limit.hits"), attr.Source, attr.Limiter)),
			answers: "Which limit stops people. One that is hit all day is too tight, or under attack."}))

	b.section("From the first factor to the client",
		b.bars(view{title: "Users at each step", unit: count,
			queries: by(promql.Increase(b.counted("auth.funnel.users").Is(funnel, "sign_in"), funnelStep)),
			answers: "Users who reached a step within an hour of their first. Who is remembered is asked for no second factor. Where many are lost between two steps, look at the second."}),
		b.timeseries(view{title: "How sessions end", unit: perSecond, queries: by(promql.Rate(b.counted("auth.session.ends"), attr.Source, attr.Reason)),
			answers: "Signed out by the user, by the clock, or by an administrator. Many ended by the clock may mean that it is set too short."}))

	b.section("What happens at all",
		b.timeseries(view{title: "Events by category", unit: perSecond, queries: by(promql.Rate(events, attr.Source, attr.Category)),
			answers: "All events. A source that falls to nothing has stopped writing, or is not read any more: see the dashboard of the collector."}),
		b.table(view{title: "Events by name", unit: count, queries: by(promql.TopK(50, promql.Increase(events, attr.Source, attr.OTelEventName))),
			answers: "The fifty most frequent. _OTHER are names that the source's profile does not list: the drift says which."}),
		b.table(view{title: "What administrators did", unit: count, queries: by(promql.Count(b.counted("auth.admin.actions"), attr.Source, attr.Action)),
			answers: "Who did it is in the audit store and in no metric. Ask about what nobody had announced."}),
		b.timeseries(view{title: "Accounts suspended and reinstated", unit: perSecond, queries: by(promql.Rate(b.counted("auth.account.suspensions"), attr.Source, attr.Action)),
			answers: "Accounts taken out of use, and back. Many at once are a script, or a fraud review that rejects too much."}))

	b.section("Records",
		b.logs("Failed sign-ins, password", "The records behind the failures, scrubbed: the pseudonym of a user tells whether it is one or many.", "password",
			map[string]string{attr.Outcome: failure}))
}
