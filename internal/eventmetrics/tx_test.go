package eventmetrics

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func withUID(uid string) event { return authorization("app").with(attr.LogRecordUID, uid) }

func TestSkipped(t *testing.T) {
	e := newTestEngine(t, 0)
	result := count(e, logs(
		event{source: hera},
		event{hera, "pkce_authorize", map[string]any{attr.ParseError: "not_json"}},
		authorization("app"),
	))
	assert.Equal(t, Result{Counted: 1, Skipped: 2}, result)
	assert.EqualValues(t, 1, total(e, "auth.events", "", ""))
}

func TestUIDs(t *testing.T) {
	e := newTestEngine(t, 0)
	assert.Equal(t, Result{Counted: 2, Duplicates: 1}, count(e, logs(withUID("1"), withUID("1"), withUID("2"))), "in one batch")
	assert.Equal(t, Result{Counted: 1, Duplicates: 2}, count(e, logs(withUID("1"), withUID("3"), withUID("2"))), "over batches")
	assert.Equal(t, Result{Counted: 2}, count(e, logs(authorization("app"), authorization("app"))), "equal records without a uid")
	assert.EqualValues(t, 5, total(e, "auth.events", "", ""))
	assert.EqualValues(t, 5, total(e, "auth.oauth.authorizations", "", ""))
}

func TestUIDsAreForgotten(t *testing.T) {
	var s seen
	add := func(i int) bool { return s.add(hashUID(textValue(fmt.Sprint(i)))) }
	const many = 5*maxSeen + maxSeen/2
	for i := range many {
		require.True(t, add(i))
		require.False(t, add(i))
		require.False(t, add(max(0, i-maxSeen+1)), "the last 65,536 are known")
	}
	for i := range many - 2*maxSeen {
		require.True(t, add(i), "what is older than twice that is not")
		if i > maxSeen/4 {
			break // what is added again pushes others out
		}
	}
	assert.Len(t, s.current, slots)
	assert.Len(t, s.previous, slots)
}

func TestCommitAndDiscard(t *testing.T) {
	e := newTestEngine(t, 0)
	ld := logs(withUID("1"), event{source: hera})

	// A consumer that refuses twice and then takes.
	for range 2 {
		tx := e.Compute(ld)
		tx.Discard()
		assert.Zero(t, tx.Commit(), "a transaction ends once")
		assert.Empty(t, points(e, "auth.events"))
	}
	tx := e.Compute(ld)
	assert.Empty(t, points(e, "auth.events"), "nothing shows before commit")
	assert.Equal(t, Result{Counted: 1, Skipped: 1}, tx.Commit())
	assert.Zero(t, tx.Commit())
	tx.Discard()
	assert.EqualValues(t, 1, total(e, "auth.events", "", ""))
}

func TestBatchMayChangeAfterCompute(t *testing.T) {
	e := newTestEngine(t, 0)
	ld := logs(authorization("app"))
	tx := e.Compute(ld)
	lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.SetEventName("other")
	lr.Attributes().Clear()
	tx.Commit()
	assert.Equal(t, []string{"{otel.event.name=pkce_authorize auth.outcome=success} 1"}, points(e, "auth.events"))
}

func TestSameUIDInTwoOpenTransactions(t *testing.T) {
	e := newTestEngine(t, 0)
	first, second, third := e.Compute(logs(withUID("1"))), e.Compute(logs(withUID("1"))), e.Compute(logs(withUID("1")))
	first.Discard()
	assert.Equal(t, Result{Counted: 1}, second.Commit(), "what was discarded does not stand in the way")
	assert.Equal(t, Result{Duplicates: 1}, third.Commit())
	assert.EqualValues(t, 1, total(e, "auth.events", "", ""))
}

func TestEnvironmentsStayApart(t *testing.T) {
	e := newTestEngine(t, 0)
	ld := plog.NewLogs()
	appendEvents(ld, "production", authorization("app"), authorization("app"))
	appendEvents(ld, "staging", authorization("app"))
	appendEvents(ld, "", authorization("app"))
	count(e, ld)
	assert.Equal(t, []string{
		"{auth.client.id=app auth.outcome=success} 1",
		"{deployment.environment.name=production auth.client.id=app auth.outcome=success} 2",
		"{deployment.environment.name=staging auth.client.id=app auth.outcome=success} 1",
	}, points(e, "auth.oauth.authorizations"))
}

func completed(duration any) event {
	return event{hera, "auth.pkce.completed", map[string]any{attr.ClientID: "app", attr.Duration: duration}}
}

func TestHistogram(t *testing.T) {
	e := newTestEngine(t, 0)
	result := count(e, logs(completed(3.0), completed(3.5), completed(int64(5)), completed(4000.0), completed(0.5)))
	assert.Zero(t, result.InvalidDurations)
	m, ok := find(e.Metrics(start, pcommon.NewResource(), "test"), "auth.pkce.duration")
	require.True(t, ok)
	p := m.Histogram().DataPoints().At(0)
	assert.EqualValues(t, 5, p.Count())
	assert.Equal(t, 4012.0, p.Sum())
	assert.Equal(t, 0.5, p.Min())
	assert.Equal(t, 4000.0, p.Max())
	assert.Equal(t, definition.DefaultBounds(), p.ExplicitBounds().AsRaw())
	// 0.5 and 5 belong to the bucket that they bound.
	assert.Equal(t, []uint64{0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1}, p.BucketCounts().AsRaw())
	assert.EqualValues(t, 5, total(e, "auth.oauth.token.exchanges", "", ""), "the sum beside it")
}

func TestInvalidDurations(t *testing.T) {
	e := newTestEngine(t, 0)
	result := count(e, logs(completed(math.NaN()), completed(-1.0), completed(math.Inf(1)), completed(math.Inf(-1)), completed("3")))
	assert.Equal(t, 5, result.InvalidDurations)
	assert.Equal(t, 5, result.Counted)
	assert.Empty(t, points(e, "auth.pkce.duration"))
	assert.EqualValues(t, 5, total(e, "auth.oauth.token.exchanges", "", ""))

	result = count(e, logs(completed(0.0)))
	assert.Equal(t, Result{Counted: 1}, result, "no time at all is a duration")
	result = count(e, logs(event{source: hera, name: "auth.pkce.completed"}))
	assert.Equal(t, Result{Counted: 1}, result, "no duration is no invalid one")
}

func TestObserve(t *testing.T) {
	var got []string
	e, err := New(catalogue.Builtin(), Settings{Start: start, Observe: func(metric int, attributes []Attribute, seconds float64) {
		got = append(got, fmt.Sprint(catalogue.Builtin().Metrics[metric].Name, " ", attributes[0].Value, " ", seconds))
	}})
	require.NoError(t, err)
	tx := e.Compute(logs(completed(3.0).with(attr.LogRecordUID, "1"), completed(3.5), completed(9.0).with(attr.LogRecordUID, "1")))
	assert.Empty(t, got, "nothing before commit")
	tx.Commit()
	e.Compute(logs(completed(7.0))).Discard()
	count(e, logs(authorization("app")))
	assert.Equal(t, []string{"auth.pkce.duration hera 3", "auth.pkce.duration hera 3.5"}, got)
}

func TestConcurrentUse(t *testing.T) {
	const workers, batches = 8, 50
	e := newTestEngine(t, 0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for b := range batches {
				// Every worker brings the record of the batch's number, and one of its own.
				tx := e.Compute(logs(withUID(fmt.Sprint(b)), authorization(fmt.Sprint("own-", w))))
				if b%2 == w%2 {
					tx.Discard()
					tx = e.Compute(logs(withUID(fmt.Sprint(b)), authorization(fmt.Sprint("own-", w))))
				}
				tx.Commit()
				e.Sums()
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, batches, total(e, "auth.oauth.authorizations", attr.ClientID, "app"))
	assert.EqualValues(t, batches, total(e, "auth.oauth.authorizations", attr.ClientID, "own-3"))
	assert.EqualValues(t, batches+workers*batches, total(e, "auth.events", "", ""))
}

// What one large batch needed is not kept for good.
func TestPoolIsCapped(t *testing.T) {
	e := newTestEngine(t, 0)
	tx := e.Compute(logs(make([]event, 0)...))
	tx.work.increments = make([]increment, maxPooled+1)
	large := tx.work
	tx.Discard()
	for range 100 {
		next := e.Compute(plog.NewLogs())
		assert.NotSame(t, large, next.work)
		defer next.Discard()
	}
}
