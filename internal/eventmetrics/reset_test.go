package eventmetrics

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// lasting takes out of an engine what Reset lets stay, and what no two engines
// have in common, once that is seen to be empty.
func lasting(t *testing.T, e *Engine) *Engine {
	t.Helper()
	e.settings.Now = nil // a function is equal to nothing
	e.hashes = nil
	for _, slots := range [][]uint64{e.seen.current, e.seen.previous} {
		for _, uid := range slots {
			require.Zero(t, uid)
		}
	}
	require.Zero(t, e.seen.used)
	require.False(t, e.seen.turned)
	e.seen = seen{}
	for _, m := range e.metrics {
		for i := range m.dimensions {
			m.dimensions[i].refused = refused{}
		}
	}
	return e
}

// requireAsNew compares all of two engines, whatever it is and however deep.
func requireAsNew(t *testing.T, want, got *Engine) {
	t.Helper()
	a, b := reflect.ValueOf(lasting(t, want)).Elem(), reflect.ValueOf(lasting(t, got)).Elem()
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		x := reflect.NewAt(a.Field(i).Type(), a.Field(i).Addr().UnsafePointer()).Elem().Interface()
		y := reflect.NewAt(b.Field(i).Type(), b.Field(i).Addr().UnsafePointer()).Elem().Interface()
		require.True(t, reflect.DeepEqual(x, y), "%s is not as New leaves it", name)
	}
}

// resettable is the built-in set, and a sum of numbers, which it has none of.
func resettable() definition.Set {
	set := catalogue.Builtin()
	set.Metrics = append(set.Metrics, definition.Metric{
		Name: "own.durations", Kind: definition.Sum,
		Rules: []definition.Rule{{Events: []string{"*"}, Value: definition.Place{In: definition.Attribute, Name: attr.Duration}}},
	})
	return set
}

// crowded is an engine with everything that it has places for: values and series
// beyond their bounds, users in windows, funnels and pairs, uids of more than one
// generation.
func crowded(t *testing.T, settings Settings) *Engine {
	t.Helper()
	e, err := New(resettable(), settings)
	require.NoError(t, err)
	result := Result{}
	for i := range 2000 {
		user := fmt.Sprintf("user-%d", i%700)
		ld := logs(
			event{hera, "captcha_displayed", map[string]any{attr.ClientID: fmt.Sprintf("client-%d", i), attr.UserID: user, attr.LogRecordUID: user}},
			event{hera, "mfa_challenge_started", map[string]any{attr.Method: "totp", attr.UserID: user, attr.Provider: fmt.Sprintf("a%d", i)}},
			event{hera, fmt.Sprintf("event_%d", i), map[string]any{attr.ErrorType: fmt.Sprintf("ann%d@example.org", i), attr.UserID: user}},
			event{hera, "pkce_authorize", map[string]any{attr.ClientID: "app", attr.SessionID: user, attr.Duration: 1.5}},
			event{fmt.Sprintf("idp-%d", i%300), "sign_in", map[string]any{attr.Outcome: attr.OutcomeSuccess, attr.UserID: user}},
		)
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, fmt.Sprintf("env-%d", i%7))
		one := count(e, ld)
		result.Counted += one.Counted
		result.Folded += one.Folded
		result.ZerosRefused += one.ZerosRefused
		result.Overflowed += one.Overflowed
		result.Duplicates += one.Duplicates
	}
	require.Positive(t, result.Folded)
	if settings.MaxSeries == 0 {
		require.Positive(t, result.ZerosRefused)
	} else {
		require.Positive(t, result.Overflowed)
	}
	require.Positive(t, result.Duplicates)
	e.Advance(start.Add(time.Hour))
	e.Metrics(start.Add(time.Hour), pcommon.NewResource(), "")
	e.met.users[0] = metUser{1, 1} // whom Metrics has had it forget
	return e
}

// TestResetIsNew: an engine that was reset is equal in all its parts to one that was
// just made.
func TestResetIsNew(t *testing.T) {
	later := start.Add(24 * time.Hour)
	for name, settings := range map[string]Settings{
		"plain":     {MaxSeries: 20},
		"exemplars": {Exemplars: true},
		"declared":  {Declare: []map[string]string{{attr.Source: hera, attr.Domain: "ciam"}, {attr.Source: "idp-1"}}},
		"uids":      {},
	} {
		t.Run(name, func(t *testing.T) {
			settings.Start, settings.UniqueKey = start, unique.NewKey([]byte("key"))
			settings.Now = func() time.Time { return start.Add(time.Minute) }
			e := crowded(t, settings)
			if name == "uids" { // so many that the second set of slots is in use
				for i := range uint64(3 * maxSeen / 2) {
					e.seen.add(i + 1)
				}
				require.True(t, e.seen.turned)
			}
			e.Reset(later)
			settings.Start = later
			fresh, err := New(resettable(), settings)
			require.NoError(t, err)
			requireAsNew(t, fresh, e)
		})
	}
}

// TestResetCounts: records that are counted after a Reset are counted as by an
// engine of their own, whatever came before.
func TestResetCounts(t *testing.T) {
	settings := Settings{Start: start, MaxSeries: 20, UniqueKey: unique.NewKey([]byte("key")), Now: func() time.Time { return start.Add(time.Minute) }}
	e := crowded(t, settings)
	for i, ld := range []plog.Logs{
		logs(event{hera, "captcha_displayed", map[string]any{attr.ClientID: "client-1", attr.UserID: "user-1", attr.LogRecordUID: "user-1"}}),
		logs(event{hera, "captcha_displayed", map[string]any{attr.ClientID: "another", attr.UserID: "user-1", attr.LogRecordUID: "user-1"}}),
		logs(event{"idp-1", "sign_in", map[string]any{attr.Outcome: attr.OutcomeFailure, attr.UserID: "user-1", attr.ErrorType: "bad_password"}}),
		logs(event{hera, "mfa_challenge_started", map[string]any{attr.Method: "sms"}}, event{hera, "event_9", map[string]any{attr.ErrorType: "x"}}),
		logs(event{hera, "pkce_authorize", map[string]any{attr.ClientID: "app", attr.Duration: "none"}}),
	} {
		e.Reset(start)
		fresh, err := New(resettable(), settings)
		require.NoError(t, err)
		assert.Equal(t, count(fresh, ld), count(e, ld), i)
		now := start.Add(time.Hour)
		assert.Equal(t, fresh.Metrics(now, pcommon.NewResource(), ""), e.Metrics(now, pcommon.NewResource(), ""), i)
	}
}

// BenchmarkReset is what one record by itself costs, with an engine that was reset
// and with one of its own.
func BenchmarkReset(b *testing.B) {
	settings := Settings{Start: start, Now: func() time.Time { return start }}
	ld := logs(event{hera, "captcha_displayed", map[string]any{attr.ClientID: "client", attr.UserID: "user", attr.LogRecordUID: "uid"}})
	b.Run("reset", func(b *testing.B) {
		e, err := New(catalogue.Builtin(), settings)
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			e.Reset(start)
			count(e, ld)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e, err := New(catalogue.Builtin(), settings)
			if err != nil {
				b.Fatal(err)
			}
			count(e, ld)
		}
	})
}
