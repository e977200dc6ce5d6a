package eventmetrics

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// clock is a collector's clock that a test turns.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

// peopleSet has two steps of a funnel, a pair and unique users.
func peopleSet() definition.Set {
	rules := func(events ...string) []definition.Rule { return []definition.Rule{{Events: events}} }
	dims := func(names ...string) []definition.Dimension {
		var list []definition.Dimension
		for _, name := range names {
			list = append(list, definition.Dimension{Name: name})
		}
		return list
	}
	return definition.Set{
		Metrics: []definition.Metric{
			{Name: "auth.users.unique", Unit: "{user}", Kind: definition.Unique, Dimensions: dims(attr.ClientID), Rules: everything(),
				Unique: definition.UniqueSettings{
					By: []string{attr.UserID, attr.SessionID}, Windows: []time.Duration{time.Hour, 24 * time.Hour},
					Breakdowns: [][]string{{attr.ClientID}},
				}},
			{Name: "auth.funnel.users", Unit: "{user}", Dimensions: dims(definition.FunnelAttribute, definition.StepAttribute, attr.ClientID)},
			{Name: "auth.challenge.duration", Unit: "s", Kind: definition.Histogram, Dimensions: dims(attr.Method)},
			{Name: "auth.challenges.abandoned", Unit: "{challenge}", Dimensions: dims(attr.Method)},
		},
		Funnels: []definition.Funnel{{
			Name: "sign_in", Metric: "auth.funnel.users", Ordered: true, Window: time.Hour, By: []string{attr.UserID}, MaxUsers: 100,
			Steps: []definition.Step{{Name: "password", Rules: rules("password")}, {Name: "mfa", Rules: rules("mfa", "totp")}},
		}},
		Pairs: []definition.Pair{{
			Name: "challenge", Duration: "auth.challenge.duration", Abandoned: "auth.challenges.abandoned",
			Begin: rules("displayed"), End: rules("succeeded"),
			By: []string{attr.SessionID, attr.UserID}, Match: []string{attr.Method}, Timeout: 10 * time.Minute, MaxPending: 3,
		}},
	}
}

func peopleEngine(tb testing.TB) (*Engine, *clock) {
	c := &clock{start}
	e, err := New(peopleSet(), Settings{Start: start, Now: c.read})
	require.NoError(tb, err)
	return e, c
}

// at is one event of a user, so long after start.
func at(after time.Duration, name, user string, more ...any) plog.Logs {
	attributes := map[string]any{attr.UserID: user}
	for i := 0; i < len(more); i += 2 {
		attributes[more[i].(string)] = more[i+1]
	}
	ld := logs(event{hera, name, attributes})
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(pcommon.NewTimestampFromTime(start.Add(after)))
	return ld
}

// gauges renders unique counts, without the source.
func gauges(e *Engine) []string {
	var lines []string
	for _, p := range e.Gauges() {
		line := ""
		for _, a := range p.Attributes[1:] {
			line += a.Value + " "
		}
		lines = append(lines, fmt.Sprint(line, p.Value))
	}
	return lines
}

func TestUniqueUsers(t *testing.T) {
	e, c := peopleEngine(t)
	for _, user := range []string{"a", "b", "a", "c"} {
		count(e, at(0, "x", user, attr.ClientID, "app"))
	}
	count(e, at(0, "x", "d"))
	count(e, logs(event{hera, "x", nil}, event{hera, "x", map[string]any{attr.SessionID: "a"}})) // nobody, and a session
	assert.Equal(t, []string{"1h 5", "24h 5", "app 1h 3", "app 24h 3"}, gauges(e))
	c.now = start.Add(2 * time.Hour)
	count(e, at(2*time.Hour, "x", "a"))
	assert.Equal(t, []string{"1h 1", "24h 5", "app 1h 0", "app 24h 3"}, gauges(e))
}

func TestUsersOfTwoSourcesAreTwo(t *testing.T) {
	e, _ := peopleEngine(t)
	users := map[uint64]bool{}
	for _, source := range []string{hera, loginGov} {
		tx := e.Compute(logs(event{source, "x", map[string]any{attr.UserID: "1"}}))
		users[tx.work.users[0]] = true
		tx.Discard()
	}
	assert.Len(t, users, 2)
}

func TestLateAndEarly(t *testing.T) {
	e, c := peopleEngine(t)
	assert.Equal(t, Result{Counted: 1, Late: 1}, count(e, at(-3*time.Hour, "password", "a")))
	assert.Equal(t, []string{"1h 0", "24h 1"}, gauges(e), "too old for one window")
	reached := []string{"{auth.funnel=sign_in auth.funnel.step=password} 1"}
	assert.Equal(t, reached, points(e, "auth.funnel.users"), "and not for a funnel that has met nothing newer")
	assert.Equal(t, Result{Counted: 1, Late: 1}, count(e, at(-5*time.Hour, "password", "c")))
	assert.Equal(t, reached, points(e, "auth.funnel.users"), "which now has")

	assert.Equal(t, Result{Counted: 1, Early: 1}, count(e, at(365*24*time.Hour, "password", "b")), "a year ahead")
	assert.Equal(t, []string{"1h 1", "24h 3"}, gauges(e), "counts now")
	c.now = start.Add(25*time.Hour + 59*time.Minute)
	assert.Equal(t, "1h 0", gauges(e)[0], "and not in a year")
	assert.Equal(t, Result{Counted: 1}, count(e, at(26*time.Hour, "x", "b")), "a clock may be a minute ahead")
}

// One host whose clock is ahead must not make what the others tell late.
func TestAnEarlyEventMakesNoneLate(t *testing.T) {
	c := &clock{start}
	e, err := New(peopleSet(), Settings{Start: start, Now: c.read, MaxEarly: 3 * time.Hour})
	require.NoError(t, err)
	assert.Equal(t, Result{Counted: 1}, count(e, at(2*time.Hour, "password", "a")))
	assert.Equal(t, Result{Counted: 1}, count(e, at(0, "password", "b")))
	assert.EqualValues(t, 2, total(e, "auth.funnel.users", "", ""))
}

// Nor must a clock that was ahead and is set back.
func TestAClockThatWasAheadMakesNoneLate(t *testing.T) {
	e, c := peopleEngine(t)
	c.now = start.Add(365 * 24 * time.Hour)
	count(e, at(365*24*time.Hour, "password", "a"))
	c.now = start
	assert.Equal(t, Result{Counted: 1}, count(e, at(0, "password", "b")))
	assert.EqualValues(t, 2, total(e, "auth.funnel.users", "", ""))
}

func TestObservedTime(t *testing.T) {
	c := &clock{start}
	e, err := New(peopleSet(), Settings{Start: start, Now: c.read, ObservedTime: true})
	require.NoError(t, err)
	ld := at(-48*time.Hour, "password", "a")
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetObservedTimestamp(pcommon.NewTimestampFromTime(start))
	assert.Equal(t, Result{Counted: 1}, count(e, ld))
	assert.Equal(t, []string{"1h 1", "24h 1"}, gauges(e))
}

func TestFunnel(t *testing.T) {
	e, _ := peopleEngine(t)
	for i, name := range []string{"mfa", "password", "password", "totp", "mfa"} {
		count(e, at(time.Duration(i)*time.Second, name, "a", attr.ClientID, "app"))
	}
	count(e, at(0, "password", "b"))
	count(e, logs(event{hera, "password", nil}))
	assert.Equal(t, []string{
		"{auth.funnel=sign_in auth.funnel.step=mfa auth.client.id=app} 1",
		"{auth.funnel=sign_in auth.funnel.step=password auth.client.id=app} 1",
		"{auth.funnel=sign_in auth.funnel.step=password} 1",
	}, sortedPoints(e, "auth.funnel.users"))
}

// A backlog read with flushes in between counts what the same events would
// have counted when they happened.
func TestFunnelOfABacklog(t *testing.T) {
	for name, age := range map[string]time.Duration{"live": 0, "backlog": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			e, c := peopleEngine(t)
			for minute, step := range []string{"password", "password", "mfa", "mfa"} {
				after := time.Duration(minute)*time.Minute - age
				if age == 0 {
					c.now = start.Add(after)
				}
				count(e, at(after, step, "a"))
				e.Advance(c.now)
			}
			assert.Equal(t, []string{
				"{auth.funnel=sign_in auth.funnel.step=mfa} 1", "{auth.funnel=sign_in auth.funnel.step=password} 1",
			}, sortedPoints(e, "auth.funnel.users"))

			// Windows that events have passed are forgotten.
			c.now = start.Add(3 * time.Hour)
			count(e, at(3*time.Hour-age, "password", "b"))
			e.Advance(c.now)
			assert.Equal(t, 1, e.funnels[0].journey.Users())
		})
	}
}

// A user of staging is another than the one of that id in production, so that
// neither's figures depend on the other.
func TestFunnelsAndPairsOfTwoEnvironments(t *testing.T) {
	e, c := peopleEngine(t)
	in := func(environment string, ld plog.Logs) plog.Logs {
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, environment)
		return ld
	}
	count(e, in("staging", at(0, "password", "a")))
	count(e, in("staging", at(0, "displayed", "a")))
	count(e, in("production", at(time.Second, "mfa", "a")))
	count(e, in("production", at(time.Second, "password", "a")))
	count(e, in("production", at(time.Second, "succeeded", "a")))
	count(e, at(time.Second, "password", "a"))
	assert.Equal(t, []string{
		"{auth.funnel=sign_in auth.funnel.step=password} 1",
		"{deployment.environment.name=production auth.funnel=sign_in auth.funnel.step=password} 1",
		"{deployment.environment.name=staging auth.funnel=sign_in auth.funnel.step=password} 1",
	}, sortedPoints(e, "auth.funnel.users"))
	assert.Empty(t, points(e, "auth.challenge.duration"))
	c.now = start.Add(time.Hour)
	e.Advance(c.now)
	assert.Equal(t, []string{"{deployment.environment.name=staging} 1"}, points(e, "auth.challenges.abandoned"))
}

func TestFunnelIsBounded(t *testing.T) {
	e, _ := peopleEngine(t)
	evicted := 0
	for i := range 150 {
		evicted += count(e, at(time.Duration(i)*time.Second, "password", fmt.Sprint(i))).Evicted
	}
	assert.Equal(t, 50, evicted)
	assert.EqualValues(t, 150, total(e, "auth.funnel.users", "", ""))
}

func TestPairs(t *testing.T) {
	e, c := peopleEngine(t)
	count(e, at(0, "displayed", "a", attr.Method, "totp"))
	count(e, at(0, "displayed", "b", attr.Method, "sms"))
	count(e, at(0, "displayed", "c"))                                  // no method
	count(e, at(3*time.Second, "succeeded", "b", attr.Method, "totp")) // of another method
	count(e, at(4*time.Second, "succeeded", "a", attr.Method, "totp"))
	count(e, at(5*time.Second, "succeeded", "a", attr.Method, "totp")) // there is no second beginning
	count(e, at(8*time.Second, "succeeded", "c", attr.Method, "sms"))
	assert.Equal(t, []string{"{auth.method=sms} 1", "{auth.method=totp} 1"}, points(e, "auth.challenge.duration"))
	assert.Equal(t, 4.0, e.metrics[2].ordered[1].histogram.sum)
	assert.Equal(t, 8.0, e.metrics[2].ordered[0].histogram.sum)

	e.Advance(c.now.Add(9 * time.Minute))
	assert.Empty(t, points(e, "auth.challenges.abandoned"))
	e.Advance(c.now.Add(11 * time.Minute))
	assert.Equal(t, []string{"{auth.method=sms} 1"}, points(e, "auth.challenges.abandoned"))
	e.Advance(c.now.Add(time.Hour))
	assert.EqualValues(t, 1, total(e, "auth.challenges.abandoned", "", ""))
}

func TestPairOfAnEarlyBeginning(t *testing.T) {
	e, _ := peopleEngine(t)
	assert.Equal(t, 1, count(e, at(365*24*time.Hour, "displayed", "a")).Early)
	count(e, at(4*time.Second, "succeeded", "a"))
	assert.EqualValues(t, 1, total(e, "auth.challenge.duration", "", ""))
	assert.Equal(t, 4.0, e.metrics[2].ordered[0].histogram.sum, "the beginning counts now")
}

func TestAnEndAnswersOneBeginning(t *testing.T) {
	e, c := peopleEngine(t)
	count(e, at(0, "displayed", "a", attr.Method, "totp"))
	count(e, at(0, "displayed", "a"))
	count(e, at(time.Second, "succeeded", "a", attr.Method, "totp"))
	assert.EqualValues(t, 1, total(e, "auth.challenge.duration", "", ""))
	e.Advance(c.now.Add(time.Hour))
	assert.Equal(t, []string{"{} 1"}, points(e, "auth.challenges.abandoned"))
}

func TestPairsAreBounded(t *testing.T) {
	e, c := peopleEngine(t)
	evicted := 0
	for i := range 5 {
		evicted += count(e, at(0, "displayed", fmt.Sprint(i))).Evicted
	}
	assert.Equal(t, 2, evicted)
	e.Advance(c.now.Add(time.Hour))
	assert.EqualValues(t, 3, total(e, "auth.challenges.abandoned", "", ""), "what was evicted counts in neither metric")
}

func TestDiscardedLeavesNoTrace(t *testing.T) {
	e, c := peopleEngine(t)
	batch := func() plog.Logs {
		ld := at(0, "password", "a")
		for _, name := range []string{"mfa", "displayed"} {
			at(0, name, "a").ResourceLogs().At(0).MoveTo(ld.ResourceLogs().AppendEmpty())
		}
		return ld
	}
	for range 2 {
		e.Compute(batch()).Discard()
	}
	e.Advance(c.now.Add(time.Hour))
	assert.Empty(t, e.Gauges())
	assert.Empty(t, e.Sums())
	assert.Zero(t, e.funnels[0].journey.Users())
	assert.Zero(t, e.pairs[0].pending.Pending())

	count(e, batch())
	assert.Equal(t, []string{"1h 1", "24h 1"}, gauges(e))
	assert.EqualValues(t, 2, total(e, "auth.funnel.users", "", ""))
	assert.Equal(t, 1, e.pairs[0].pending.Pending())
}

func TestDuplicatesTouchNothing(t *testing.T) {
	e, c := peopleEngine(t)
	for i := range 2 {
		// The same uid with another user: only a redelivered record has it.
		count(e, at(0, "displayed", fmt.Sprint(i), attr.LogRecordUID, "1"))
	}
	assert.Equal(t, []string{"1h 1", "24h 1"}, gauges(e))
	e.Advance(c.now.Add(time.Hour))
	assert.EqualValues(t, 1, total(e, "auth.challenges.abandoned", "", ""))
}

func TestPairDurationsAreObserved(t *testing.T) {
	c := &clock{start}
	var seconds []float64
	e, err := New(peopleSet(), Settings{Start: start, Now: c.read, Observe: func(_ int, _ []Attribute, value float64) {
		seconds = append(seconds, value)
	}})
	require.NoError(t, err)
	count(e, at(0, "displayed", "a"))
	count(e, at(1500*time.Millisecond, "succeeded", "a"))
	assert.Equal(t, []float64{1.5}, seconds)
}

func TestPeopleRefused(t *testing.T) {
	for want, change := range map[string]func(*definition.Set){
		`funnel "sign_in": counts in "x", which is no metric: define it, or name another`: func(s *definition.Set) {
			s.Funnels[0].Metric = "x"
		},
		`funnel "sign_in": counts in "auth.challenge.duration", which is of another kind`: func(s *definition.Set) {
			s.Funnels[0].Metric = "auth.challenge.duration"
		},
		`funnel "sign_in": counts in "auth.challenges.abandoned", which has no attribute "auth.funnel": add it`: func(s *definition.Set) {
			s.Funnels[0].Metric = "auth.challenges.abandoned"
		},
		`funnel "sign_in": counts in "auth.funnel.users", which has rules of its own: use a metric without`: func(s *definition.Set) {
			s.Metrics[1].Rules = everything()
		},
		`funnel "sign_in": window must be a positive duration, such as 1h (got 0s)`: func(s *definition.Set) { s.Funnels[0].Window = 0 },
		`funnel "sign_in": max_users must be from 1 to 16777216 (got 0)`:            func(s *definition.Set) { s.Funnels[0].MaxUsers = 0 },
		`funnel "sign_in": must have from 1 to 16 steps (got 0)`:                    func(s *definition.Set) { s.Funnels[0].Steps = nil },
		`funnel "sign_in": must have from 1 to 16 steps (got 17)`: func(s *definition.Set) {
			s.Funnels[0].Steps = nil
			for i := range 17 {
				s.Funnels[0].Steps = append(s.Funnels[0].Steps, definition.Step{Name: fmt.Sprint(i), Rules: everything()})
			}
		},
		`funnel "sign_in": the step "mfa" is there twice: rename one`: func(s *definition.Set) {
			s.Funnels[0].Steps = append(s.Funnels[0].Steps, s.Funnels[0].Steps[1])
		},
		`funnel "sign_in": the step "mfa" has no rule: name its events`: func(s *definition.Set) { s.Funnels[0].Steps[1].Rules = nil },
		`funnel "sign_in": by names no attribute that holds the user: name at least one, such as user.id`: func(s *definition.Set) {
			s.Funnels[0].By = nil
		},
		`funnel "sign_in": is defined twice: rename one`: func(s *definition.Set) { s.Funnels = append(s.Funnels, s.Funnels[0]) },
		`pair "challenge": has its duration in "x", which is no metric: define it, or name another`: func(s *definition.Set) {
			s.Pairs[0].Duration = "x"
		},
		`pair "challenge": counts what is abandoned in "auth.users.unique", which is of another kind`: func(s *definition.Set) {
			s.Pairs[0].Abandoned = "auth.users.unique"
		},
		`pair "challenge": counts nothing: name the metric of its duration, or of what is abandoned`: func(s *definition.Set) {
			s.Pairs[0].Duration, s.Pairs[0].Abandoned = "", ""
		},
		`pair "challenge": has no rule for its beginning: name the events`:            func(s *definition.Set) { s.Pairs[0].Begin = nil },
		`pair "challenge": has no rule for its end: name the events`:                  func(s *definition.Set) { s.Pairs[0].End = nil },
		`pair "challenge": timeout must be a positive duration, such as 10m (got 0s)`: func(s *definition.Set) { s.Pairs[0].Timeout = 0 },
		`pair "challenge": max_pending must be from 1 to 16777216 (got -1)`:           func(s *definition.Set) { s.Pairs[0].MaxPending = -1 },
		`pair "challenge": matches 4 attributes: use at most 3`: func(s *definition.Set) {
			s.Pairs[0].Match = []string{"a", "b", "c", "d"}
		},
		`pair "challenge": is defined twice: rename one`: func(s *definition.Set) { s.Pairs = append(s.Pairs, s.Pairs[0]) },
	} {
		set := peopleSet()
		change(&set)
		_, err := New(set, Settings{Start: start})
		assert.EqualError(t, err, want)
	}
}

// An event ahead of the clock, within max_early, makes nothing that is on time
// late, however short a funnel's window is.
func TestEarlyEventMakesNoOtherLate(t *testing.T) {
	set := peopleSet()
	set.Funnels[0].Window = time.Minute
	c := &clock{start}
	e, err := New(set, Settings{Start: start, Now: c.read})
	require.NoError(t, err)
	at := func(user string, when time.Time) Result {
		ld := logs(event{hera, "password", map[string]any{attr.UserID: user}})
		ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(pcommon.NewTimestampFromTime(when))
		return count(e, ld)
	}
	at("ahead", start.Add(4*time.Minute))
	assert.Zero(t, at("on time", start).Late)
	assert.EqualValues(t, 2, total(e, "auth.funnel.users", "", ""))

	c.now = start.AddDate(1, 0, 0)
	at("of a clock a year ahead", c.now)
	c.now = start.Add(time.Second)
	assert.Zero(t, at("after it was set back", c.now).Late)
	assert.EqualValues(t, 4, total(e, "auth.funnel.users", "", ""))
}
