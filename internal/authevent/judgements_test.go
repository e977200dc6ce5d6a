package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestJudgements holds a few fields of each IdP against what the policy's
// documentation promises of their kinds.
func TestJudgements(t *testing.T) {
	const event = "/properties/event_properties/"
	for source, kinds := range map[string]map[string]pii.Kind{
		"login_gov": {
			"/name": pii.Public, "/visit_id": pii.Identity, "/properties/user_agent": pii.UserAgent, "/properties/path": pii.Path,
			"/properties/trace_id": pii.TraceID, "/properties/referer": pii.URL, "/properties/browser_version": pii.Version,
			"/properties/browser_name": pii.Public, "/properties/sp_request/aal2": pii.Public, "/properties/sp_request/app_differentiator": pii.QuasiIdentifier,
			event + "success": pii.Public, event + "phone_fingerprint": pii.Identity, event + "area_code": pii.QuasiIdentifier,
			event + "zip_code": pii.QuasiIdentifier, event + "proofing_city": pii.QuasiIdentifier, event + "birth_year": pii.QuasiIdentifier,
			event + "domain_name": pii.EmailDomain, event + "code_digest": pii.Secret, event + "enrollment_code": pii.VendorID,
			event + "exception": pii.Text, event + "exception_class": pii.Public, event + "country_code": pii.Public,
			event + "error_details/code/wrong_length": pii.Public, event + "error_details/0": pii.Text,
			event + "response_body/review_status": pii.Public, event + "response_body/session_id": pii.VendorID, event + "response_body/new_one": pii.VendorID,
			event + "proofing_results/context/stages/threatmetrix/account_lex_id":    pii.VendorID,
			event + "proofing_results/context/stages/resolution/exception":           pii.Text,
			event + "proofing_results/biographical_info/birth_year":                  pii.QuasiIdentifier,
			event + "proofing_results/context/stages/resolution/customer_user_id":    pii.Identity,
			event + "proofing_results/context/stages/resolution/verified_attributes": pii.Public,
		},
		"hera":      {"/client_name": pii.QuasiIdentifier, "/client_id": pii.Public, "/actor.name": pii.Name, "/reason": pii.Public, "/state": pii.Secret},
		"okta":      {"/displayMessage": pii.Text, "/outcome/reason": pii.Text, "/actor/displayName": pii.Name, "/client/geographicalContext/country": pii.Public, "/client/geographicalContext/city": pii.QuasiIdentifier},
		"auth0":     {"/data/user_id": pii.Identity, "/user_id": pii.Identity, "/details/error/oauthError": pii.Public, "/details/error/message": pii.Text, "/data/details/request/body/email": pii.Secret},
		"keycloak":  {"/message": pii.Text, "/mdc/kc.userId": pii.Identity, "/exception/0": pii.Text},
		"ory":       {"/msg": pii.Text, "/error/message": pii.Text, "/error/status_code": pii.Public, "/identity/id": pii.Identity, "/identity/traits/name/last": pii.Name, "/http_request/path": pii.Path},
		"authentik": {"/context/geo/country": pii.Public, "/context/geo/city": pii.QuasiIdentifier, "/context/own_field": pii.Text, "/context/http_request/args/code": pii.Secret, "/context/http_request/path": pii.Path},
		"authelia":  {"/msg": pii.Text, "/path_raw": pii.Path, "/username": pii.Identity},
		"caddy":     {"/request/uri": pii.Path, "/request/headers/Cookie/0": pii.Secret, "/status": pii.Public},
	} {
		fields := classifiedBy(t, source)
		for _, place := range sortedKeys(kinds) {
			got, known := kindAt(fields, place)
			assert.True(t, known, "%s: %s", source, place)
			assert.Equal(t, kinds[place], got, "%s: %s", source, place)
		}
	}
}
