package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

func captcha(b *board) {
	b.uid, b.title = "otelcol-auth-captcha", "Sign-ins: captchas and passwords"
	b.description = "Captchas shown and failed, passwords known from breaches, and how passwords are changed and lost."

	shown := b.counted("auth.captcha.challenges")
	attempts := b.counted("auth.captcha.attempts")
	failed := attempts.Is(attr.Outcome, failure)
	told := attempts.Is(attr.Outcome, success, failure)
	checks := b.counted("auth.password.breach.checks")
	ofHera := checks.Is(attr.Source, "hera")
	changes := b.counted("auth.password.changes")

	b.section("In this time",
		b.stat(view{title: "Captchas shown", unit: count, queries: by(promql.Increase(shown)),
			answers: "How often people, or machines, were asked to prove themselves."}),
		b.stat(view{title: "Captchas failed", unit: percent, warn: 0.2, bad: 0.5, queries: by(promql.ShareOfRange(failed, told)),
			answers: "Share of the attempts. Whether a person failed or a machine, no event tells; if sign-ins fall as well, it was people."}),
		b.stat(view{title: "Breached passwords", unit: percent, warn: 0.2, queries: by(promql.ShareOfRange(ofHera.Is(attr.ErrorType, inBreach), ofHera)),
			answers: "Share of Hera's checks that found the password in a breach. Checks are counted, not users."}),
		b.stat(view{title: "Checks that could not be made", unit: percent, warn: 0.01, bad: 0.1, queries: by(promql.ShareOfRange(ofHera.Is(attr.ErrorType, breachUnavailable), ofHera)),
			answers: "The service that knows breached passwords did not answer, and the password passed unchecked."}))

	b.section("Captchas",
		b.timeseries(view{title: "Shown", unit: perSecond, queries: by(promql.Rate(shown, attr.Source, attr.Flow)),
			answers: "By the flow that it guards. If it rises, the traffic looks like a machine's to whoever decides."}),
		b.timeseries(view{title: "Share that fails", unit: percent, queries: by(promql.Share(failed, told, attr.Source, attr.Flow)),
			answers: "A jump to 1 is a key that has run out, or a page that can't load the captcha."}),
		b.timeseries(view{title: "Why they fail", unit: perSecond, queries: by(promql.Rate(failed, attr.Source, attr.ErrorType)),
			answers: "A time-out or an error of the service is yours to mend; a wrong answer is not."}))

	b.section("Passwords known from breaches",
		b.timeseries(view{title: "Checks", unit: perSecond, queries: by(promql.Rate(checks, attr.Source, attr.Outcome)),
			answers: "Login.gov, Auth0 and Okta tell of passwords that were found alone."}),
		b.timeseries(view{title: "Found, or not checked", unit: perSecond, queries: by(promql.Rate(checks.Is(attr.Outcome, failure), attr.Source, attr.ErrorType)),
			answers: "in_hibp is a password that was found; hibp_unavailable one that could not be checked."}),
		b.timeseries(view{title: "Share of Hera's checks", unit: percent, queries: []query{
			{promql.Share(ofHera.Is(attr.ErrorType, inBreach), ofHera), "found"},
			{promql.Share(ofHera.Is(attr.ErrorType, breachUnavailable), ofHera), "not checked"}},
			answers: "A peak of those found is somebody who tries lists of stolen passwords."}))

	b.section("Passwords changed and lost",
		b.timeseries(view{title: "Changed", unit: perSecond, queries: by(promql.Rate(changes, attr.Source, attr.Outcome)),
			answers: "By who knows the old one, or has proven to own the account."}),
		b.bars(view{title: "Why changes are refused", unit: count, queries: by(promql.Count(changes.Is(attr.Outcome, failure), attr.Source, attr.ErrorType)),
			answers: "If one rule refuses most, say so on the page before users try."}),
		b.bars(view{title: "Steps of those who lost theirs", unit: count, queries: by(promql.Increase(b.counted("auth.password.resets"), attr.Source, attr.Step, attr.Outcome)),
			answers: "Requests, not users. Where many submit an address and few a new password, the message does not arrive."}))

	b.section("Records",
		b.logs("Captchas that failed", "The records behind the failures, scrubbed.", "captcha", map[string]string{attr.Outcome: failure}))
}
