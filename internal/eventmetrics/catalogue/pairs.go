package catalogue

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxPending bounds the beginnings that wait for their end.
const maxPending = 50_000

// Timeouts: a code by message, and an authorization code, are good for about
// ten minutes.
const pairTimeout = 10 * time.Minute

func pairs() []definition.Pair {
	return []definition.Pair{{
		Name:        "mfa_challenge",
		Description: "A second factor asked for, and the attempt that passed it.",
		Duration:    "auth.mfa.challenge.duration",
		Abandoned:   "auth.mfa.challenges.abandoned",
		Begin:       mfaChallenges(),
		End:         succeeding(mfaAttempts()),
		By:          []string{attr.UserID, attr.SessionID},
		Match:       []string{attr.Method},
		Timeout:     pairTimeout,
		MaxPending:  maxPending,
	}, {
		Name:        "pkce",
		Description: "A PKCE flow begun, and its end, be that a token or a failure.",
		Abandoned:   "auth.pkce.abandoned",
		Begin: []definition.Rule{
			rule(hera, "pkce_authorize", "auth.pkce.started"),
			where(where(rule(loginGov, "OpenID Connect: authorization request"), attr.PKCEUsed, "true"), attr.Outcome, attr.OutcomeSuccess),
		},
		End: []definition.Rule{
			rule(hera, "pkce_flow_completed", "auth.pkce.completed", "pkce_failed", "auth.pkce.failed"),
			rule(loginGov, "OpenID Connect: token"),
		},
		By:         byUser(), // the token endpoint is called by the client, in no session of the user's
		Match:      []string{attr.ClientID},
		Timeout:    pairTimeout,
		MaxPending: maxPending,
	}}
}
