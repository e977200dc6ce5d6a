package eventmetrics

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// makeState writes the state of this version, once for each release:
//
//	go test ./connector/eventmetrics -run TestMakeState -make_state v0.1.0
var makeState = flag.String("make_state", "", "write testdata/state/<this>, as a release leaves it")

// person makes a record that names a user.
type person struct {
	uid, event, source, user, session, method string
}

// oldPeople are what was counted by the version that left the state: who begins a
// registration, and a second factor that is asked for and not answered yet.
var oldPeople = []person{
	{uid: "1", event: "User Registration: Email Confirmation", source: "login_gov", user: "ann"},
	{uid: "2", event: "User Registration: Email Confirmation", source: "login_gov", user: "ben"},
	{uid: "3", event: "mfa_challenge_displayed", source: "hera", user: "cid", session: "s", method: "totp"},
}

// newPeople are what comes in the next version: the next step, the answer, a new user,
// and a record that was counted before.
var newPeople = []person{
	{uid: "4", event: "User Registration: 2FA Setup visited", source: "login_gov", user: "ann"},
	{uid: "5", event: "mfa_challenge_succeeded", source: "hera", user: "cid", session: "s", method: "totp"},
	{uid: "6", event: "User Registration: Email Confirmation", source: "login_gov", user: "dot"},
	{uid: "1", event: "User Registration: Email Confirmation", source: "login_gov", user: "ann"},
}

const (
	shortRest = 10 * time.Second // from the last record to the end of the old version
	downtime  = time.Minute
)

func consumePeople(t *testing.T, c *eventMetrics, people []person) {
	t.Helper()
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, p := range people {
		lr := records.AppendEmpty()
		lr.SetEventName(p.event)
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		lr.SetObservedTimestamp(lr.Timestamp())
		for name, value := range map[string]string{
			attr.LogRecordUID: p.uid, attr.Source: p.source, attr.UserID: p.user, attr.SessionID: p.session, attr.Method: p.method,
			attr.Outcome: attr.OutcomeSuccess,
		} {
			if value != "" {
				lr.Attributes().PutStr(name, value)
			}
		}
	}
	require.NoError(t, c.ConsumeLogs(t.Context(), ld))
}

// stateFile is where a version's state of a temporality is kept, as the values of
// the storage by their keys.
func stateFile(version, temporality string) string {
	return filepath.Join("testdata", "state", version, temporality+".json")
}

// TestMakeState does nothing but with the flag.
func TestMakeState(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		disk := &memory{}
		synctest.Test(t, func(t *testing.T) {
			refusing := consumertest.NewErr(errAway) // so that deltas are owed to it
			c := startedWith(t, cfg, disk, into(consumertest.NewNop(), refusing))
			consumePeople(t, c, oldPeople)
			time.Sleep(shortRest)
			require.ErrorIs(t, c.Shutdown(t.Context()), errFlush)
		})
		require.Len(t, disk.values, 3)
		if *makeState == "" {
			return
		}
		text, err := json.MarshalIndent(disk.values, "", "\t")
		require.NoError(t, err)
		file := stateFile(*makeState, cfg.Temporality)
		require.NoFileExists(t, file, "a release's state is never changed")
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o600))
	})
}

// TestStateOfEarlierVersions: counts, who was counted, windows, funnels, pairs and
// deltas that are owed go on from the state that each release left.
func TestStateOfEarlierVersions(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("testdata", "state", "v*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		version := filepath.Base(folder)
		t.Run(version, func(t *testing.T) {
			eachTemporality(t, func(t *testing.T, cfg *Config) {
				synctest.Test(t, func(t *testing.T) { goOnFrom(t, cfg, version) })
			})
		})
	}
}

func goOnFrom(t *testing.T, cfg *Config, version string) {
	start := time.Now() // a bubble begins at the same time as that of TestMakeState
	disk := &memory{}
	text, err := os.ReadFile(stateFile(version, cfg.Temporality))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &disk.values))
	time.Sleep(shortRest + downtime)
	restarted := time.Now()
	good, bad := &consumertest.MetricsSink{}, &consumertest.MetricsSink{}
	c := startedWith(t, cfg, disk, into(good, bad))
	consumePeople(t, c, newPeople)
	require.NoError(t, c.Shutdown(t.Context()))

	if cfg.Temporality == temporalityDelta {
		requireCounts(t, good, 1, restarted)
	} else {
		requireCounts(t, good, 3, start)
	}
	requireCounts(t, bad, 3, start) // it took nothing of the old version
}

// requireCounts holds what a pipeline got last against the people: how many
// confirmed an address, since when, and what goes on from the old version.
func requireCounts(t *testing.T, sink *consumertest.MetricsSink, confirmed int64, since time.Time) {
	t.Helper()
	p := pointOf(t, sink, "auth.funnel.users", definition.StepAttribute, "email_confirmed")
	assert.Equal(t, confirmed, p.IntValue(), "the record that came again is known")
	assert.True(t, since.Equal(p.StartTimestamp().AsTime()), "start time %v", p.StartTimestamp().AsTime())
	assert.EqualValues(t, 1, pointOf(t, sink, "auth.funnel.users", definition.StepAttribute, "mfa_setup_visited").IntValue(),
		"who had confirmed before is at the next step")
	assert.EqualValues(t, 3, pointOf(t, sink, "auth.users.unique", definition.WindowAttribute, "1h").IntValue(), "ann, dot, and ben of before")
	answered := metricOf(t, sink, "auth.mfa.challenge.duration").Histogram().DataPoints()
	require.Equal(t, 1, answered.Len())
	assert.EqualValues(t, 1, answered.At(0).Count())
	assert.InDelta(t, (shortRest + downtime).Seconds(), answered.At(0).Sum(), 0.001, "from the challenge in the old version to the answer")
}

// into puts consumers behind a connector, under names that stay: cursors are kept
// by them.
func into(good, bad consumer.Metrics) consumer.Metrics {
	return connector.NewMetricsRouter(map[pipeline.ID]consumer.Metrics{
		pipeline.NewIDWithName(pipeline.SignalMetrics, "good"): good,
		pipeline.NewIDWithName(pipeline.SignalMetrics, "bad"):  bad,
	})
}

// metricOf returns a metric of the last flush.
func metricOf(t *testing.T, sink *consumertest.MetricsSink, name string) pmetric.Metric {
	t.Helper()
	all := sink.AllMetrics()
	require.NotEmpty(t, all)
	for _, m := range all[len(all)-1].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		if m.Name() == name {
			return m
		}
	}
	require.Fail(t, "no metric", name)
	return pmetric.Metric{}
}

// pointOf returns the point of Login.gov with the fewest attributes among those
// with this one.
func pointOf(t *testing.T, sink *consumertest.MetricsSink, name, attribute, value string) pmetric.NumberDataPoint {
	t.Helper()
	m := metricOf(t, sink, name)
	points := pmetric.NewNumberDataPointSlice()
	switch m.Type() {
	case pmetric.MetricTypeSum:
		points = m.Sum().DataPoints()
	case pmetric.MetricTypeGauge:
		points = m.Gauge().DataPoints()
	}
	var found pmetric.NumberDataPoint
	fewest := -1
	for _, p := range points.All() {
		v, ok := p.Attributes().Get(attribute)
		source, _ := p.Attributes().Get(attr.Source)
		if ok && v.Str() == value && source.Str() == "login_gov" && (fewest < 0 || p.Attributes().Len() < fewest) {
			found, fewest = p, p.Attributes().Len()
		}
	}
	require.GreaterOrEqual(t, fewest, 0, "no point of %s with %s=%s", name, attribute, value)
	return found
}
