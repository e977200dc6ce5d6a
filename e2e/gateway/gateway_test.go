//go:build unix

package gateway

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const sample = "testdata/sample/*.ndjson"

// TestTwoGatewaysAddUp: what two gateways count adds up to what the plain script
// counts, each log record comes once, and funnels and pairs are those of one
// gateway that sees everything, because what one user does goes to one gateway.
func TestTwoGatewaysAddUp(t *testing.T) {
	t.Parallel()
	want := e2etest.CountPlainly(t, e2etest.Samples(t)...)
	c := newCluster(t)
	both := newSink(t)
	first, second := c.gateway(t, "two", both), c.gateway(t, "two", both)
	c.awaitTwo(t, "two") // a user whose partition moves is two to a funnel
	c.fill(t, sample, want.Events+want.Unparsed)
	c.awaitCommitted(t, "two")
	requireDocumented(t, first)
	stop(t, first)
	stop(t, second)
	alone := newSink(t)
	one := c.gateway(t, "one", alone)
	reach(t, alone, want.Events+want.Unparsed-want.Duplicates)
	c.awaitCommitted(t, "one")
	stop(t, one)
	e2etest.RequireSameCounts(t, want.Metrics, alone.counts())

	require.Len(t, both.newest, 2)
	for instance, series := range both.newest {
		assert.NotZero(t, sum(series, "auth.events"), instance)
	}
	e2etest.RequireSameCounts(t, want.Metrics, both.counts())
	for series, value := range alone.counts() {
		if strings.HasPrefix(series, "auth.funnel.users{") || strings.HasPrefix(series, "auth.mfa.challenge.duration_count{") {
			assert.InDelta(t, value, both.counts()[series], 0, series)
		}
	}
	assert.NotZero(t, sum(both.counts(), "auth.funnel.users"))
	assert.NotZero(t, sum(both.counts(), "auth.mfa.challenge.duration_count"))
	assert.Len(t, both.traces, 1, "no trace id of the agent's is left")
}

// requireDocumented: the metrics that docs/destinations/kafka.md tells to watch at a
// gateway are there.
func requireDocumented(t *testing.T, p *colproc.Process) {
	t.Helper()
	samples, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool { return len(s) > 0 })
	require.NoError(t, err)
	doc := e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "destinations", "kafka.md"))
	for metric, label := range map[string]string{
		"otelcol_kafka_receiver_offset_lag_ratio": "partition", "otelcol_kafka_receiver_records_total": "", "otelcol_event_metrics_records_total": "result",
	} {
		assert.Contains(t, doc, metric)
		assert.NotEmpty(t, colproc.By(samples, metric, label), metric)
		if label != "" {
			assert.NotContains(t, colproc.By(samples, metric, label), "", metric)
		}
	}
}

// TestGatewayStopped: one of two is stopped under load, and all counts are there.
func TestGatewayStopped(t *testing.T) {
	t.Parallel()
	c, s := newCluster(t), newSink(t)
	lines := write(t, c, 20_000)
	s.slow(2 * time.Millisecond)
	first, second := c.gateway(t, "g", s), c.gateway(t, "g", s)
	c.awaitTwo(t, "g")
	reach(t, s, lines/4)
	stop(t, first)
	s.slow(0)
	c.awaitCommitted(t, "g")
	stop(t, second)
	counted, _ := s.compare(t, lines)
	assert.InDelta(t, lines, counted, 0, "what another one takes counts there alone")
}

// TestGatewayKilled: one of two is killed under load. No record is lost; what was
// not committed comes again, and counts again at the other one. What the killed one
// had counted since its last push is missing.
func TestGatewayKilled(t *testing.T) {
	t.Parallel()
	c, s := newCluster(t), newSink(t)
	lines := write(t, c, 20_000)
	s.slow(2 * time.Millisecond)
	first, second := c.gateway(t, "g", s), c.gateway(t, "g", s)
	c.awaitTwo(t, "g")
	reach(t, s, lines/4)
	first.Kill()
	s.slow(0)
	reach(t, s, lines)
	c.awaitCommitted(t, "g")
	stop(t, second)
	counted, again := s.compare(t, lines)
	assert.LessOrEqual(t, counted, float64(lines+again), "no more than were taken")
}

// TestGatewayKilledAtRest: what was counted, sent and committed is counted once,
// also by kill -9.
func TestGatewayKilledAtRest(t *testing.T) {
	t.Parallel()
	c, s := newCluster(t), newSink(t)
	lines := write(t, c, 2000)
	first, second := c.gateway(t, "g", s), c.gateway(t, "g", s)
	c.awaitTwo(t, "g")
	c.awaitCommitted(t, "g")
	require.Eventually(t, func() bool { return sum(s.counts(), "auth.events") == float64(lines) }, e2etest.Patience, 20*time.Millisecond)
	first.Kill()
	more := write(t, c, 2000)
	reach(t, s, lines+more)
	c.awaitCommitted(t, "g")
	stop(t, second)
	assert.InDelta(t, lines+more, sum(s.counts(), "auth.events"), 0)
}

// write has an agent write n lines of 500 users to the topic.
func write(t *testing.T, c *cluster, n int) int {
	t.Helper()
	var b strings.Builder
	run := time.Now().UnixNano()
	for i := range n {
		fmt.Fprintf(&b, `{"name":"Email and Password Authentication","properties":{"event_properties":{"success":true},"user_id":"4b1a2b2e-8e2d-4f52-9a51-%012d","user_ip":"203.0.113.77"},"time":"2026-08-21T20:38:54.123Z","id":"%x-%d","visitor_id":"v","visit_id":"s"}`+"\n",
			i%500, run, i)
	}
	file := filepath.Join(t.TempDir(), "idp.log")
	require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	c.fill(t, file, n)
	return n
}

// stop ends a gateway as an operator does. What is under way to the endpoint is
// given up and stays in the topic, which the log tells of as an error.
func stop(t *testing.T, p *colproc.Process) {
	t.Helper()
	code, err := p.Stop(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code, p.Log())
}

func reach(t *testing.T, s *sink, n int) {
	t.Helper()
	require.Eventually(t, func() bool { distinct, _ := s.records(); return distinct >= n }, e2etest.Patience, 2*time.Millisecond)
}

// compare requires that no record is lost, and returns how many events counted, and
// how many records came again.
func (s *sink) compare(t *testing.T, lines int) (counted float64, again int) {
	t.Helper()
	distinct, again := s.records()
	counted = sum(s.counts(), "auth.events")
	t.Logf("%d records, and %d of them again; %g counted", distinct, again, counted)
	require.Equal(t, lines, distinct)
	return counted, again
}

// TestRawLines: a topic of raw lines, with the user as the message's key.
func TestRawLines(t *testing.T) {
	t.Parallel()
	c, s := newCluster(t), newSink(t)
	const lines = 3000
	var list []*kgo.Record
	for i := range lines {
		user := fmt.Sprintf("4b1a2b2e-8e2d-4f52-9a51-%012d", i%50)
		list = append(list, &kgo.Record{Key: []byte(user), Value: fmt.Appendf(nil, `{"type":"audit","event":"login_succeeded","identity_id":%q,"ts":"2026-04-02T12:00:00.000Z"}`, user)})
	}
	require.NoError(t, c.client.ProduceSync(t.Context(), list...).FirstErr())
	encoding := "KAFKA_ENCODING=auth_events_encoding"
	first, second := c.gateway(t, "g", s, encoding), c.gateway(t, "g", s, encoding)
	reach(t, s, lines)
	c.awaitCommitted(t, "g")
	stop(t, first)
	stop(t, second)
	assert.InDelta(t, lines, sum(s.counts(), "auth.events"), 0)
}
