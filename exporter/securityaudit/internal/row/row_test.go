package row

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const (
	userID   = "8b2f5c56-0a8d-4a36-9c0e-2f5a3f1c7e10"
	adminID  = "5b1f0c4e-7e63-4a0c-9d44-5f3f3d1f9a11"
	metadata = "metadata"
)

// of makes the record of one line of Hera, as the receiver does.
func of(t *testing.T, body authevent.Body, line string) (pcommon.Resource, pcommon.InstrumentationScope, plog.LogRecord) {
	t.Helper()
	parser, err := authevent.NewParser(authevent.Options{Body: body})
	require.NoError(t, err)
	batch := parser.NewBatch()
	batch.Add(authevent.Line{Text: []byte(line)}, &authevent.Origin{ID: 0xabc}, observed)
	rl := batch.Take().ResourceLogs().At(0)
	return rl.Resource(), rl.ScopeLogs().At(0).Scope(), rl.ScopeLogs().At(0).LogRecords().At(0)
}

// named returns a row's values by column, the metadata decoded.
func named(t *testing.T, table *layout.Table, values []any) map[string]any {
	t.Helper()
	require.Len(t, values, len(table.Columns))
	checkRow(t, table, values)
	row := map[string]any{}
	for i, c := range table.Columns {
		row[c.Name] = values[i]
		if i == table.Metadata {
			m := map[string]any{}
			require.NoError(t, json.Unmarshal([]byte(values[i].(string)), &m))
			row[c.Name] = m
		}
	}
	return row
}

// rowOf is the row of one line in a layout.
func rowOf(t *testing.T, c layout.Config, body authevent.Body, line string) map[string]any {
	t.Helper()
	table := table(t, c)
	resource, scope, record := of(t, body, line)
	rows, err := New(table).Append(nil, resource, scope, record)
	require.NoError(t, err)
	return named(t, table, rows[0])
}

// The columns hold what they are named for, the metadata all else and nothing
// of it twice, whatever form the body has.
func TestSecurityAudit(t *testing.T) {
	const line = `{"type":"audit","event":"mfa_challenge_failed","method":"totp","domain":"iam","identity_id":"` + userID +
		`","source_ip":"203.0.113.9","nested":{"big":9007199254740993,"id":"` + userID + `"},"ts":"2026-05-20T10:00:00.123456789Z"}`
	for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
		row := rowOf(t, layout.Config{}, body, line)
		id, _ := layout.ParseUUID(userID)
		assert.Equal(t, "iam", row["domain"])
		assert.Equal(t, id, row["identity_id"])
		assert.Equal(t, "mfa_challenge_failed", row["event_type"])
		assert.Equal(t, netip.MustParsePrefix("203.0.113.9/32"), row["source_ip"])
		assert.Nil(t, row["user_agent"])
		assert.Equal(t, time.Date(2026, 5, 20, 10, 0, 0, 123456000, time.UTC), row["created_at"])
		assert.Equal(t, map[string]any{
			"type": "audit", "method": "totp", "nested": map[string]any{"big": 9007199254740993.0, "id": userID},
			"ts":           "2026-05-20T10:00:00.123456789Z",
			"service.name": "hera", "auth.source": "hera", "auth.category": "mfa", "auth.outcome": "failure", "auth.method": "totp",
			"log.record.uid": "0000000000000abc0000000000000000", "severity_text": "WARN",
		}, row[metadata], body)
	}
	row := rowOf(t, layout.Config{Domain: "iam"}, authevent.BodyEventName, `{"type":"audit","event":"x","ts":"2026-05-20T10:00:00Z"}`)
	assert.Equal(t, "iam", row["domain"], "where the record says none")
	assert.NotContains(t, row[metadata], "body", "the event's name is in its column")
}

// What does not fit its column is NULL there, and kept whole in the metadata.
func TestUnfitValuesAreKept(t *testing.T) {
	agent := "é" + strings.Repeat("Mozilla ", 200)
	table := table(t, layout.Config{})
	resource, scope, record := of(t, authevent.BodyText, `{"type":"audit","event":"login_failed","ts":"2026-05-20T10:00:00Z"}`)
	record.Attributes().PutStr(attr.UserID, "auth0|61823277a44a21007221a59a")
	record.Attributes().PutStr(attr.ClientAddress, "unknown host")
	record.Attributes().PutStr(attr.UserAgentOriginal, agent)
	m := New(table)
	rows, err := m.Append(nil, resource, scope, record)
	require.NoError(t, err)
	row := named(t, table, rows[0])
	assert.Nil(t, row["identity_id"])
	assert.Nil(t, row["source_ip"])
	assert.Equal(t, agent[:1024], row["user_agent"])
	data := row[metadata].(map[string]any)
	assert.Equal(t, "auth0|61823277a44a21007221a59a", data[attr.UserID])
	assert.Equal(t, "unknown host", data[attr.ClientAddress])
	assert.Equal(t, agent, data[attr.UserAgentOriginal])
	assert.Equal(t, Stats{Cut: 1, Unfit: 2}, m.TakeStats())
	assert.Zero(t, m.TakeStats())
}

// A member leaves the metadata only where a column has its very value.
func TestMembersInColumns(t *testing.T) {
	row := rowOf(t, layout.Config{}, authevent.BodyText,
		`{"type":"audit","event":"login_failed","name":"ciam","action":"other","client_id":"ciam","domain":"ciam","ts":"2026-05-20T10:00:00Z"}`)
	data := row[metadata].(map[string]any)
	assert.NotContains(t, data, "domain")
	assert.NotContains(t, data, "event")
	assert.Equal(t, "ciam", data["name"], "the domain's value under another name")
	assert.Equal(t, "other", data["action"], "another value under the event's name")
	assert.Equal(t, "ciam", data["client_id"])
}

// A line that says what only the profile may say is told from it.
func TestForgedAttributes(t *testing.T) {
	const line = `{"type":"audit","event":"x","auth.outcome":"success","auth\u002emethod":"totp","log.record.uid":"forged","ts":"2026-05-20T10:00:00Z"}`
	for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
		data := rowOf(t, layout.Config{}, body, line)[metadata].(map[string]any)
		assert.NotContains(t, data, attr.Outcome, body)
		assert.NotContains(t, data, attr.Method, body)
		assert.Equal(t, "success", data["source."+attr.Outcome], body)
		assert.Equal(t, "totp", data["source."+attr.Method], body)
		assert.Equal(t, "0000000000000abc0000000000000000", data[attr.LogRecordUID], body)
	}
}

// A line that is no event has a row too, with the line in it as one member.
func TestUnparsed(t *testing.T) {
	row := rowOf(t, layout.Config{}, authevent.BodyText, "GET /login 200\x00")
	assert.Equal(t, "unparsed", row["event_type"])
	assert.Equal(t, observed, row["created_at"])
	data := row[metadata].(map[string]any)
	assert.Equal(t, "GET /login 200\uFFFD", data["body"])
	assert.NotEmpty(t, data[attr.ParseError])

	row = rowOf(t, layout.Config{}, authevent.BodyText, `{"level":"info","auth.outcome":"success"}`)
	assert.Equal(t, "unparsed", row["event_type"])
	assert.Equal(t, map[string]any{"level": "info", "auth.outcome": "success"}, row[metadata].(map[string]any)["body"])

	logs := plog.NewLogs()
	lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	table, now := table(t, layout.Config{}), time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	m := New(table)
	m.now = func() time.Time { return now }
	rows, err := m.Append(nil, logs.ResourceLogs().At(0).Resource(), logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope(), lr)
	require.NoError(t, err)
	row = named(t, table, rows[0])
	assert.Equal(t, "unknown", row["event_type"], "a record of another source")
	assert.Equal(t, now, row["created_at"])
	assert.Equal(t, map[string]any{}, row[metadata])
}

func TestCIAMLog(t *testing.T) {
	c := layout.Config{Layout: layout.CIAMLog}
	row := rowOf(t, c, authevent.BodyText, `{"id":18,"event_type":"account_unlocked","identifier":"bob","identity_id":"`+userID+
		`","actor.id":"`+adminID+`","metadata":{"reason":"admin_manual"},"created_at":"2026-05-20T10:05:00Z"}`)
	assert.Equal(t, "lockout.released", row["event_type"])
	assert.Equal(t, "bob", row["identifier"])
	assert.Equal(t, userID, row["identity_id"])
	assert.Equal(t, adminID, row["admin_identity_id"])
	data := row[metadata].(map[string]any)
	assert.Equal(t, "0000000000000abc0000000000000000", data[attr.LogRecordUID], "what tells rows apart")
	assert.NotContains(t, data, "identifier")
	assert.Equal(t, "account_unlocked", data[attr.EventOriginalName])

	row = rowOf(t, c, authevent.BodyText, `{"event_type":"login.failure","identifier":"alice@example.com","created_at":"2026-05-20T10:05:00Z"}`)
	assert.Equal(t, "alice@example.com", row["identifier"])
	assert.NotContains(t, row[metadata], attr.UserEmail)
}

func TestActorLog(t *testing.T) {
	for name, c := range map[string]struct {
		line                  string
		actor, kind, onTarget any
	}{
		"a user signs in": {`{"type":"audit","event":"login_succeeded","identity_id":"` + userID + `"}`, userID, "user", nil},
		"nobody known":    {`{"type":"audit","event":"login_failed"}`, nil, "user", nil},
		"an administrator unlocks a user": {`{"event_type":"account_unlocked","identity_id":"` + userID + `","actor.id":"` + adminID + `","metadata":{},"created_at":0}`,
			adminID, "admin", userID},
		"an administrator changes a client": {`{"type":"audit","event":"m2m_client.created","client_id":"abc123","admin_id":"` + adminID + `"}`, adminID, "admin", "abc123"},
		"an administrator by e-mail":        {`{"type":"audit","event":"m2m_client.created","client_id":"abc123","admin_email":"a@example.com"}`, "a@example.com", "admin", "abc123"},
		"a lock falls by itself":            {`{"event_type":"lockout_created","identity_id":"` + userID + `","metadata":{},"created_at":0}`, nil, "system", userID},
		"the platform starts":               {`{"type":"analytics","event":"sdk.startup.failed"}`, nil, "system", nil},
		"the source says who": {`{"event_type":"login_success","actor_type":"user","target_id":"session-1","actor.id":"` + userID + `","metadata":{},"created_at":0}`,
			userID, "user", "session-1"},
		"no event": {`text`, nil, "system", nil},
	} {
		for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
			row := rowOf(t, layout.Config{Layout: layout.ActorLog}, body, c.line)
			assert.Equal(t, c.actor, row["actor_id"], name)
			assert.Equal(t, c.kind, row["actor_type"], name)
			assert.Equal(t, c.onTarget, row["target_id"], name)
		}
	}
	row := rowOf(t, layout.Config{Layout: layout.ActorLog}, authevent.BodyText, `{"type":"audit","event":"login_succeeded","outcome":"success"}`)
	assert.Equal(t, "success", row["outcome"])
	assert.NotContains(t, row[metadata], "outcome")
}

func TestCustomColumns(t *testing.T) {
	c := layout.Config{Layout: layout.Custom, Table: "t", Columns: []layout.ColumnConfig{
		{Name: "id", Type: layout.Text, From: "id"},
		{Name: "path", Type: layout.Text, From: "body:/request/path", MaxLength: 3},
		{Name: "count", Type: layout.BigInt, From: "body:/n", Default: "-1"},
		{Name: "tags", Type: layout.JSONB, From: "body:/request"},
		{Name: "service", Type: layout.Text, From: "resource:service.name"},
		{Name: "source", Type: layout.Text, From: "scope:auth.source"},
		{Name: "severity", Type: layout.BigInt, From: "severity_number"},
		{Name: "aal", Type: layout.BigInt, From: "attribute:auth.count", Default: "7"},
	}}
	for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
		row := rowOf(t, c, body, `{"type":"audit","event":"x_failed","request":{"path":"/a"},"n":3,"request":{"path":"/\u00e9\u0000"},"ts":"2026-05-20T10:00:00Z"}`)
		assert.Equal(t, "/é", row["path"], "the last member of a name, cut")
		assert.Equal(t, int64(3), row["count"])
		assert.JSONEq(t, `{"path":"/é\ufffd"}`, row["tags"].(string))
		assert.Equal(t, "hera", row["service"])
		assert.Equal(t, "hera", row["source"])
		assert.Equal(t, int64(plog.SeverityNumberWarn), row["severity"])
		assert.Equal(t, int64(7), row["aal"])
		assert.Len(t, row["id"], 36)
		assert.Equal(t, int64(-1), rowOf(t, c, body, `{"type":"audit","event":"x","n":"many"}`)["count"])
	}
}

func TestRequired(t *testing.T) {
	table := table(t, layout.Config{Layout: layout.Custom, Table: "t", Columns: []layout.ColumnConfig{
		{Name: "id", Type: layout.UUID, From: "id"}, {Name: "who", Type: layout.UUID, From: "attribute:user.id", Required: true}}})
	resource, scope, record := of(t, authevent.BodyText, `{"type":"audit","event":"x","identity_id":"canary"}`)
	before := [][]any{{"there"}}
	rows, err := New(table).Append(before, resource, scope, record)
	assert.Equal(t, before, rows)
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, "who", missing.Column)
	assert.NotContains(t, err.Error(), "canary")
}
