package pipelines

import (
	"fmt"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// heraVocabulary of Hera. Hardly a member stands in each line, so that statements
// fill the attributes. The category stays undone, as with Login.gov.
func heraVocabulary() vocabulary {
	return vocabulary{
		parse: []any{
			map[string]any{"type": "json_parser", "parse_to": "body"},
			timeOf("body.ts"), timeOf("body.timestamp"),
		},
		// Counts are by environment, which is the resource's.
		before: []any{map[string]any{
			"type": "move", "if": "body.env != nil", "from": "body.env",
			"to": `resource["` + attr.DeploymentEnvironmentName + `"]`,
		}},
		statements: heraStatements(),
		attributes: []string{
			attr.OTelEventName, attr.Outcome, attr.ErrorType, attr.Domain, attr.Method, attr.Provider, attr.Flow, attr.FirstLogin,
			attr.AAL, attr.Duration, attr.ClientID, attr.ActorID, attr.ActorEmail, attr.UserID, attr.UserEmail, attr.ClientAddress,
			attr.PKCEUsed, attr.PKCEMethod,
		},
		ids: []string{"identity_id", "admin_id", "source_ip", "ip"},
	}
}

func timeOf(member string) map[string]any {
	t := timestamp(member)
	t["type"], t["if"] = "time_parser", member+" != nil"
	return t
}

// take sets an attribute to a member of the line, where that is there.
func take(name, member string) string {
	return fmt.Sprintf("set(%s, log.body%s)", attribute(name), member)
}

func heraStatements() []any {
	pkce := []string{`HasPrefix(log.event_name, "pkce_") or HasPrefix(log.event_name, "auth.pkce.")`}
	errorType, method := attribute(attr.ErrorType), attribute(attr.Method)
	return []any{
		always(
			`set(log.event_name, log.body["event"])`,
			`set(log.event_name, log.body["action"]) where log.event_name == ""`,
			`set(log.attributes["otel.event.name"], log.event_name)`,
			`set(log.severity_number, SEVERITY_NUMBER_INFO)`,
			take(attr.Domain, `["domain"]`),
			take(attr.Provider, `["provider"]`),
			take(attr.Flow, `["flow"]`),
			take(attr.FirstLogin, `["first_login"]`),
			take(attr.ClientID, `["client_id"]`),
			take(attr.UserID, `["identity_id"]`),
			take(attr.UserEmail, `["email"]`),
			take(attr.ActorID, `["admin_id"]`),
			take(attr.ActorEmail, `["admin_email"]`),
			take(attr.ClientAddress, `["metadata"]["ip"]`),
			take(attr.ClientAddress, `["source_ip"]`),
			take(attr.AAL, `["metadata"]["aal"]`),
			take(attr.Method, `["method"]`),
			`set(log.attributes["auth.outcome"], "failure") where HasSuffix(log.event_name, "failed")`,
			`set(log.attributes["auth.outcome"], "success") where HasSuffix(log.event_name, "succeeded") or HasSuffix(log.event_name, "completed") or HasSuffix(log.event_name, "passed")`,
		),
		when([]string{method + ` == "backup_codes"`}, `set(`+method+`, "backup_code")`),
		when(pkce,
			`set(log.attributes["auth.pkce.used"], true)`,
			`set(log.attributes["auth.pkce.method"], `+method+`)`,
			`delete_key(log.attributes, "auth.method")`,
			`set(log.attributes["auth.duration"], Double(log.body["duration_ms"]) / 1000.0) where log.body["duration_ms"] != nil`,
		),
		when(failed,
			`set(log.severity_number, SEVERITY_NUMBER_WARN)`,
			take(attr.ErrorType, `["error_code"]`),
			take(attr.ErrorType, `["error_source"]`),
			take(attr.ErrorType, `["reason"]`),
			`set(`+errorType+`, "_OTHER") where IsMatch(`+errorType+`, " ")`,
			fmt.Sprintf(`set(log.severity_number, SEVERITY_NUMBER_ERROR) where %[1]s == "verifier_mismatch" or %[1]s == "challenge_mismatch"`, errorType),
		),
	}
}
