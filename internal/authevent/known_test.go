package authevent

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestKnown(t *testing.T) {
	known := Known()
	names := make([]string, len(known))
	for i, p := range known {
		names[i] = p.Name
		assert.NotEmpty(t, p.Match, p.Name)
		assert.NotEmpty(t, p.Events, p.Name)
		assert.NotEmpty(t, p.Attributes, p.Name)
		assert.NotEmpty(t, p.Classified, p.Name)
	}
	assert.Equal(t, Sources(), names)

	hera := known[slices.Index(names, "hera")]
	assert.Equal(t, "hera", hera.ServiceName)
	assert.Contains(t, hera.Match[0], ConditionInfo{Pointer: "/type", In: []string{"audit", "analytics", "metric"}})
	assert.Contains(t, hera.Events, EventInfo{Name: "lockout.applied", Category: "lockout", Outcome: "failure", Aliases: []string{"lockout_created"}})
	assert.Contains(t, hera.Attributes, AttributeInfo{Name: "auth.duration", Places: []string{"/duration_ms"}, As: "milliseconds"})
	assert.Contains(t, hera.Attributes, AttributeInfo{Name: "otel.event.name", Places: []string{"/event", "/action", "/event_type"}})
	assert.Contains(t, hera.Classified, FieldInfo{"/actor.id", pii.Identity})
	assert.Contains(t, hera.Templates, TemplateInfo{"", "[security][{area}][{kind}]{}", "{area}.{kind}"})
	okta := known[slices.Index(names, "okta")]
	assert.Contains(t, okta.Attributes, AttributeInfo{Name: "auth.actor.email", Places: []string{"/actor/alternateId"}, As: "email"})
	assert.Contains(t, okta.Attributes, AttributeInfo{Name: "user.id", Places: []string{"/target/0/id", "/target/1/id", "/target/2/id", "/actor/id"}})
	assert.Contains(t, okta.Patterns, PatternInfo{Prefix: "pam.", Category: "admin", Known: true})
	require.True(t, slices.IsSortedFunc(hera.Events, func(a, b EventInfo) int {
		return slices.Compare([]string{a.Category, a.Name}, []string{b.Category, b.Name})
	}))
}
