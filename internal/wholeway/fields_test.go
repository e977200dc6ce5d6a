package wholeway

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// fields are places that the IdPs document and the sample lines do not have.
// Of each line nothing in gone may leave, and what is in kept has to.
var fields = []struct {
	name, line string
	gone, kept []string
}{
	{
		name: "login_gov: ids of what a user has set up",
		line: loginGov(`"success":true,"piv_cac_configuration_dn_uuid":"dn-uuid-0001","key_id":"piv-key-0001","configuration_id":880001,"webauthn_configuration_id":880002,` +
			`"auth_app_configuration_id":880003,"piv_cac_configuration_id":880004,"email_address_id":880005,"selected_email_id":880006,"event_id":880007,"profile_ids":[880008]`),
		gone: []string{"dn-uuid-0001", "piv-key-0001", "880001", "880002", "880003", "880004", "880005", "880006", "880007", "880008"},
	},
	{
		name: "login_gov: ids and tokens of a vendor's proofing",
		line: loginGov(`"success":true,"customer_user_id":"socure-customer-1","docv_transaction_token":"docv-token-0001","selfie_image_fingerprint":"selfie-0001",` +
			`"front_image_fingerprint":"front-0001","back_image_fingerprint":"back-0001","passport_image_fingerprint":"pass-0001","failed_image_fingerprints":{"front":["failed-0001"]},` +
			`"response_body":{"account_lex_id":"lex-0001","session_id":"tmx-0001","digital_id":"digital-0001"},` +
			`"proofing_results":{"context":{"stages":{"threatmetrix":{"response_body":{"account_lex_id":"lex-0002","session_id":"tmx-0002","digital_id":"digital-0002","review_status":"pass"}}}}}`),
		gone: []string{
			"socure-customer-1", "docv-token-0001", "selfie-0001", "front-0001", "back-0001", "pass-0001", "failed-0001",
			"lex-0001", "tmx-0001", "digital-0001", "lex-0002", "tmx-0002", "digital-0002",
		},
		kept: []string{"review_status"},
	},
	{
		name: "hera: metadata says again what columns say, also as a text",
		line: `{"event_type":"lockout_created","identifier":"row-alice","actor.name":"Row Admin","created_at":"2026-05-20T10:00:00Z","outcome":"failure","target.id":"row-target-1","session.id":"row-sess-1",` +
			`"metadata":"{\"admin_id\":\"row-admin-1\",\"username\":\"row-bob\",\"target_identity_id\":\"row-target-2\",\"locked_by\":\"row-carol\",\"reason\":\"auto_threshold\"}"}`,
		gone: []string{"row-alice", "Row Admin", "row-target-1", "row-sess-1", "row-admin-1", "row-bob", "row-target-2", "row-carol"},
		kept: []string{"auto_threshold"},
	},
	{
		name: "auth0: the name of an enrolment is a telephone number, and no method",
		line: `{"log_id":"9002001","data":{"log_id":"9002001","date":"2026-05-20T08:25:14.466Z","type":"gd_enrollment_complete","client_id":"a0-client",` +
			`"details":{"enrollment":{"name":"+1 555 0100 177"},"username":"enrolled-user","login_hint":"hinted-user"},` +
			`"location_info":{"country_code":"DE","latitude":52.5321,"longitude":13.3849}}}`,
		gone: []string{"0100 177", "enrolled-user", "hinted-user", "52.5321", "13.3849"},
		kept: []string{"a0-client", `\"country_code\":\"DE\"`},
	},
	{
		name: "ory: a whole identity, and a path that names one",
		line: `{"audience":"audit","level":"info","msg":"An identity's settings have been updated.","service_name":"Ory Kratos","time":"2026-05-20T11:56:57+02:00",` +
			`"identity":{"id":"1f0c6a52-0000-4000-8000-000000000001","traits":{"name":{"last":"Settingson"}}},"traits":{"nick":"settie"},"address":"+1 555 0100 178","settings_flow_id":"1f0c6a52-0000-4000-8000-000000000002",` +
			`"http_request":{"method":"PUT","path":"/admin/identities/1f0c6a52-0000-4000-8000-000000000003"}}`,
		gone: []string{
			"1f0c6a52-0000-4000-8000-000000000001", "Settingson", "settie", "0100 178",
			"1f0c6a52-0000-4000-8000-000000000002", "1f0c6a52-0000-4000-8000-000000000003",
		},
		kept: []string{"/admin/identities/"},
	},
}

func loginGov(properties string) string {
	return `{"name":"Multi-Factor Authentication","properties":{"event_properties":{` + properties + `},"path":"/x"},"time":"2026-08-21T20:38:54.123Z","log_filename":"events.log"}`
}

func TestDocumentedFieldsAreClassified(t *testing.T) {
	for _, tt := range fields {
		t.Run(tt.name, func(t *testing.T) {
			ld := parseLine(t, tt.line)
			before := otlpJSON(t, ld)
			defaultScrubber(t).Logs(ld)
			after := otlpJSON(t, ld)
			for _, value := range tt.gone {
				assert.Contains(t, before, value)
				assert.NotContains(t, after, value)
			}
			for _, value := range tt.kept {
				assert.Contains(t, after, value)
			}
		})
	}
}

func parseLine(t *testing.T, line string) plog.Logs {
	t.Helper()
	parser, err := authevent.NewParser(authevent.Options{ScopeName: "test"})
	require.NoError(t, err)
	batch := parser.NewBatch()
	r := batch.Add(authevent.Line{Text: []byte(line)}, &authevent.Origin{ID: 1}, time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	require.Equal(t, authevent.Event, r.Kind)
	return batch.Take()
}
