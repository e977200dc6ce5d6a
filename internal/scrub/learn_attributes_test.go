package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestIDsOfAttributes: an attribute that is an identity by the config or by its
// name holds an id of the record's own, which is looked for everywhere.
func TestIDsOfAttributes(t *testing.T) {
	const id = "alice-1234567"
	p := testPolicy()
	p.Verify = 1
	p.Fields = []Field{{Path: "custom.user", Kind: pii.Identity}}
	for _, name := range []string{"custom.user", "enduser.id"} {
		for _, body := range []string{`{"msg":"login of ` + id + `"}`, "login of " + id} {
			s := newTest(t, p)
			ld := oneRecord(testFields, func(lr plog.LogRecord) {
				lr.Attributes().PutStr("note", "login of "+id+" ok")
				lr.Attributes().PutStr(name, id)
				lr.Body().SetStr(body)
				lr.SetEventName("login of " + id)
			})
			stats := s.Logs(ld)
			require.Equal(t, 1, ld.LogRecordCount())
			assert.NotContains(t, marshal(t, ld), id)
			assert.Equal(t, "login of <identity:"+id+">", named(s, record(ld).EventName(), id))
			assert.Contains(t, record(ld).Body().Str(), s.names.Token(pii.Identity, id), "a body of the name alone is not redacted for it")
			assert.EqualValues(t, 1, stats.Changed[pii.Identity][Pseudonym][ByField][InAttribute])
			assert.EqualValues(t, 1, stats.Changed[pii.Identity][Pseudonym][BySearch][InBody])
		}
	}
}

// TestSecondWalkOfManyMembers: it must not redact what the first one let pass.
func TestSecondWalkOfManyMembers(t *testing.T) {
	body := `{"id":"alice-1234567","list":[` + strings.Repeat("1,", maxMembers*3/4) + `1]}`
	ld := oneRecord(testFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
	newTest(t, testPolicy()).Logs(ld)
	list, ok := record(ld).Body().Map().Get("list")
	require.True(t, ok)
	assert.NotContains(t, list.AsString(), Redacted)
}
