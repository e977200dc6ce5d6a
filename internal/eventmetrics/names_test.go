package eventmetrics

import "github.com/authevents/otelcol-auth/internal/attr"

// Sources of the built-in catalogue, in tests.
const (
	hera     = "hera"
	loginGov = "login_gov"
)

// full carries every attribute that a point of most metrics may have, and
// some that none may.
func full(source, name string) event {
	return event{source, name, map[string]any{
		attr.Category: "any", attr.Outcome: "failure", attr.ErrorType: "timeout", attr.Method: "sms",
		attr.Context: "authentication", attr.ClientID: "app", attr.PKCEUsed: true, attr.Provider: "google",
		attr.FirstLogin: false, attr.Flow: "login", attr.Duration: 1.5,
		attr.UserID: "u-1", attr.SessionID: "s-1", attr.ClientAddress: "203.0.113.9",
	}}
}
