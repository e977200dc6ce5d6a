package eventmetrics

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

func TestAMillionClients(t *testing.T) {
	const batches, perBatch = 1000, 1000
	const clients = batches * perBatch
	e := newTestEngine(t, 0)
	failures := 0
	folded := 0
	for batch := range batches {
		ld := plog.NewLogs()
		for i := range perBatch {
			ev := authorization(fmt.Sprintf("client-%d-%d", batch, i))
			if i%7 == 0 {
				ev = ev.with(attr.Outcome, attr.OutcomeFailure)
				failures++
			}
			appendEvents(ld, "", ev)
		}
		result := count(e, ld)
		folded += result.Folded
		require.Equal(t, perBatch, result.Counted)
	}
	const metric = "auth.oauth.authorizations"
	assert.EqualValues(t, clients, total(e, metric, "", ""))
	assert.EqualValues(t, failures, total(e, metric, attr.Outcome, attr.OutcomeFailure))
	assert.EqualValues(t, clients-defaultCap, total(e, metric, attr.ClientID, Other))
	assert.Equal(t, clients-defaultCap, folded)
	assert.EqualValues(t, 1, total(e, metric, attr.ClientID, "client-0-0"), "the first clients keep their names")
}

func TestEventNamesAreBounded(t *testing.T) {
	e := newTestEngine(t, 0)
	for i := range maxEventNames + 50 { // of a source whose names no profile lists
		count(e, logs(event{source: "acme", name: fmt.Sprint("event-", i)}))
	}
	assert.EqualValues(t, 50, total(e, "auth.events", attr.OTelEventName, Other))
	assert.Len(t, points(e, "auth.events"), maxEventNames+1)
}

func TestValuesThatNeverBecomeLabels(t *testing.T) {
	for _, value := range []string{
		"someone@example.com",
		"someone%40example.com",
		"someone\ufe6bexample.com",
		"203.0.113.10",
		"203.0.113.10:443",
		"203.0.113.0/24",
		"203.0.113.10.203.0.113.10",
		"203.0.113.10.code",
		"v7.203.0.113.10",
		"2001:db8::7",
		"fe80::1%eth0",
		"[2001:db8::7]:443",
		"::ffff:203.0.113.10",
		strings.Repeat("x", maxValueLength+1),
		"two\nlines",
		"nul\x00",
		"\x1b[31mred",
		"right-to-left \u202e override",
		"not utf-8 \xff",
	} {
		e := newTestEngine(t, 0)
		result := count(e, logs(authorization(value)))
		assert.Equal(t, 1, result.Folded, "%q", value)
		assert.Equal(t, []string{"{auth.client.id=_OTHER auth.outcome=success} 1"}, points(e, "auth.oauth.authorizations"), "%q", value)

		count(e, logs(event{source: value, name: value}))
		assert.EqualValues(t, 1, total(e, "auth.events", attr.OTelEventName, Other), "%q", value)
		assert.EqualValues(t, 1, total(e, "auth.events", attr.Source, Other), "%q", value)

		ld := plog.NewLogs()
		appendEvents(ld, value, event{name: "x"})
		count(e, ld)
		assert.EqualValues(t, 1, total(e, "auth.events", attr.DeploymentEnvironmentName, Other), "%q", value)
	}
}

func TestValuesThatDo(t *testing.T) {
	for _, value := range []string{
		"hera-ciam-client",
		"urn:gov:gsa:openidconnect:sp:sinatra",
		"http://localhost:3000",
		"3f6f0c1f-2b3d-4f96-8adf-6c1e4f0a9d6a",
		"clé",
		"1.2.3",
		"urn:oid:1.3.6",
		"a.b.1.2.c.3.4",
		"999.999.999.999",
		`quoted "name" \ here`,
		strings.Repeat("x", maxValueLength),
	} {
		e := newTestEngine(t, 0)
		assert.Zero(t, count(e, logs(authorization(value))).Folded, "%q", value)
		assert.EqualValues(t, 1, total(e, "auth.oauth.authorizations", attr.ClientID, value), "%q", value)
	}
}

func TestClosedSets(t *testing.T) {
	e := newTestEngine(t, 0)
	ev := event{source: loginGov, name: "Multi-Factor Authentication"}
	result := count(e, logs(
		ev.with(attr.Method, "carrier_pigeon").with(attr.Outcome, "success"),
		ev.with(attr.Method, "piv_cac").with(attr.Outcome, "maybe"),
		ev.with(attr.Method, Other),
	))
	assert.Equal(t, []string{
		"{auth.method=_OTHER} 1", // folded before it came here, so not again
		"{auth.method=_OTHER auth.outcome=success} 1",
		"{auth.method=piv_cac auth.outcome=_OTHER} 1",
	}, points(e, "auth.mfa.attempts"))
	assert.Equal(t, 3, result.Folded, "the outcome counts in auth.events as well")
}

func TestBooleansAndOddTypes(t *testing.T) {
	e := newTestEngine(t, 0)
	ev := authorization("app")
	list := ev.with(attr.ClientID, []any{"app"})
	count(e, logs(ev.with(attr.PKCEUsed, true), ev.with(attr.PKCEUsed, "true"), ev.with(attr.PKCEUsed, "maybe"),
		ev.with(attr.ClientID, 42), ev.with(attr.ClientID, ""), list))
	assert.Equal(t, []string{
		"{auth.client.id=42 auth.outcome=success} 1",
		"{auth.client.id=_OTHER auth.outcome=success} 1",
		"{auth.client.id=app auth.pkce.used=_OTHER auth.outcome=success} 1",
		"{auth.client.id=app auth.pkce.used=true auth.outcome=success} 2",
		"{auth.outcome=success} 1",
	}, points(e, "auth.oauth.authorizations"))
}

func TestResolvedIsBounded(t *testing.T) {
	e := newTestEngine(t, 0)
	for i := range maxResolved + 10 {
		count(e, logs(event{source: hera, name: fmt.Sprint("event-", i)}))
	}
	long := strings.Repeat("x", maxValueLength+1)
	count(e, logs(event{source: hera, name: long}, event{source: long, name: "a"}))
	assert.Equal(t, 10, e.numPlans)
	assert.Len(t, e.plans, 10)
	count(e, logs(authorization("app")))
	assert.EqualValues(t, 1, total(e, "auth.oauth.authorizations", "", ""), "rules apply beyond the bound")
}

// Whoever has events with made-up names counted does not slow down all others
// for good.
func TestPlansAreKeptBeyondTheBound(t *testing.T) {
	e := newTestEngine(t, 0)
	for i := range maxResolved {
		count(e, logs(event{source: hera, name: fmt.Sprint("event-", i)}))
	}
	count(e, logs(authorization("app")))
	require.Len(t, e.plans["pkce_authorize"], 1)
	p := e.plans["pkce_authorize"][0]
	count(e, logs(authorization("app")))
	assert.Same(t, p, e.plans["pkce_authorize"][0])
}

func TestTwoSourcesShareAName(t *testing.T) {
	e := newTestEngine(t, 0)
	for _, source := range []string{loginGov, hera, "", loginGov} {
		count(e, logs(event{source: source, name: "pkce_authorize"}))
	}
	assert.EqualValues(t, 1, total(e, "auth.oauth.authorizations", "", ""))
	assert.EqualValues(t, 2, total(e, "auth.events", attr.Source, loginGov))
}

// A client is not called what the record's own user is, in whatever attribute,
// case or type that stands.
func TestNobodyOfTheRecordIsALabel(t *testing.T) {
	for name, tt := range map[string]struct {
		client any
		who    string
		is     any
	}{
		"a user":                {"E123456", attr.UserID, "E123456"},
		"in another case":       {"E123456", attr.UserID, "e123456"},
		"a part of it":          {"app-of-E123456", attr.UserID, "E123456"},
		"a number":              {123456, attr.UserID, 123456},
		"a number as text":      {"123456", attr.UserID, 123456},
		"a short one":           {"4711", attr.UserID, "4711"},
		"a name":                {"Anna Example", "user.full_name", "Anna Example"},
		"an account":            {"anna.example", attr.UserName, "anna.example"},
		"a device":              {"E123456", attr.VisitorID, "E123456"},
		"a session":             {"E123456", attr.SessionID, "E123456"},
		"of an older pseudonym": {"E123456", attr.UserID + attr.PreviousSuffix, "E123456"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newTestEngine(t, 0)
			count(e, logs(authorization("app").with(attr.ClientID, tt.client).with(tt.who, tt.is)))
			assert.Equal(t, []string{"{auth.client.id=_OTHER auth.outcome=success} 1"}, points(e, "auth.oauth.authorizations"))
		})
	}
	e := newTestEngine(t, 0)
	count(e, logs(authorization("my4711app").with(attr.UserID, "4711")))
	assert.EqualValues(t, 1, total(e, "auth.oauth.authorizations", attr.ClientID, "my4711app"), "too short to mean anything")
}

// Nor are events and sources, of a profile that does not list them.
func TestEventNamedAfterItsUser(t *testing.T) {
	e := newTestEngine(t, 0)
	named := func(name, source string) event {
		return event{source, name, map[string]any{attr.UserID: "anna.example"}}
	}
	result := count(e, logs(named("Anna.Example", "acme"), named("login of anna.example", "acme"), named("login", "anna.example")))
	assert.Positive(t, result.Folded)
	assert.Empty(t, e.plans["Anna.Example"], "its plan is not kept")
	left := event{"acme", "acme_left", nil}
	count(e, logs(left.with(attr.UserID, "acme_left"), left))
	assert.NotContains(t, strings.ToLower(fmt.Sprint(e.Sums())), "anna")
	assert.EqualValues(t, 1, total(e, "auth.events", attr.OTelEventName, "acme_left"), "whoever is called that takes it from nobody")
}

// Values of any size cost a look at their length, however many metrics count
// the record.
func TestHugeValuesAreNotSearched(t *testing.T) {
	huge := strings.Repeat("X", 1<<20)
	e := newTestEngine(t, 0)
	ld := logs(authorization(huge).with(attr.UserID, "E123456").with(attr.SessionID, huge))
	count(e, ld)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count(e, ld)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(len(huge)))
}
