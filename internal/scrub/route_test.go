package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestRoutesOfSpans(t *testing.T) {
	template, drop, redact, keep := testPolicy(), testPolicy(), testPolicy(), testPolicy()
	drop.Actions[pii.Path], redact.Actions[pii.Path], keep.Actions[pii.Path] = Drop, Redact, Keep
	for _, tt := range []struct {
		policy     Policy
		name, want string
	}{
		{template, "GET /users/alice", "GET /users/{id}"},
		{template, "GET /u/alice?x=1", "GET /u/{id}"},
		{template, "/~alice", "/{id}"},
		{template, "HTTP GET /users/alice/keys", "HTTP GET /users/{id}/keys"},
		{template, "GET https://idp.example/users/alice", "GET https://idp.example/users/{id}"},
		{template, "GET /keys/sess-12345678", "GET /keys/{id}"},
		{template, "GET /x/alicesmith", "GET /x/{id}"}, // the user's own id, which is found in it
		{template, "GET /users/{id}", "GET /users/{id}"},
		{template, "POST /oauth2/token", "POST /oauth2/token"},
		{template, "grpc.health.v1.Health/Check", "grpc.health.v1.Health/Check"},
		{template, "GET", "GET"},
		{template, "sign in of alice@example.com", "sign in of <email:alice@example.com>"},
		{drop, "GET /users/alice", "GET"},
		{drop, "/users/alice", "[REDACTED]"},
		{redact, "GET /users/alice", "GET [REDACTED]"},
		{keep, "GET /users/alice", "GET /users/alice"},
	} {
		tt.policy.Verify = 1
		s := newTest(t, tt.policy)
		td := ptrace.NewTraces()
		span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.SetName(tt.name)
		span.Attributes().PutStr("user.id", "alicesmith")
		span.Attributes().PutStr("http.route", "/users/alice")
		span.Events().AppendEmpty().SetName(tt.name)
		stats := s.Traces(td)
		assert.Zero(t, stats.Residual, tt.name)
		assert.Equal(t, tt.want, named(s, span.Name(), "alice@example.com", "alicesmith"), tt.name)
		assert.Equal(t, span.Name(), span.Events().At(0).Name())
		route, _ := span.Attributes().Get("http.route")
		assert.Equal(t, tt.policy.Actions[pii.Path] == Keep, route.Str() == "/users/alice")
		assert.Zero(t, s.Traces(td).Residual)
		assert.Equal(t, tt.want, named(s, span.Name(), "alice@example.com", "alicesmith"), "a second hop")
	}
}
