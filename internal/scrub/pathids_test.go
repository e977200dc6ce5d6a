package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestIDsInPaths: a path names users and sessions that no attribute names.
func TestIDsInPaths(t *testing.T) {
	const client = "2a7390a6-f645-49dc-9a9d-6e99fdb83b31"
	for path, ids := range map[string][]string{
		"/admin/sessions/9bf60216-3b31-421b-a37b-c8033c88e113":              {"9bf60216-3b31-421b-a37b-c8033c88e113"},
		"/sessions/9BF60216-3B31-421B-A37B-C8033C88E113/extend":             {"9BF60216-3B31-421B-A37B-C8033C88E113"},
		"/api/v2/user-blocks/auth0%7C61823277a44a21007221a59a":              {"61823277a44a21007221a59a"},
		"/api/v2/user-blocks/auth0|61823277a44a21007221a59a":                {"61823277a44a21007221a59a"},
		"/api/v1/users/00u1abvz4pYqdM8ms4x6/factors/opf3hkfocI4JTLAju0g4":   {"00u1abvz4pYqdM8ms4x6", "opf3hkfocI4JTLAju0g4"},
		"/manage/phone/1234567":                                             {"1234567"},
		"/login;jsessionid=0A1B2C3D4E5F60718293":                            {"0A1B2C3D4E5F60718293"},
		"/recovery/use-token/8vJ3pQ5nR7tV9xZ1bD4f/":                         {"8vJ3pQ5nR7tV9xZ1bD4f"},
		"/" + strings.Repeat("9bf60216-3b31-421b-a37b-c8033c88e113/x/", 20): {"9bf60216-3b31-421b-a37b-c8033c88e113"},
		"/oauth2/register/" + client:                                        nil,
		"/realms/master/protocol/openid-connect/3p-cookies/step1.html":      nil,
		"/.well-known/openid-configuration":                                 nil,
		"/_next/static/chunks/main-4f2a9c81b3d05e67.js":                     nil,
		"/verify/2026/404":                nil,
		"/api/saml/finalauthpost2026":     nil, // a word of the route for a template, and so here
		"/api/saml/remotelogout2026/done": nil,
		"":                                nil,
	} {
		body := `{"path":"` + path + `","status":404}`
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.Body().SetStr(body)
			lr.Attributes().PutStr(attr.URLPath, path)
			lr.Attributes().PutStr(attr.ClientID, client)
		})
		p := testPolicy()
		p.Actions[pii.Path] = Keep // what is to be seen is that the ids are found
		newTest(t, p).Logs(ld)
		got, _ := record(ld).Attributes().Get(attr.URLPath)
		if ids == nil {
			assert.Equal(t, path, got.Str())
			assert.Equal(t, body, record(ld).Body().Str())
		}
		for _, id := range ids {
			assert.NotContains(t, got.Str(), id, path)
			assert.Contains(t, got.Str(), "identity_k1_", path)
			assert.NotContains(t, record(ld).Body().Str(), id, path)
		}
		kept, _ := record(ld).Attributes().Get(attr.ClientID)
		assert.Equal(t, client, kept.Str())
	}
}

// TestPathOfTooManyIDs: nothing of it leaves.
func TestPathOfTooManyIDs(t *testing.T) {
	path := ""
	for i := range maxPathIDs + 1 {
		path += "/77700" + strings.Repeat("1", i)
	}
	path += "/7770001"
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.URLPath, path) })
	stats := newTest(t, testPolicy()).Logs(ld)
	got, _ := record(ld).Attributes().Get(attr.URLPath)
	assert.Equal(t, Redacted, got.Str())
	assert.Positive(t, stats.Records)
}
