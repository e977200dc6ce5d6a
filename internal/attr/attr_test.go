package attr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestVocabulary(t *testing.T) {
	seen := map[string]bool{}
	for _, list := range [][]Attribute{Record(), Resource(), Scrubbed(), Sampled(), Elsewhere()} {
		for _, a := range list {
			assert.False(t, seen[a.Name], "%s stands twice", a.Name)
			seen[a.Name] = true
			ours := strings.HasPrefix(a.Name, "auth.") || strings.HasPrefix(a.Name, "pii_scrub.")
			assert.Equal(t, ours, a.Status == Ours, "%s: names of our own begin with auth. or pii_scrub., no other does", a.Name)
			assert.True(t, strings.HasSuffix(a.Brief, ".") || strings.HasSuffix(a.Brief, "…"), a.Name)
		}
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]pii.Kind{
		UserID: pii.Identity, SessionID: pii.Identity, VisitorID: pii.Identity, ActorID: pii.Identity,
		UserName: pii.Identity, UserEmail: pii.Email, ActorEmail: pii.Email, ClientAddress: pii.IP, Category: pii.Public, ServiceName: pii.Public, AdjustedCount: pii.Public,
		UserAgentOriginal: pii.UserAgent, UserAgentVersion: pii.Version, URLPath: pii.Path, LogFilePath: pii.None,
	} {
		kind, known := KindOf(name)
		assert.True(t, known, name)
		assert.Equal(t, want, kind, name)
	}
	_, known := KindOf("http.request.header.cookie")
	assert.False(t, known)
}
