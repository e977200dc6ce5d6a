package authevent

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func profileNamed(t *testing.T, name string) *profile {
	profiles, err := builtIn()
	require.NoError(t, err)
	for _, p := range profiles {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no profile %s", name)
	return nil
}

// TestEveryLoginGovNameIsListed: no name may get its category by a pattern or
// by default.
func TestEveryLoginGovNameIsListed(t *testing.T) {
	_, compiled, err := compileProfiles([]*profile{profileNamed(t, "login_gov")})
	require.NoError(t, err)
	names, err := os.ReadFile("testdata/login_gov_names.txt")
	require.NoError(t, err)
	n := 0
	for name := range strings.Lines(string(names)) {
		if name = strings.TrimSpace(name); name == "" || strings.HasPrefix(name, "#") {
			continue
		}
		n++
		m, listed := compiled[0].events[name]
		assert.True(t, listed, name)
		assert.NotEqual(t, "", m.category, name)
		if limitLike(name) && m.category != "idv" {
			assert.True(t, m.limiter != "" || m.category == "rate_limit", "%s hits a limit but names no limiter", name)
		}
	}
	assert.Equal(t, 440, n)
}

func limitLike(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "rate limit") || strings.Contains(lower, "max attempts") || strings.Contains(lower, "max otp sends")
}

// TestHeraNamesAreListed holds the profile against the names that the sample
// lines carry.
func TestHeraNamesAreListed(t *testing.T) {
	_, compiled, err := compileProfiles([]*profile{profileNamed(t, "hera")})
	require.NoError(t, err)
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	for _, line := range lines(t, "testdata/hera.ndjson") {
		b.Add(Line{Text: line}, &Origin{}, observed)
	}
	for _, rl := range b.Take().ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			assert.Contains(t, compiled[0].events, lr.EventName())
		}
	}
}

func TestPIIFieldsReadBack(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	for _, compiled := range p.profiles {
		fields, err := pii.ParseFields(compiled.piiFields)
		require.NoError(t, err, compiled.name)
		assert.NotEmpty(t, fields, compiled.name)
	}
}

func TestCompileRefuses(t *testing.T) {
	minimal := func(change func(*profile)) *profile {
		p := &profile{Name: "x", EventName: []string{"/e"}, Match: []map[string]condition{{"/e": {Type: "text"}}}}
		change(p)
		return p
	}
	yes := true
	for _, c := range []struct {
		want   string
		change func(*profile)
	}{
		{`"e" is no place in a line`, func(p *profile) { p.EventName = []string{"e"} }},
		{`match: /e: unknown type "number"`, func(p *profile) { p.Match[0]["/e"] = condition{Type: "number"} }},
		{`"shoe.size" is not in the vocabulary`, func(p *profile) { p.Attributes = []attributeRule{{Name: "shoe.size", From: []string{"/s"}}} }},
		{`unknown conversion "roman"`, func(p *profile) {
			p.Attributes = []attributeRule{{Name: "user.id", From: []string{"/s"}, As: "roman"}}
		}},
		{`"user.id" is filled twice`, func(p *profile) {
			p.Attributes = []attributeRule{{Name: "user.id", From: []string{"/a"}}, {Name: "user.id", From: []string{"/b"}}}
		}},
		{`set either from or const`, func(p *profile) {
			p.Attributes = []attributeRule{{Name: "user.id", From: []string{"/a"}, Const: &yes}}
		}},
		{`unknown outcome "maybe"`, func(p *profile) { p.Events = map[string]map[string]eventRule{"c": {"n": {Outcome: "maybe"}}} }},
		{`unknown severity "loud"`, func(p *profile) { p.Events = map[string]map[string]eventRule{"c": {"n": {Severity: "loud"}}} }},
		{`"n" stands under`, func(p *profile) { p.Events = map[string]map[string]eventRule{"c": {"n": {}}, "d": {"n": {}}} }},
		{`patterns[0]: needs a prefix or a suffix`, func(p *profile) { p.Patterns = []patternRule{{Category: "c"}} }},
		{`unknown kind of personal data "shoe_size"`, func(p *profile) { p.PII = map[string][]string{"shoe_size": {"/s"}} }},
		{`pii: ip: "s"`, func(p *profile) { p.PII = map[string][]string{"ip": {"s"}} }},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, _, err := compileProfiles([]*profile{minimal(c.change)})
			require.Error(t, err)
			assert.Contains(t, err.Error(), "profile x: ")
			assert.Contains(t, err.Error(), c.want)
		})
	}
}
