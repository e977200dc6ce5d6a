package eventmetrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// randomEvent is of few values, so that shapes come again, but for clients,
// which are more than any metric tells apart.
func randomEvent(random *rand.Rand) event {
	pick := func(values ...any) any { return values[random.IntN(len(values))] }
	names := []string{
		"pkce_authorize", "auth.pkce.completed", "mfa_challenge_displayed", "mfa_challenge_succeeded", "mfa_challenge_failed",
		"social_login_completed", "Email and Password Authentication", "Multi-Factor Authentication", "SP redirect initiated",
		"Multi-Factor Authentication: enter OTP visited", "OpenID Connect: token", "LOGIN", "unheard_of",
	}
	ev := event{pick(hera, loginGov, "keycloak", "own", "").(string), names[random.IntN(len(names))], map[string]any{}}
	for name, values := range map[string][]any{
		attr.Outcome: {"success", "failure", "", 7}, attr.Method: {"sms", "totp", "voice", "never heard", true},
		attr.Category: {"mfa", "login", "admin"}, attr.Duration: {1, 0.5, -1, "long"}, attr.AAL: {"aal2", "aal1"},
		attr.ErrorType: {"code.wrong", "203.0.113.9", []any{"list"}}, attr.Domain: {"ciam", "cpo"}, attr.PKCEUsed: {true, false, "yes"},
		attr.Provider: {"google"}, attr.UserID: {"a", "b", "c", fmt.Sprint("user-", random.IntN(100))}, attr.SessionID: {"s"},
		attr.ClientID: {"app", 5, fmt.Sprint("client-", random.IntN(2000)), "a@example.org"},
	} {
		if random.IntN(3) > 0 {
			ev.attributes[name] = pick(values...)
		}
	}
	return ev
}

// What is kept of records only saves time: an engine that forgets all of it
// before each record counts the same. The clock and the events' times go to and
// fro, over the ends of slots and of windows.
func TestNothingDependsOnWhatIsKept(t *testing.T) {
	for _, maxSeries := range []int{0, 40} { // 40 makes metrics fold and overflow
		t.Run(fmt.Sprint(maxSeries), func(t *testing.T) {
			random := seeded()
			c := &clock{start}
			var engines [2]*Engine
			for i := range engines {
				var err error
				engines[i], err = New(catalogue.Builtin(), Settings{Start: start, Now: c.read, MaxSeries: maxSeries, UniqueKey: unique.Key{1}})
				require.NoError(t, err)
			}
			kept, plain := engines[0], engines[1]
			for i := range 6000 {
				switch random.IntN(100) {
				case 0:
					c.now = c.now.Add(time.Duration(random.IntN(120)-30) * time.Minute)
				case 1:
					for _, e := range engines {
						assert.NotNil(t, e.Gauges())
					}
				}
				ld := plog.NewLogs()
				appendEvents(ld, [...]string{"", "production"}[random.IntN(2)], randomEvent(random))
				if random.IntN(2) == 0 {
					at := c.now.Add(time.Duration(random.IntN(200)-190) * time.Minute)
					ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(pcommon.NewTimestampFromTime(at))
				}
				plain.met.forget()
				clear(plain.shapes[:])
				for _, plans := range plain.plans {
					for _, p := range plans {
						p.unlike = true
					}
				}
				require.Equal(t, count(plain, ld), count(kept, ld), "record %d", i)
				if i%500 == 0 {
					require.Equal(t, plain.Gauges(), kept.Gauges(), "record %d", i)
				}
			}
			marshaler := pmetric.JSONMarshaler{}
			var out [2]string
			for i, e := range engines {
				e.Advance(c.now.Add(time.Hour))
				data, err := marshaler.MarshalMetrics(e.Metrics(c.now, pcommon.NewResource(), "test"))
				require.NoError(t, err)
				out[i] = string(data)
			}
			assert.Equal(t, out[1], out[0])
			shapes := 0
			for _, s := range kept.shapes {
				if s != nil {
					shapes++
				}
			}
			assert.Greater(t, shapes, 100, "shapes are kept")
		})
	}
}

// What a rule asks for need be no label of the metric.
func TestConditionsTellShapesApart(t *testing.T) {
	e := newTestEngine(t, 0)
	login := event{"keycloak", "LOGIN", map[string]any{attr.Outcome: attr.OutcomeSuccess}}
	for range 3 {
		count(e, logs(login, login.with(attr.Provider, "google"), login))
	}
	assert.Equal(t, []string{"{auth.method=social auth.outcome=success} 3", "{auth.outcome=success} 6"}, sortedPoints(e, "auth.login.attempts"))
}

// A batch counts as its records do one by one: what it adds to a series at once
// is what each of them adds, up to the last that there is room for.
func TestBatchesCountAsRecordsDo(t *testing.T) {
	random := seeded()
	c := &clock{start}
	var engines [2]*Engine
	for i := range engines {
		var err error
		engines[i], err = New(catalogue.Builtin(), Settings{Start: start, Now: c.read, UniqueKey: unique.Key{1}})
		require.NoError(t, err)
	}
	batches, single := engines[0], engines[1]
	for i := range 300 {
		c.now = c.now.Add(time.Duration(random.IntN(60)) * time.Second)
		events := make([]event, 1+random.IntN(40))
		var want Result
		for i := range events {
			events[i] = randomEvent(random)
			if i > 0 && random.IntN(2) == 0 {
				events[i] = events[i-1]
			}
			r := count(single, logs(events[i]))
			want.Counted, want.Folded, want.InvalidDurations = want.Counted+r.Counted, want.Folded+r.Folded, want.InvalidDurations+r.InvalidDurations
		}
		got := count(batches, logs(events...))
		require.Equal(t, want, Result{Counted: got.Counted, Folded: got.Folded, InvalidDurations: got.InvalidDurations}, "batch %d", i)
	}
	require.Equal(t, single.Gauges(), batches.Gauges())
	marshaler := pmetric.JSONMarshaler{}
	var out [2]string
	for i, e := range engines {
		data, err := marshaler.MarshalMetrics(e.Metrics(c.now, pcommon.NewResource(), "test"))
		require.NoError(t, err)
		out[i] = string(data)
	}
	assert.Equal(t, out[1], out[0])
	for _, s := range batches.shapes {
		assert.True(t, s == nil || s.pending == 0)
	}
}

// Of several records at once a full series takes those that it has room for.
func TestFullSeriesInABatch(t *testing.T) {
	e := newTestEngine(t, 0)
	login := event{"keycloak", "LOGIN", map[string]any{attr.Outcome: attr.OutcomeSuccess}}
	for range 3 { // the shape is settled
		count(e, logs(login))
	}
	m := metricNamed(e, "auth.login.attempts")
	require.Len(t, m.ordered, 1)
	m.ordered[0].count = math.MaxInt64 - 2
	r := count(e, logs(login, login, login, login, login))
	assert.Equal(t, Result{Counted: 5, InvalidDurations: 3}, r)
	assert.EqualValues(t, math.MaxInt64, m.ordered[0].count)
}

// A shape begins with a cache line, as its allocator's classes of that size do.
func TestShapesAreOfWholeCacheLines(t *testing.T) {
	assert.Zero(t, reflect.TypeFor[shape]().Size()%64)
}
