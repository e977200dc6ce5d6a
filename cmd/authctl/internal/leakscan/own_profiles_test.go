package leakscan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestProfilesOfTheConfiguration: what only a profile of one's own calls an identity is
// found by the configuration that has it, in a line and in the text of an export.
func TestProfilesOfTheConfiguration(t *testing.T) {
	own := strings.Replace(conf, "{auth_events: {stdin: {}}}", `
  auth_events:
    stdin: {}
    profiles:
      acme:
        match: [{/app: {in: [acme-login]}, /what: {type: text}}]
        event_name: [/what]
        pii: {identity: [/who/tag]}`, 1)
	const line = `{"app":"acme-login","what":"signin","who":{"tag":"falcon"}}`
	for _, text := range []string{line, `{"line":` + quoted(line) + `}`} {
		assert.Zero(t, scan(t, text).Found, text)
		assert.Zero(t, scan(t, text, "-c", "yaml:"+conf).Found, text)
		assert.Equal(t, []string{"identity"}, scan(t, text, "-c", "yaml:"+own).kinds(), text)
	}
}
