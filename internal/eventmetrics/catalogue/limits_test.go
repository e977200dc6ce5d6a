package catalogue_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// limitLike tells names of Login.gov's that look like limits.
var limitLike = regexp.MustCompile(`(?i)limit|\bmax|exceed|throttl|attempts`)

// limiters are the limiters of those names; "" of those that are none.
var limiters = map[string]string{
	"IdV: max attempts exceeded":                         "idv",
	"IdV: Native camera forced after failed attempts":    "",
	"Idv: Phone OTP attempts rate limited":               "idv_phone_otp_attempts",
	"Idv: Phone OTP rate limited user":                   "idv_phone_otp",
	"Idv: Phone OTP sends rate limited":                  "idv_phone_otp_sends",
	"Multi-Factor Authentication: max attempts reached":  "mfa",
	"Multi-Factor Authentication: max otp sends reached": "otp_sends",
	"Password Max Attempts Reached":                      "password",
	"Rate Limit Reached":                                 "reset_password_email",
	"Rate Limit Triggered":                               "reset_password_email",
	"Throttler Rate Limit Triggered":                     "reset_password_email",
	"User Maximum Session Length Exceeded":               "session_length",
	"attempts_api_poll_events_request":                   "",
	"idv_ipp_aamva_rate_limited":                         "idv_ipp_aamva",
}

func TestEveryLimitOfLoginGov(t *testing.T) {
	names := append(loginGovNames(t), "Throttler Rate Limit Triggered")
	checked := 0
	for _, name := range names {
		if !limitLike.MatchString(name) {
			continue
		}
		want, judged := limiters[name]
		require.True(t, judged, "%q looks like a limit: say which, or that it is none", name)
		checked++
		var got []string
		for _, text := range counted(t, loginGovLine(name, `"limiter_type":"reset_password_email"`)) {
			if strings.HasPrefix(text, "auth.rate_limit.hits{") {
				got = append(got, text)
			}
		}
		if want == "" {
			assert.Empty(t, got, name)
			continue
		}
		assert.Equal(t, []string{"auth.rate_limit.hits{" + attr.Limiter + "=" + want + "} 1"}, got, name)
	}
	assert.Equal(t, len(limiters), checked)
}

// TestEveryLimiterOfEveryProfile: what a profile lists as a limit that was
// reached is a hit, and a warning is none.
func TestEveryLimiterOfEveryProfile(t *testing.T) {
	metric := metricNamed(t, "auth.rate_limit.hits")
	for _, p := range known {
		for _, e := range p.Events {
			counts := false
			for _, r := range metric.Rules {
				for _, name := range r.Events {
					counts = counts || r.Source == p.Name && fits(name)(e.Name)
				}
			}
			hit := e.Limiter != "" && e.Outcome == attr.OutcomeFailure || strings.HasPrefix(e.Name, "Rate Limit ")
			assert.Equal(t, hit, counts, "%s: %s", p.Name, e.Name)
		}
	}
}
