package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// A span's attributes have no profile: the semantic conventions say what they
// hold.
func TestAttributesOfSpans(t *testing.T) {
	s := newTest(t, testPolicy())
	td := ptrace.NewTraces()
	attrs := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty().Attributes()
	for name, value := range map[string]string{
		"url.full": "https://idp.example/users/jane?q=roe", "url.query": "q=roe", "http.url": "https://idp.example/x?q=roe",
		"http.target": "/users/jane?q=roe", "http.user_agent": "Mozilla/5.0 (Roe) Chrome/120.0.0.0",
		"exception.message": "no user jane roe", "exception.stacktrace": "at jane", "exception.type": "NoUser",
		"geo.locality.name": "Springfield", "geo.country.iso_code": "US", "session.previous_id": "s1", "email_domain": "roe.example",
		"http.route": "/users/{id}",
	} {
		attrs.PutStr(name, value)
	}
	attrs.PutEmptySlice("http.request.header.referer").AppendEmpty().SetStr("https://app.example/jane?q=roe")
	s.Traces(td)
	assert.Equal(t, map[string]any{
		"url.full": "https://idp.example", "http.url": "https://idp.example", "http.target": "/users/{id}", "http.user_agent": "Chrome/120",
		"exception.type": "NoUser", "geo.country.iso_code": "US", "session.previous_id": s.names.Token(pii.Identity, "s1"),
		"email_domain": "_OTHER", "http.route": "/users/{id}", "http.request.header.referer": []any{"https://app.example"},
	}, attrs.AsRaw())
}
