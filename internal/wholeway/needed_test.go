package wholeway

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// needed is what analysts look for in each IdP's samples beside the meanings:
// outcomes and their classes, methods, clients, countries, browsers, routes.
var needed = map[string][]string{
	"auth0":     {"invalid_otp", "access_denied", "login_required", `"loginsCount":12`, `"connection":"google-oauth2"`, "/api/v2/users"},
	"authelia":  {"first_factor_failed", "/api/firstfactor", `"delay":29.5`},
	"authentik": {`"country":"DE"`, `"as_org":"example net"`, `"name":"Grafana"`, `"name":"GitHub"`, "default-authentication-password"},
	"caddy":     {`"status":303`, `"method":"OPTIONS"`, `"host":"id.example.com"`, "/oauth2/token", `"cipher_suite":4865`},
	"hera":      {"verifier_mismatch", "in_hibp", `"changed_fields":["client_id","client_secret"]`, `"duration_ms":1834`, "identities:read"},
	"keycloak":  {"invalid_user_credentials", "customers", `"kc.realmName":"customers"`},
	"login_gov": {
		`"wrong_length":true`, `"redirect_uri_no_match":true`, `"country_code":"US"`, `"browser_name":"Chrome"`, `"delivery_status":"PERMANENT_FAILURE"`,
		`"vendor_name":"lexisnexis:instant_verify"`, `"review_status":"pass"`, `"summary_risk_score":"-6"`, `"bucket":"sign_in_recaptcha"`,
		`"sign_in_failure_count":3`, `"aal2":true`, "/api/openid_connect/token", "https://secure.login.gov",
	},
	"okta": {`"country":"Germany"`, `"asNumber":64500`, `"browser":"FIREFOX"`, `"result":"CHALLENGE"`, `"type":"AppInstance"`, "INVALID_CREDENTIALS"},
	"ory":  {`"status_code":409`, `"via":"email"`, "identity.authenticated", "hydra.example.com", "/self-service/login"},
}

func TestWhatAnalystsNeedStays(t *testing.T) {
	for _, source := range authevent.Sources() {
		for _, preset := range []string{"analytics", "strict"} {
			t.Run(source+"/"+preset, func(t *testing.T) {
				ld := parseFile(t, "../authevent/testdata/"+source+".ndjson")
				presetScrubber(t, preset).Logs(ld)
				after := otlpJSON(t, ld)
				assert.NotEmpty(t, needed[source])
				for _, value := range needed[source] {
					assert.True(t, contains(after, value), "%s is gone", value)
				}
			})
		}
	}
}
