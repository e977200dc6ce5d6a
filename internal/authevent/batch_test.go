package authevent

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// parseOne parses one line and returns what became of it, and the record if
// there is one.
func parseOne(t *testing.T, o Options, line string) (Result, plog.LogRecord, plog.ResourceLogs) {
	t.Helper()
	p, err := NewParser(o)
	require.NoError(t, err)
	b := p.NewBatch()
	r := b.Add(Line{Text: []byte(line)}, &Origin{ID: 1}, observed)
	n := b.Len()
	logs := b.Take()
	require.Equal(t, n, logs.LogRecordCount())
	if n == 0 {
		return r, plog.NewLogRecord(), plog.NewResourceLogs()
	}
	rl := logs.ResourceLogs().At(0)
	return r, rl.ScopeLogs().At(0).LogRecords().At(0), rl
}

func str(lr plog.LogRecord, name string) string {
	v, ok := lr.Attributes().Get(name)
	if !ok {
		return "(absent)"
	}
	return v.AsString()
}

// TestBadLines is corpus/bad_lines.md, as far as the parser decides it.
func TestBadLines(t *testing.T) {
	event := func(members string) string { return `{"type":"audit","event":"mfa_challenge_failed",` + members + `}` }
	deep := event(`"a":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000))
	manyKeys := func() string {
		var b strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&b, `"k%d":1,`, i)
		}
		return event(b.String() + `"z":1`)
	}()
	for _, c := range []struct {
		name, line string
		kind       Kind
		reason     string
	}{
		{"empty", "", Skipped, "blank"},
		{"white space", " \t\r", Skipped, "blank"},
		{"null", "null", Unparsed, "not_an_object"},
		{"array", "[1]", Unparsed, "not_an_object"},
		{"string", `"s"`, Unparsed, "not_an_object"},
		{"number", "42", Unparsed, "not_an_object"},
		{"empty object", "{}", Unparsed, "no_event"},
		{"truncated", `{"type":"audit","event":"mfa_ch`, Unparsed, "invalid_json"},
		{"trailing comma", `{"a":1,}`, Unparsed, "invalid_json"},
		{"single quotes", `{'a':1}`, Unparsed, "invalid_json"},
		{"NaN", event(`"a":NaN`), Unparsed, "invalid_json"},
		{"leading zero", event(`"a":01`), Unparsed, "invalid_json"},
		{"trailing text", event(`"a":1`) + ` x`, Unparsed, "trailing_data"},
		{"two objects", `{"a":1}{"b":2}`, Unparsed, "trailing_data"},
		{"number out of range", event(`"a":1e999`), Unparsed, "number_out_of_range"},
		{"integer beyond 2^53", event(`"a":9007199254740993`), Event, ""},
		{"integer beyond int64", event(`"a":92233720368547758080`), Event, ""},
		{"lone surrogate", event(`"provider":"\ud800"`), Event, ""},
		{"bytes FF FE", event("\"provider\":\"a\xff\xfeb\""), Event, ""},
		{"raw NUL", event("\"a\":\"\x00\""), Unparsed, "invalid_json"},
		{"escaped NUL", event(`"a":"\u0000"`), Event, ""},
		{"byte-order mark", "\ufeff" + event(`"a":1`), Event, ""},
		{"CRLF", event(`"a":1`) + "\r", Event, ""},
		{"forged line", event(`"a":"x\n{\"type\":\"audit\"}"`), Event, ""},
		{"nesting", deep, Unparsed, "too_deep"},
		{"100,000 keys", manyKeys, Unparsed, "too_many_members"},
		{"plain text", "Server listening on :4455", Unparsed, "not_json"},
		{"log file header", "# Logfile created on 2026-08-21 20:38:54 +0000 by logger.rb/v1.6.0", Skipped, "logfile_header"},
		{"another log's line", `{"name":"x","properties":{},"log_filename":"production.log"}`, Unparsed, "no_event"},
		{"name is no text", `{"name":1,"properties":{}}`, Unparsed, "no_event"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lr, _ := parseOne(t, Options{}, c.line)
			assert.Equal(t, c.kind, r.Kind)
			assert.Equal(t, c.reason, r.Reason)
			switch c.kind {
			case Unparsed:
				assert.Equal(t, c.reason, str(lr, attr.ParseError))
				assert.Equal(t, c.line, lr.Body().Str(), "the line is kept whole")
				assert.Empty(t, lr.EventName())
				assert.NotZero(t, lr.ObservedTimestamp())
				dropped, _, _ := parseOne(t, Options{DropUnparsed: true}, c.line)
				assert.Equal(t, r, dropped)
			case Event:
				assert.Equal(t, "hera", r.Source)
				assert.Equal(t, "mfa_challenge_failed", lr.EventName())
				assert.Equal(t, "(absent)", str(lr, attr.ParseError))
			}
		})
	}
}

func TestDropUnparsedAddsNoRecord(t *testing.T) {
	p, err := NewParser(Options{DropUnparsed: true})
	require.NoError(t, err)
	b := p.NewBatch()
	b.Add(Line{Text: []byte("plain")}, &Origin{}, observed)
	assert.Zero(t, b.Len())
	assert.Zero(t, b.Take().ResourceLogs().Len())
}

func TestTruncatedLineIsKept(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	r := b.Add(Line{Text: []byte(`{"type":"audit","event":"mfa_challenge_failed"}`), Truncated: true}, &Origin{}, observed)
	assert.Equal(t, Result{Kind: Unparsed, Reason: "too_long"}, r)
}

func TestInvalidUTF8BecomesReplacementCharacters(t *testing.T) {
	_, lr, _ := parseOne(t, Options{}, "{\"type\":\"audit\",\"event\":\"e\",\"provider\":\"a\xff\xfeb\"}")
	assert.Equal(t, "a\ufffd\ufffdb", str(lr, attr.Provider))
	assert.Equal(t, "{\"type\":\"audit\",\"event\":\"e\",\"provider\":\"a\ufffd\ufffdb\"}", lr.Body().Str())
}

func TestOfDuplicateMembersTheLastCounts(t *testing.T) {
	_, lr, _ := parseOne(t, Options{}, `{"type":"audit","event":"a","\u0065vent":"b","metadata":{"ip":"192.0.2.1","aal":"aal2"},"metadata":{"ip":"192.0.2.2"}}`)
	assert.Equal(t, "b", lr.EventName())
	assert.Equal(t, "192.0.2.2", str(lr, attr.ClientAddress))
	assert.Equal(t, "(absent)", str(lr, attr.AAL), "nothing of the first metadata may be left")
}

func TestTextBodyIsTheObjectByteForByte(t *testing.T) {
	object := `{"type":"audit", "event":"x","n":1.50e1,"s":"\u003c\/"}`
	_, lr, _ := parseOne(t, Options{}, "  "+object+" ")
	assert.Equal(t, object, lr.Body().Str())
}

func TestSourceLimitsProfiles(t *testing.T) {
	r, lr, rl := parseOne(t, Options{Source: "login_gov", Environment: "staging"}, `{"type":"audit","event":"x"}`)
	assert.Equal(t, Result{Kind: Unparsed, Reason: "no_event"}, r)
	assert.Equal(t, "no_event", str(lr, attr.ParseError))
	service, _ := rl.Resource().Attributes().Get(attr.ServiceName)
	assert.Equal(t, "identity-idp", service.Str())
	env, _ := rl.Resource().Attributes().Get(attr.DeploymentEnvironmentName)
	assert.Equal(t, "staging", env.Str())
}

func TestOptionsAreDefaultsOnly(t *testing.T) {
	o := Options{Environment: "staging", Domain: "iam"}
	_, lr, rl := parseOne(t, o, `{"type":"audit","event":"x","env":"production","domain":"ciam"}`)
	env, _ := rl.Resource().Attributes().Get(attr.DeploymentEnvironmentName)
	assert.Equal(t, "production", env.Str())
	assert.Equal(t, "ciam", str(lr, attr.Domain))

	_, lr, _ = parseOne(t, o, `{"name":"x","properties":{}}`)
	assert.Equal(t, "iam", str(lr, attr.Domain), "also where the profile has no domain of its own")
}

func TestAttributes(t *testing.T) {
	loginGov := func(event, eventProperties string) string {
		return `{"name":"` + event + `","properties":{"user_id":"anonymous-uuid","event_properties":{` + eventProperties + `}}}`
	}
	for _, c := range []struct{ name, line, attribute, want string }{
		{"success as a number", loginGov("x", `"success":1`), attr.Outcome, "success"},
		{"success as text", loginGov("x", `"success":"true"`), attr.Outcome, "success"},
		{"failure as text", loginGov("x", `"success":"0"`), attr.Outcome, "failure"},
		{"no outcome", loginGov("x", `"success":null`), attr.Outcome, "(absent)"},
		{"error type on failure only", loginGov("x", `"success":true,"error_details":{"a":{"b":true}}`), attr.ErrorType, "(absent)"},
		{"error keys are sorted", loginGov("x", `"success":false,"error_details":{"z":{"a":true},"b":{"d":true,"c":true}}`), attr.ErrorType, "b.c"},
		{"free text in an array", loginGov("x", `"success":false,"error_details":["Redirect uri No match"]`), attr.ErrorType, "_OTHER"},
		{"a class", loginGov("x", `"success":false,"errors":{"telephony":"Telephony::OptOutError - opted out"}`), attr.ErrorType, "Telephony::OptOutError"},
		{"a key that is no code", loginGov("x", `"success":false,"errors":{"bob smith@example.com":true}`), attr.ErrorType, "_OTHER"},
		{"free text in a reason", `{"type":"audit","event":"x_failed","reason":"no such user: bob"}`, attr.ErrorType, "_OTHER"},
		{"personal-key", loginGov("x", `"multi_factor_auth_method":"personal-key"`), attr.Method, "personal_key"},
		{"backup_codes", loginGov("x", `"multi_factor_auth_method":"Backup_Codes"`), attr.Method, "backup_code"},
		{"method of the name", loginGov("TOTP Setup", ``), attr.Method, "totp"},
		{"anonymous", loginGov("x", ``), attr.UserID, "(absent)"},
		{"unknown administrator", `{"audit":true,"action":"x","admin_id":"unknown","actor_id":"a-1"}`, attr.ActorID, "a-1"},
		{"an actor by e-mail address", `{"audit":true,"action":"x","actor":"admin@example.com"}`, attr.ActorEmail, "admin@example.com"},
		{"an actor that is no address", `{"audit":true,"action":"x","actor":"system"}`, attr.ActorEmail, "(absent)"},
		{"a step of the line", loginGov("Account Reset", `"event":"cancel token validation"`), attr.Step, "cancel_token_validation"},
		{"a limiter of the line", loginGov("Rate Limit Reached", `"limiter_type":"idv_doc_auth"`), attr.Limiter, "idv_doc_auth"},
		{"duration in seconds", `{"type":"analytics","event":"auth.pkce.completed","duration_ms":1834}`, attr.Duration, "1.834"},
		{"a number as an id", `{"type":"audit","event":"x","identity_id":91823745}`, attr.UserID, "91823745"},
		{"host renamed", `{"name":"x","properties":{"host":"idp1"}}`, attr.ServerAddress, "idp1"},
		{"unknown name", `{"type":"audit","event":"something_new"}`, attr.Category, "other"},
		{"pattern", `{"type":"audit","event":"mfa_enrolled"}`, attr.Category, "mfa"},
		{"pattern's outcome", `{"type":"audit","event":"mfa_reset_failed"}`, attr.Outcome, "failure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lr, _ := parseOne(t, Options{}, c.line)
			require.Equal(t, Event, r.Kind)
			assert.Equal(t, c.want, str(lr, c.attribute))
		})
	}
}

func TestReleaseLetsGoOfTheLine(t *testing.T) {
	p, err := NewParser(Options{DropUnparsed: true})
	require.NoError(t, err)
	b := p.NewBatch()
	b.Add(Line{Text: []byte(`{"x":"` + strings.Repeat(`\n`, maxScratch) + `","name":"` + strings.Repeat(`\n`, maxScratch) + `","properties":{}}`)}, &Origin{}, observed)
	require.NotEmpty(t, b.decoder.line)
	require.Greater(t, cap(b.decoder.buf), maxScratch)
	b.Release()
	assert.Empty(t, b.decoder.line)
	assert.Nil(t, b.decoder.buf)
}

func TestUIDIsThePlace(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	line := []byte(`{"type":"audit","event":"x"}`)
	uids := map[string]bool{}
	for _, place := range []struct {
		id     uint64
		offset int64
	}{{1, 0}, {1, 100}, {2, 0}} {
		b.Add(Line{Text: line, Offset: place.offset}, &Origin{ID: place.id}, observed)
	}
	records := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for _, lr := range records.All() {
		uids[str(lr, attr.LogRecordUID)] = true
	}
	assert.Len(t, uids, 3)
}

func TestUIDOfALineInAnEnvelope(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	for _, line := range []string{`{"type":"audit","event":"x"}`, "plain"} {
		for index := range 3 {
			b.Add(Line{Text: []byte(line), Offset: 255, Index: index}, &Origin{ID: 1}, observed)
		}
	}
	var uids []string
	for _, rl := range b.Take().ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			uids = append(uids, strings.TrimPrefix(str(lr, attr.LogRecordUID), "000000000000000100000000000000"))
		}
	}
	assert.Equal(t, []string{"ff", "ff-1", "ff-2", "ff", "ff-1", "ff-2"}, uids)
}

// TestWrappersTime: it stands in for a time that the line does not have.
func TestWrappersTime(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	wrapped := observed.Add(-time.Hour)
	own := observed.Add(-2 * time.Hour)
	for line, want := range map[string]time.Time{
		`{"type":"audit","event":"x"}`:                                         wrapped,
		`{"type":"audit","event":"x","ts":"yesterday"}`:                        wrapped,
		`{"type":"audit","event":"x","ts":"` + own.Format(time.RFC3339) + `"}`: own,
		`{"type":"audit","event":"x","ts":"?","timestamp":` + unix(own) + `}`:  own,
		`plain`: wrapped,
	} {
		b := p.NewBatch()
		b.Add(Line{Text: []byte(line), Time: wrapped}, &Origin{}, observed)
		lr := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		assert.Equal(t, want, lr.Timestamp().AsTime(), line)
		assert.Equal(t, observed, lr.ObservedTimestamp().AsTime())
		_, fallback := lr.Attributes().Get(attr.TimeFallback)
		assert.Equal(t, want.Equal(wrapped), fallback, "the wrapper's time is not the line's")
	}
}

// TestWrappersBadTime: a year that no wrapper means is as no time.
func TestWrappersBadTime(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	b := p.NewBatch()
	b.Add(Line{Text: []byte("plain"), Time: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}, &Origin{}, observed)
	lr := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, observed, lr.Timestamp().AsTime())
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

func TestNewParserRefuses(t *testing.T) {
	_, err := NewParser(Options{Source: "nobody", Body: "xml"})
	require.Error(t, err)
	assert.Equal(t, "source: unknown source \"nobody\": use auto or "+strings.Join(Sources(), ", ")+"\nbody: unknown form \"xml\": use text, map or event_name", err.Error())
}
