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
