package scrub

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

func busyRecord(lr plog.LogRecord) {
	lr.SetTimestamp(1)
	lr.SetObservedTimestamp(2)
	lr.SetSeverityNumber(plog.SeverityNumberWarn)
	lr.SetSeverityText("WARN of a@b")
	lr.SetEventName("event of a@b")
	lr.SetTraceID([16]byte{1})
	lr.Body().SetStr(`{"id":"user-1234","x":"a@b"}`)
	lr.Attributes().PutStr(attr.UserID, "user-1234")
}

func TestOnErrorRedact(t *testing.T) {
	p := testPolicy()
	p.OnError, p.Annotate = RedactRecord, true
	s := newTest(t, p)
	s.scrubRecord = func(w *walker, lr plog.LogRecord) {
		if lr.Attributes().Len() == 0 {
			w.scrubRecord(lr)
			return
		}
		panic("a bug")
	}
	ld := oneRecord(testFields, busyRecord)
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty().SetEventName("fine")
	stats := s.Logs(ld)
	assert.Equal(t, map[string]int{"records": 2, "redacted": 1, "panics": 1, "dropped by panic": 1}, summary(stats))
	require.Equal(t, 2, ld.LogRecordCount())
	want := plog.NewLogRecord()
	want.SetTimestamp(1)
	want.SetObservedTimestamp(2)
	want.SetSeverityNumber(plog.SeverityNumberWarn)
	want.Body().SetStr(Redacted)
	want.Attributes().PutStr(attr.ScrubPolicy, s.PolicyHash())
	want.Attributes().PutStr(attr.ScrubKeyID, "k1")
	assert.Equal(t, want, record(ld))
	assert.Equal(t, "fine", ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1).EventName())
}

func TestOnErrorRedactOutsideARecord(t *testing.T) {
	for name, put := range map[string]func(plog.ResourceLogs){
		"resource": func(rl plog.ResourceLogs) { rl.Resource().Attributes().PutStr(attr.UserID, "u1") },
		"scope":    func(rl plog.ResourceLogs) { rl.ScopeLogs().At(0).Scope().Attributes().PutStr(attr.UserID, "u1") },
	} {
		t.Run(name, func(t *testing.T) {
			p := testPolicy()
			p.OnError = RedactRecord
			s := newTest(t, p)
			s.names = broken() // the first pseudonym panics
			ld := oneRecord(testFields, func(lr plog.LogRecord) {
				lr.SetTimestamp(1)
				lr.Body().SetStr(`{"a":1}`)
			})
			put(ld.ResourceLogs().At(0))
			stats := s.Logs(ld)
			require.Equal(t, 1, ld.LogRecordCount())
			assert.NotContains(t, marshal(t, ld), "u1")
			assert.EqualValues(t, 1, record(ld).Timestamp())
			assert.Equal(t, 1, stats.Panics)
			if name == "scope" { // with the list of its fields
				assert.Equal(t, Redacted, record(ld).Body().Str())
			}
		})
	}
}

func TestAudit(t *testing.T) {
	p := testPolicy()
	enforced := newTest(t, p).Logs(oneRecord(testFields, busyRecord))
	p.Audit, p.Annotate = true, true
	s := newTest(t, p)
	ld := oneRecord(testFields, busyRecord)
	before := marshal(t, ld)
	stats := s.Logs(ld)
	assert.Equal(t, before, marshal(t, ld), "auth.pii.fields among it")
	assert.Equal(t, enforced.Values, stats.Values)
	assert.NotZero(t, enforced.Changed)
	assert.Zero(t, stats.Changed)

	s.scrubRecord = func(*walker, plog.LogRecord) { panic("a bug") }
	stats = s.Logs(ld)
	assert.Equal(t, before, marshal(t, ld))
	assert.Equal(t, map[string]int{"records": 1, "panics": 1, "dropped by panic": 1}, summary(stats), "what would have been")
}

func TestVerify(t *testing.T) {
	for _, onError := range []OnError{DropRecord, RedactRecord} {
		p := testPolicy()
		p.Verify, p.OnError = 0.25, onError
		s := newTest(t, p)
		s.scrubRecord = func(w *walker, lr plog.LogRecord) { // finds an address in the second walk only
			w.forgetIDs()
			w.place = InName
			if w.rewalk {
				if text, became := w.search(lr.SeverityText(), 0); became != same {
					lr.SetSeverityText(text)
				}
			}
		}
		dropped, redacted, residual := 0, 0, 0
		for range 5 {
			ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.SetSeverityText("a@b 192.0.2.44") })
			for range 3 {
				lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
				lr.SetSeverityText("a@b 192.0.2.44")
			}
			stats := s.Logs(ld)
			dropped += stats.Dropped
			redacted += stats.Redacted
			residual += stats.Residual
			assert.Equal(t, [NumDropReasons]int{HadResidue: 1}, stats.DroppedBy, "one of four")
			assert.Zero(t, stats.Values, "a record that goes counts no values")
		}
		assert.Equal(t, 10, residual)
		assert.Equal(t, [2]int{5, 0}, map[OnError][2]int{DropRecord: {dropped, redacted}, RedactRecord: {redacted, dropped}}[onError])
	}
}

func TestVerifyShares(t *testing.T) {
	for share, want := range map[float64]int{0: 0, 0.01: 10, 0.3: 300, 1: 1000} {
		turn, n := turn{0, share}, 0
		for range 1000 {
			if turn.next() {
				n++
			}
		}
		assert.Equal(t, want, n)
	}
}

func TestUnparsedScan(t *testing.T) {
	p := testPolicy()
	p.Unparsed, p.Unlisted = ScanUnparsed, DropUnlisted
	s := newTest(t, p)
	for body, want := range map[string]string{
		`{"id":"u1","x":"a@b","password":"y"`:                        `{"id":"u1","x":"<email:a@b>","password":"[REDACTED]"`,
		`alice@example.com logged in from 192.0.2.44 with user-1234`: `<email:alice@example.com> logged in from 192.0.2.0 with <identity:user-1234>`,
		`{"x":{"y":"a@b"},"password":"y"}`:                           `{"x":{"y":"<email:a@b>"},"password":"[REDACTED]"}`,
	} {
		ld := oneRecord("", func(lr plog.LogRecord) {
			lr.Attributes().PutStr(attr.ParseError, "invalid_json")
			lr.Attributes().PutStr(attr.UserID, "user-1234")
			lr.Body().SetStr(body)
		})
		stats := s.Logs(ld)
		assert.Equal(t, want, named(s, record(ld).Body().Str(), "a@b", "alice@example.com", "user-1234"))
		assert.Zero(t, stats.Bodies)
	}
}

func TestAnnotate(t *testing.T) {
	p := testPolicy()
	p.Annotate = true
	s := newTest(t, p)
	ld := oneRecord(testFields, func(plog.LogRecord) {})
	s.Logs(ld)
	assert.Equal(t, map[string]any{attr.ScrubPolicy: s.PolicyHash(), attr.ScrubKeyID: "k1"}, record(ld).Attributes().AsRaw())
	assert.Regexp(t, "^[0-9a-f]{16}$", s.PolicyHash())

	q := p
	q.Keys = []pseudonym.Key{{ID: "k1", Secret: []byte(strings.Repeat("x", 32))}}
	assert.Equal(t, s.PolicyHash(), newTest(t, q).PolicyHash(), "the secret is not part of it")
	for name, change := range map[string]func(*Policy){
		"action":  func(p *Policy) { p.Actions[pii.Text] = Keep },
		"rule":    func(p *Policy) { p.Rules = []Rule{{Treatment: p.Treatment}} },
		"field":   func(p *Policy) { p.Fields = []Field{{Path: "/a", Kind: pii.IP}} },
		"context": func(p *Policy) { p.Context = "x" },
		"key id":  func(p *Policy) { p.Keys = []pseudonym.Key{{ID: "k2", Secret: p.Keys[0].Secret}} },
		"bits":    func(p *Policy) { p.IPv4Bits = 16 },
	} {
		q := p
		change(&q)
		assert.NotEqual(t, s.PolicyHash(), newTest(t, q).PolicyHash(), name)
	}
}

func TestPrevious(t *testing.T) {
	p := testPolicy()
	old := p.Keys[0]
	before := newTest(t, p)
	p.Keys = []pseudonym.Key{{ID: "k2", Secret: []byte(strings.Repeat("2", 32))}, old}
	p.EmitPrevious, p.Verify, p.Unlisted = true, 1, DropUnlisted
	s := newTest(t, p)
	fill := func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, "u1")
		lr.Attributes().PutStr(attr.UserEmail, "A <a@b>")
		lr.Attributes().PutStr(attr.ClientAddress, "192.0.2.44")
		lr.Attributes().PutEmptyMap(attr.SessionID).PutStr("x", "s1")
	}
	ld := oneRecord(testFields, fill)
	stats := s.Logs(ld)
	assert.Zero(t, stats.Residual)
	want := map[string]any{
		attr.UserID: s.names.Token(pii.Identity, "u1"), attr.UserID + ".previous": before.names.Token(pii.Identity, "u1"),
		attr.UserEmail: s.names.Token(pii.Email, "a@b"), attr.UserEmail + ".previous": before.names.Token(pii.Email, "a@b"),
		attr.ClientAddress: "192.0.2.0", attr.SessionID: map[string]any{"x": s.names.Token(pii.Identity, "s1")},
	}
	assert.Equal(t, want, record(ld).Attributes().AsRaw())
	s.Logs(ld)
	assert.Equal(t, want, record(ld).Attributes().AsRaw(), "a second hop")

	require.NoError(t, s.SetKeys([]pseudonym.Key{p.Keys[0], {ID: "k1", Secret: old.Secret, Until: time.Now().Add(-time.Hour)}}))
	ld = oneRecord(testFields, fill)
	s.Logs(ld)
	_, ok := record(ld).Attributes().Get(attr.UserID + ".previous")
	assert.False(t, ok, "the overlap is over")
}

func TestSetKeys(t *testing.T) {
	p := testPolicy()
	s := newTest(t, p)
	first, _ := scrubBody(s, `{"id":"u1"}`)
	require.NoError(t, s.SetKeys([]pseudonym.Key{{ID: "k2", Secret: []byte(strings.Repeat("2", 32)), DestroyAfter: time.Now().Add(-time.Hour)}}))
	second, _ := scrubBody(s, `{"id":"u1"}`)
	assert.NotEqual(t, first, second)
	assert.Equal(t, "k2", s.KeyID())
	assert.Len(t, s.Warnings(), 1)
	require.ErrorContains(t, s.SetKeys([]pseudonym.Key{{ID: "k3", Secret: []byte("short")}}), "keys[0].secret")
	third, _ := scrubBody(s, `{"id":"u1"}`)
	assert.Equal(t, second, third, "the old keys stay")
}

// The record's ids are looked for in what it shares with others: an env that a
// line names becomes the resource's.
func TestIDsInResourceAndScope(t *testing.T) {
	s := newTest(t, testPolicy())
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserID, "other") })
	rl := ld.ResourceLogs().At(0)
	resource, scope := rl.Resource().Attributes(), rl.ScopeLogs().At(0).Scope().Attributes()
	resource.PutStr(attr.DeploymentEnvironmentName, "prod of jane.roe-1977")
	resource.PutStr(attr.ServiceName, "idp")
	resource.PutStr("x", "u9")
	resource.PutInt("n", 91823745)
	scope.PutStr("y", "jane.roe-1977")
	second := rl.ScopeLogs().At(0).LogRecords().AppendEmpty()
	second.Attributes().PutStr(attr.UserID, "jane.roe-1977")
	third := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	third.Attributes().PutStr(attr.UserID, "u9")
	third.Attributes().PutStr(attr.SessionID, "91823745")
	stats := s.Logs(ld)
	jane, u9 := s.names.Token(pii.Identity, "jane.roe-1977"), s.names.Token(pii.Identity, "u9")
	assert.Equal(t, map[string]any{
		attr.DeploymentEnvironmentName: "prod of " + jane, attr.ServiceName: "idp", "x": u9, "n": s.names.Token(pii.Identity, "91823745"),
	}, resource.AsRaw())
	assert.Equal(t, map[string]any{"y": jane}, scope.AsRaw())
	assert.Equal(t, [NumPlaces]uint32{InResource: 3, InScope: 1}, stats.Changed[pii.Identity][Pseudonym][BySearch])

	// Of another resource, and of another batch, it says nothing.
	ld = oneRecord(testFields, func(plog.LogRecord) {})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr("x", "jane.roe-1977")
	s.Logs(ld)
	assert.Equal(t, map[string]any{"x": "jane.roe-1977"}, ld.ResourceLogs().At(0).Resource().Attributes().AsRaw())
}

// A map of more members than any record has is redacted behind them.
func TestMembersAreBounded(t *testing.T) {
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		s := lr.Attributes().PutEmptySlice("x")
		for range maxMembers + 10 {
			s.AppendEmpty().SetStr("alice smith")
		}
	})
	newTest(t, testPolicy()).Logs(ld)
	v, _ := record(ld).Attributes().Get("x")
	require.Equal(t, maxMembers+10, v.Slice().Len())
	assert.Equal(t, "alice smith", v.Slice().At(0).Str())
	assert.Equal(t, Redacted, v.Slice().At(maxMembers+9).Str())

	text := strings.Repeat("x", maxText+1)
	ld = oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Attributes().PutStr("long", text)
		lr.Attributes().PutStr(attr.URLPath, "/"+text)
		lr.Body().SetStr(`{"a":"` + text + `"}`)
	})
	stats := newTest(t, testPolicy()).Logs(ld)
	assert.Equal(t, map[string]any{"long": Redacted, attr.URLPath: Redacted}, record(ld).Attributes().AsRaw())
	assert.Equal(t, 1, stats.Bodies[NotJSON])
}

// A walker goes from one scope to the next with what it knows of the first.
func TestPlansOfScopesDoNotMix(t *testing.T) {
	s := newTest(t, testPolicy())
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	for _, fields := range []string{`{"identity":["/a"],"public":["/b"]}`, `{"identity":["/b"],"public":["/a"]}`, "", `{"identity":["/b"],"public":["/a"]}`} {
		sl := rl.ScopeLogs().AppendEmpty()
		if fields != "" {
			sl.Scope().Attributes().PutStr(attr.PIIFields, fields)
		}
		sl.LogRecords().AppendEmpty().Body().SetStr(`{"a":"u1","b":"u1"}`)
	}
	other := pcommon.NewValueEmpty()
	s.Logs(ld)
	var got []string
	for _, sl := range rl.ScopeLogs().All() {
		sl.LogRecords().At(0).Body().CopyTo(other)
		got = append(got, named(s, other.Str(), "u1"))
	}
	assert.Equal(t, []string{
		`{"a":"<identity:u1>","b":"u1"}`, `{"a":"u1","b":"<identity:u1>"}`, Redacted, `{"a":"u1","b":"<identity:u1>"}`,
	}, got)
}

// Spans need no list of fields, records do: what a walker has made of a scope of
// the one is not for the other.
func TestPlansOfSignalsDoNotMix(t *testing.T) {
	s := newTest(t, testPolicy())
	for range 10 { // by the same walker, but for a collection between
		td := ptrace.NewTraces()
		span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.Attributes().PutStr("custom", "x")
		s.Traces(td)
		assert.Equal(t, map[string]any{"custom": "x"}, span.Attributes().AsRaw())
		ld := oneRecord("", func(lr plog.LogRecord) { lr.Attributes().PutStr("custom", "x") })
		s.Logs(ld)
		assert.Zero(t, record(ld).Attributes().Len())
	}
}

// A defect while the attributes of the resource are walked for a record's ids
// costs that record, and leaves the next ones their plan.
func TestPanicLeavesThePlan(t *testing.T) {
	s := newTest(t, testPolicy())
	s.scrubRecord = func(w *walker, lr plog.LogRecord) {
		if lr.EventName() == "bad" {
			w.plan = s.base
			panic("a bug")
		}
		w.scrubRecord(lr)
	}
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.SetEventName("bad") })
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty().Body().SetStr(`{"a":1}`)
	s.Logs(ld)
	assert.Equal(t, `{"a":1}`, record(ld).Body().Str())
}
