package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

func TestRuleOf(t *testing.T) {
	p := DefaultPolicy()
	p.Keys = []pseudonym.Key{{ID: "k1", Secret: []byte("0123456789abcdef0123456789abcdef")}}
	dropping := p.Treatment
	dropping.Actions[pii.Email] = Drop
	p.Rules = []Rule{
		{EventName: "login_*", Attributes: map[string]string{"env": "a"}, Treatment: dropping},
		{Source: "hera", Treatment: dropping},
	}
	s, err := New(p)
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		event, env, source string
		want               int
	}{
		"first":    {"login_x", "a", "hera", 0},
		"second":   {"login_x", "b", "hera", 1},
		"neither":  {"login_x", "b", "okta", -1},
		"no event": {"", "a", "", -1},
	} {
		t.Run(name, func(t *testing.T) {
			ld := plog.NewLogs()
			rl := ld.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutStr("env", tc.env)
			sl := rl.ScopeLogs().AppendEmpty()
			sl.Scope().Attributes().PutStr(attr.Source, tc.source)
			lr := sl.LogRecords().AppendEmpty()
			lr.SetEventName(tc.event)
			lr.Attributes().PutStr(attr.UserEmail, "ann@example.org")
			assert.Equal(t, tc.want, s.RuleOf(ld))
			got, _ := lr.Attributes().Get(attr.UserEmail)
			assert.Equal(t, "ann@example.org", got.Str(), "the record stays as it is")

			s.Logs(ld)
			_, kept := lr.Attributes().Get(attr.UserEmail)
			assert.Equal(t, tc.want < 0, kept, "the rules drop it")
		})
	}
	assert.Equal(t, -1, s.RuleOf(plog.NewLogs()))
}
