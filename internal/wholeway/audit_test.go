package wholeway

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAuditKeepsWhoItWasAndNoSecret: the audit store has to say who it was and
// where from, and it must let nobody sign in.
func TestAuditKeepsWhoItWasAndNoSecret(t *testing.T) {
	for source, want := range map[string]struct{ kept, gone []string }{
		"auth0":     {[]string{"lena.login@example.com", "198.51.100.31", "0Sess1onLena0001"}, []string{"448812", "state-secret-4711", "jti-secret-7788", "15550100199"}},
		"authelia":  {[]string{"anna.auth", "198.51.100.91"}, []string{"authelia-state-secret", "authelia-url-secret"}},
		"authentik": {[]string{"paula.pass", "Paula Passmann", "198.51.100.81"}, []string{"ak-reset-token-1", "gh-code-secret-1", "ak-state-secret"}},
		"caddy":     {[]string{"198.51.100.111", "ops-basic-user"}, []string{"caddy-state-secret", "caddy-challenge", "caddy-basic-secret", "caddy-location-secret"}},
		"hera":      {[]string{"admin@example.com", "Data Ingestion Agent"}, nil},
		"keycloak":  {[]string{"karla.kunde", "198.51.100.7"}, []string{"leaky-kc-code"}},
		"login_gov": {[]string{"0d9e2f6a-1b6a-4a1e-9d0f-2f6a9e0d1b6a", "203.0.113.10", "X11; Linux"}, []string{"e3b0c44298fc1c14"}},
		"okta":      {[]string{"klara.kern@example.com", "Klara Kern", "00uKlara0000000001d6"}, []string{"okta-state-secret", "02secretStateHandle", "hash-of-token-01", "dthash-klara-secret"}},
		"ory":       {[]string{"1f0c6a52-77a1-4c1e-9b1e-0d6a52f0c6a5", "203.0.113.77"}, []string{"483920", "tok-recovery-8f2b1c", "ory_st_leakyleaky", "secret-state-5511", "csrf-0wanda0csrf"}},
	} {
		ld := parseFile(t, "../authevent/testdata/"+source+".ndjson")
		before := otlpJSON(t, ld)
		presetScrubber(t, "audit").Logs(ld)
		after := otlpJSON(t, ld)
		for _, value := range want.kept {
			assert.True(t, contains(after, value), "%s: %s is gone", source, value)
		}
		for _, value := range want.gone {
			assert.True(t, contains(before, value), "%s: %s is not in the samples", source, value)
			assert.False(t, contains(after, value), "%s: %s is left", source, value)
		}
	}
}
