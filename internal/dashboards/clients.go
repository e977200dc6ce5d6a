package main

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

func clients(b *board) {
	b.uid, b.title = "otelcol-auth-clients", "Sign-ins: PKCE and clients"
	b.description = "Codes that may have been intercepted, clients that are not set up as they should be, who uses PKCE, and whose tokens fail."

	failures := b.counted("auth.pkce.failures")
	requests := b.counted("auth.oauth.authorizations")
	exchanges := b.counted("auth.oauth.token.exchanges")
	duration := b.counted("auth.pkce.duration")
	saml := b.counted("auth.saml.requests")

	b.section("In this time",
		b.stat(view{title: "Challenge mismatches", unit: count, warn: 1, bad: 4, none: "0", queries: by(promql.Count(failures.Is(attr.ErrorType, challengeMismatch))),
			answers: "How an intercepted code shows: who redeemed it did not begin the flow. A broken client shows the same way, and then all day. See which client it is."}),
		b.stat(view{title: "Verifier mismatches", unit: count, warn: 1, bad: 10, none: "0", queries: by(promql.Count(failures.Is(attr.ErrorType, verifierMismatch))),
			answers: "A verifier that is not the challenge's. Nearly always a client that loses it, for instance in a second tab."}),
		b.stat(view{title: "Requests with PKCE", unit: percent,
			queries: by(promql.ShareOfRange(requests.Is(attr.PKCEUsed, "true"), requests.Is(attr.PKCEUsed, "true", "false"))),
			answers: "Share of the authorization requests that tell. Hera tells of those with PKCE alone: take Hydra's own metrics for the whole."}),
		b.stat(view{title: "Token requests that failed", unit: percent, warn: 0.05, bad: 0.2,
			queries: by(promql.ShareOfRange(exchanges.Is(attr.Outcome, failure), exchanges)),
			answers: "Exchanges of a code for a token that were refused. Users see an error at the client then."}))

	b.section("PKCE",
		b.table(view{title: "Failures", unit: count, queries: by(promql.Count(failures, attr.Source, attr.ClientID, attr.ErrorType)),
			answers: "Who fails, and of what. One client with many: it implements PKCE wrongly. Several clients at once with mismatches: somebody intercepts codes; end their sessions, and ask the network."}),
		b.timeseries(view{title: "Failures over time", unit: perSecond, queries: by(promql.Rate(failures, attr.Source, attr.ErrorType)),
			answers: "A client's release shows as a step, an attack as a peak."}),
		b.timeseries(view{title: "Share of requests with PKCE, by client", unit: percent,
			queries: by(promql.Share(requests.Is(attr.PKCEUsed, "true"), requests.Is(attr.PKCEUsed, "true", "false"), attr.ClientID)),
			answers: "Which clients have still to be moved before PKCE can be demanded. Hera's are always 1."}),
		b.timeseries(view{title: "Time of a flow, 95 of 100", unit: seconds, queries: by(promql.TopK(10, promql.Quantile(0.95, duration, attr.ClientID))),
			answers: "From the challenge to the token, of the ten slowest clients. Codes are good for about ten minutes."}),
		b.timeseries(view{title: "Begun and not ended", unit: count,
			queries: by(promql.Minus(
				promql.Minus(promql.Increase(requests.Is(attr.Source, "hera"), attr.ClientID), promql.Increase(exchanges.Is(attr.Source, "hera"), attr.ClientID)),
				promql.Increase(failures.Is(attr.Source, "hera"), attr.ClientID))),
			answers: "Hera's flows begun, less those that ended: who never came back with the code. Right over hours, not over minutes."}),
		b.timeseries(view{title: "Given up, Login.gov", unit: perSecond, queries: by(promql.Rate(b.counted("auth.pkce.abandoned"), attr.ClientID)),
			answers: "Flows that nothing ended within ten minutes, where both ends name the user."}))

	b.section("Clients",
		b.timeseries(view{title: "Authorization requests", unit: perSecond, queries: by(promql.TopK(10, promql.Rate(requests, attr.ClientID, attr.Outcome))),
			answers: "The ten busiest. Failures without successes are a client that is set up wrongly."}),
		b.timeseries(view{title: "Share of token requests that fail", unit: percent, queries: by(promql.Share(exchanges.Is(attr.Outcome, failure), exchanges, attr.Source, attr.ClientID)),
			answers: "A client whose tokens fail: its secret has run out, or its code is spent twice."}),
		b.table(view{title: "Issues", unit: count, queries: by(promql.Count(b.counted("auth.client.issues"), attr.ClientID, attr.Issue)),
			answers: "Whose clients must be mended, and how, before a deprecated way can be shut. Write to their owners."}),
		b.table(view{title: "Sign-ins that arrived", unit: count, queries: by(promql.TopK(30, promql.Increase(b.counted("auth.login.completions"), attr.ClientID, attr.IAL))),
			answers: "How much each client is used, by the identity level that it asks for."}),
		b.timeseries(view{title: "SAML requests", unit: perSecond, queries: by(promql.Rate(saml, attr.ClientID, attr.Outcome)),
			answers: "What still comes by SAML."}))

	b.section("Records",
		b.logs("PKCE flows that failed", "The records behind the failures, scrubbed.", "pkce", map[string]string{attr.Outcome: failure}))
}
