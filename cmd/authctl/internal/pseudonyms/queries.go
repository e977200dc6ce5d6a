package pseudonyms

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/google/uuid"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Query finds the records of a value at one destination.
type Query struct {
	Destination string `json:"destination"`
	Query       string `json:"query"`
}

// queries are those of docs/destinations, for the text that stands for the value.
func queries(kind pii.Kind, text string) []Query {
	name := attributeOf[kind]
	return []Query{
		{"Loki", fmt.Sprintf(`{service_name=~".+"} | %s=%s`, strings.ReplaceAll(name, ".", "_"), quoted(text))},
		{"Datadog", fmt.Sprintf(`source:otelcol-auth @%s:%s`, name, quoted(text))},
		{"Honeycomb", fmt.Sprintf(`WHERE %s = %s`, name, text)},
		{"CloudWatch", fmt.Sprintf(`fields @timestamp, @message | filter attributes.%s = %s`, name, quoted(text))},
		{"SQL", fmt.Sprintf(`SELECT * FROM security_audit WHERE %s = '%s';`, column(kind, text), strings.ReplaceAll(text, "'", "''"))},
	}
}

// quoted is a string of LogQL, Datadog and CloudWatch Logs Insights.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// column is where security_audit has the text: what fits a column of its own stands
// there, and all else in the metadata.
func column(kind pii.Kind, text string) string {
	switch kind {
	case pii.Identity:
		if uuid.Validate(text) == nil {
			return "identity_id"
		}
	case pii.Email:
		return "identifier"
	case pii.IP:
		if _, err := netip.ParseAddr(text); err == nil {
			return "source_ip"
		}
	}
	return fmt.Sprintf("metadata ->> '%s'", attributeOf[kind])
}
