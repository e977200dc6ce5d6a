package pipelines

import (
	"fmt"
	"strings"

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
		taken: []any{always(taken)},
		required: map[string][]string{
			"auth.social.initiations":     {attr.Provider},
			"auth.social.logins":          {attr.Provider},
			"auth.social.links":           {attr.Provider},
			"auth.captcha.challenges":     {attr.Flow},
			"auth.captcha.attempts":       {attr.Flow},
			"auth.mfa.challenges":         {attr.Method},
			"auth.mfa.attempts":           {attr.Method},
			"auth.mfa.removals":           {attr.Method},
			"auth.oauth.authorizations":   {attr.PKCEUsed},
			"auth.oauth.token.exchanges":  {attr.PKCEUsed},
			"auth.pkce.failures":          {attr.ErrorType},
			"auth.pkce.duration":          {attr.ClientID},
			"auth.login.attempts":         {attr.Outcome},
			"auth.password.breach.checks": {attr.Outcome},
			"auth.password.changes":       {attr.Outcome},
		},
		members: heraMembers,
		ids:     []string{"identity_id", "admin_id", "source_ip", "ip"},
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

// heraMembers are those that become an attribute as they stand. Of several the
// last that is there counts.
var heraMembers = []Member{
	{attr.Domain, "domain"},
	{attr.Provider, "provider"},
	{attr.Flow, "flow"},
	{attr.FirstLogin, "first_login"},
	{attr.ClientID, "client_id"},
	{attr.UserID, "identity_id"},
	{attr.UserEmail, "email"},
	{attr.ActorID, "admin_id"},
	{attr.ActorEmail, "admin_email"},
	{attr.ClientAddress, "metadata.ip"},
	{attr.ClientAddress, "source_ip"},
	{attr.AAL, "metadata.aal"},
}

// first are the statements for each record: the event's name, and the members.
func first() []string {
	all := []string{
		`set(log.event_name, log.body["event"])`,
		`set(log.event_name, log.body["action"]) where log.event_name == ""`,
		`set(log.attributes["otel.event.name"], log.event_name)`,
		`set(log.severity_number, SEVERITY_NUMBER_INFO)`,
	}
	for _, m := range heraMembers {
		all = append(all, take(m.Attribute, `["`+strings.ReplaceAll(m.Path, ".", `"]["`)+`"]`))
	}
	return all
}

// taken are the members that stand in an attribute, or in the time, by then. Out of
// the body, redaction looks at their values once, which is a fifth of a row that
// scrubs and counts.
const taken = `delete_matching_keys(log.body, "^(?:event|action|domain|provider|flow|first_login|client_id|identity_id|email|admin_id|admin_email|source_ip|method|ts|timestamp)$")`

func heraStatements() []any {
	pkce := []string{`HasPrefix(log.event_name, "pkce_") or HasPrefix(log.event_name, "auth.pkce.")`}
	errorType, method := attribute(attr.ErrorType), attribute(attr.Method)
	return []any{
		always(append(first(),
			take(attr.Method, `["method"]`),
			`set(log.attributes["auth.outcome"], "failure") where HasSuffix(log.event_name, "failed")`,
			`set(log.attributes["auth.outcome"], "success") where HasSuffix(log.event_name, "succeeded") or HasSuffix(log.event_name, "completed") or HasSuffix(log.event_name, "passed")`,
		)...),
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
