package explain

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// audited has a policy that is tried out, in the middle of a pipeline.
var audited = strings.NewReplacer(
	"    keys:", "    mode: audit\n    annotate: true\n    keys:", "pii_scrub/one, resource", "pii_scrub/one, pii_scrub/two, resource",
	"  pii_scrub/keep:", `  pii_scrub/two: {mode: audit, preset: audit, keys: [{id: k1, secret: "11111111111111111111111111111111"}]}`+"\n  pii_scrub/keep:",
).Replace(config)

// TestAudit: what a policy in mode: audit would change is shown with its causes, and
// that the record leaves it as it came.
func TestAudit(t *testing.T) {
	text := run(t, line+"\nAnn is plain text", "-c", "yaml:"+audited)
	golden(t, "audit.txt", reading.ReplaceAllString(text, "TIME (of reading"))
	for _, raw := range []string{user, mail, ip, "bob@example.org", "Ann"} {
		assert.NotContains(t, text, raw)
	}
	got := run(t, line, "-c", "yaml:"+audited, "--json")
	golden(t, "audit.json", got)

	a := &reports(t, line, "-c", "yaml:"+audited, "--show-values")[0].Pipelines[0]
	for _, left := range []Place{at(t, a, "attribute", "user.id"), at(t, a, "body", "/identity_id")} {
		assert.Empty(t, left.Change)
		assert.Empty(t, left.Marks)
		assert.JSONEq(t, `"`+user+`"`, string(left.After))
	}
	require.Len(t, a.Audits, 2)
	assert.Equal(t, []string{"pii_scrub/one", "pii_scrub/two"}, []string{a.Audits[0].Processor, a.Audits[1].Processor})
	one := &PipelineReport{Places: a.Audits[0].Places}
	enforced := &reports(t, line, "-c", "yaml:"+strings.Replace(audited, "mode: audit", "mode: enforce", 1), "--show-values")[0].Pipelines[0]
	require.Len(t, enforced.Audits, 1, "and the second has what is left")
	changed := 0
	for _, p := range enforced.Places {
		if p.Change == "" || p.Marks[0].Processor != "pii_scrub/one" {
			continue
		}
		changed++
		assert.Equal(t, p, at(t, one, p.Section, p.Name), "as it would be enforced")
	}
	assert.Greater(t, changed, 8)
	assert.Len(t, one.Places, changed, "what would not change is not listed")
}
