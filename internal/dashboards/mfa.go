package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

// phishingResistant are the methods whose answer is of use to nobody but the
// site that asked.
var phishingResistant = []string{"webauthn", "webauthn_platform", "passkey", "security_key", "piv_cac"}

func mfa(b *board) {
	b.uid, b.title = "otelcol-auth-mfa", "Sign-ins: second factors"
	b.description = "Which second factors users choose, which of them fail or are given up, what is set up and taken off, and the messages that carry codes."

	attempts := b.counted("auth.mfa.attempts")
	told := attempts.Is(attr.Outcome, success, failure)
	failed := attempts.Is(attr.Outcome, failure)
	passed := attempts.Is(attr.Outcome, success)
	sent := b.counted("auth.otp.sends").Is(attr.Step, "sent")
	enrolled := b.counted("auth.mfa.enrollments")
	stepups := b.counted("auth.stepups")

	b.section("In this time",
		b.stat(view{title: "Attempts", unit: count, queries: by(promql.Increase(attempts)),
			answers: "Second factors entered, right or wrong."}),
		b.stat(view{title: "Failed", unit: percent, warn: 0.25, bad: 0.5, queries: by(promql.ShareOfRange(failed, told)),
			answers: "Share of the attempts that failed. Typed codes fail more often than keys: see the methods below before you worry."}),
		b.stat(view{title: "That no phishing can get", unit: percent, queries: by(promql.ShareOfRange(passed.Is(attr.Method, phishingResistant...), passed)),
			answers: "Share of the factors passed that are keys, passkeys or cards. It should grow; if it does not, offer them first."}),
		b.stat(view{title: "Step-ups that failed", unit: percent, warn: 0.25, bad: 0.5,
			queries: by(promql.ShareOfRange(stepups.Is(attr.Outcome, failure), stepups.Is(attr.Outcome, success, failure))),
			answers: "Share of the sessions that were to reach a higher level and did not. If it is high, users lack the factor that the page asks for."}))

	b.section("Attempts",
		b.timeseries(view{title: "Asked for", unit: perSecond, queries: by(promql.Rate(b.counted("auth.mfa.challenges"), attr.Source, attr.Method)),
			answers: "Second factors asked for. If it rises and the sign-ins do not, devices are remembered less, or somebody has many passwords."}),
		b.timeseries(view{title: "Passed", unit: perSecond, queries: by(promql.Rate(passed, attr.Source, attr.Method)),
			answers: "Which factors users choose."}),
		b.timeseries(view{title: "Share that fails, by method", unit: percent, queries: by(promql.Share(failed, told, attr.Source, attr.Method)),
			answers: "A method that fails for everybody at once is broken: clocks for totp, the provider for sms and voice, the domain for webauthn."}),
		b.timeseries(view{title: "Why they fail", unit: perSecond, queries: by(promql.Rate(failed, attr.Source, attr.Method, attr.ErrorType)),
			answers: "The class of the failure, where the source tells."}),
		b.timeseries(view{title: "Time to answer", unit: seconds, queries: []query{
			{promql.Quantile(0.5, b.counted("auth.mfa.challenge.duration"), attr.Method), "half, {{auth_method}}"},
			{promql.Quantile(0.95, b.counted("auth.mfa.challenge.duration"), attr.Method), "95 of 100, {{auth_method}}"}},
			answers: "From the question to the right answer. Messages that come late show here first."}),
		b.timeseries(view{title: "Given up", unit: perSecond, queries: by(promql.Rate(b.counted("auth.mfa.challenges.abandoned"), attr.Source, attr.Method)),
			answers: "Second factors that nobody passed within ten minutes, counted at their end."}),
		b.timeseries(view{title: "Step-ups", unit: perSecond, queries: by(promql.Rate(stepups, attr.Source, attr.AAL, attr.Outcome)),
			answers: "Sessions that had to reach a higher level. Without an outcome: it was asked for."}),
		b.table(view{title: "Failures by client", unit: count, queries: by(promql.TopK(20, promql.Increase(failed, attr.ClientID, attr.Context))),
			answers: "Whose users fail, and on which occasion. Without a client the event names none."}))

	b.section("Set up and taken off",
		b.timeseries(view{title: "Set up", unit: perSecond, queries: by(promql.Rate(enrolled.Is(attr.Outcome, success), attr.Source, attr.Method)),
			answers: "Second factors that users set up."}),
		b.timeseries(view{title: "Share of set-ups that fail", unit: percent,
			queries: by(promql.Share(enrolled.Is(attr.Outcome, failure), enrolled.Is(attr.Outcome, success, failure), attr.Source, attr.Method)),
			answers: "If users can't set a factor up, they stay without, or call you: try it yourself."}),
		b.bars(view{title: "Taken off", unit: count, queries: by(promql.Count(b.counted("auth.mfa.removals"), attr.Source, attr.Method)),
			answers: "Factors taken off accounts. Many in an hour that did not begin with a sign-in are somebody at work in accounts that are not theirs."}))

	b.section("Messages with codes",
		b.timeseries(view{title: "Sent", unit: perSecond, queries: by(promql.Rate(sent, attr.Source, attr.Channel)),
			answers: "Codes on their way, by channel. Each text message and call costs."}),
		b.timeseries(view{title: "Share that was not taken", unit: percent, warn: 0.1,
			queries: by(promql.Share(sent.Is(attr.Outcome, failure), sent.Is(attr.Outcome, success, failure), attr.Source, attr.Channel)),
			answers: "Messages that the provider refused. Above a tenth, the provider has a fault, or your account with it."}),
		b.table(view{title: "Countries", unit: count, queries: by(promql.TopK(30, promql.Increase(sent, attr.GeoCountryISOCode, attr.Channel))),
			answers: "Where codes go to. A country that nobody of yours lives in is somebody who earns by having messages sent."}),
		b.timeseries(view{title: "Share that was asked for again", unit: percent,
			queries: by(promql.Share(sent.Is(attr.Resend, "true"), sent.Is(attr.Resend, "true", "false"), attr.Channel)),
			answers: "Users who ask for another code did not get the first. It rises before the provider says anything."}))

	b.section("Records",
		b.logs("Second factors that failed", "The records behind the failures, scrubbed.", "mfa", map[string]string{attr.Outcome: failure}))
}
