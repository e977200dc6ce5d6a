//go:build unix

package kafka

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
)

// agent is a collector with configs/kafka-agent.yaml, its files and its state.
type agent struct {
	*colproc.Process
	brokers string
	logs    string // folder
	state   string
}

func newAgent(t *testing.T, b *broker) *agent {
	t.Helper()
	return &agent{brokers: strings.Join(b.ListenAddrs(), ","), logs: t.TempDir(), state: t.TempDir()}
}

func (a *agent) start(t *testing.T, overlays ...string) {
	t.Helper()
	a.Process = e2etest.Start(t, colproc.Options{
		Config: "configs/kafka-agent.yaml", Overlays: overlays,
		Env: []string{
			"KAFKA_BROKERS=" + a.brokers, "KAFKA_TOPIC=" + topic,
			"AUTHEVENTS_INCLUDE=" + filepath.Join(a.logs, "*.log"), "STATE_DIR=" + a.state,
		},
	})
	p := a.Process
	t.Cleanup(func() {
		for _, canary := range canaries {
			assert.NotContains(t, p.Log(), canary)
		}
	})
}

// write appends n lines with sequence numbers from from on, of Login.gov with ten
// users, or of Hera, and returns their numbers.
func (a *agent) write(t *testing.T, from, n int) []string {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(a.logs, "idp.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	var sequences []string
	for i := from; i < from+n; i++ {
		l := hera(i)
		if i%2 == 0 {
			l = loginGov(i)
			l.text = strings.NewReplacer("4b1a2b2e", fmt.Sprintf("%08d", i%20), `"visit_id":"s"`, fmt.Sprintf(`"visit_id":"s%d"`, i)).Replace(l.text)
		}
		_, err = f.WriteString(l.text + "\n")
		require.NoError(t, err)
		sequences = append(sequences, l.want.sequence)
	}
	require.NoError(t, f.Close())
	return sequences
}

// TestAgent: each line once, under pseudonyms, and what is one user's in one
// partition.
func TestAgent(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	want := a.write(t, 0, 5000)
	a.start(t)
	r := newTopicReader(t, b)
	r.await(t, want, a.Log)
	e2etest.Stop(t, a.Process)

	got := r.all()
	assert.Len(t, got, len(want), "each once")
	partitionOf, used := map[string]int32{}, map[int32]int{}
	for _, m := range got {
		used[m.partition]++
		if m.user == "" {
			continue
		}
		known, again := partitionOf[m.user]
		require.True(t, !again || known == m.partition, "a user in two partitions")
		partitionOf[m.user] = m.partition
	}
	assert.Len(t, partitionOf, 10)
	assert.Len(t, used, partitions, "all partitions have records: %v", used)
	r.requireNothingPersonal(t)
}

// TestAgentKeepsTraces: where the policy keeps the trace id of a record, it goes
// along.
func TestAgentKeepsTraces(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	line := strings.Replace(loginGov(1).text, `"event_properties"`, `"trace_id":"Root=1-346881a0-ab4d57705d8842d4e2bfcc84","event_properties"`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(a.logs, "idp.log"), []byte(line+"\n"), 0o600))
	a.start(t, "yaml:processors::pii_scrub::trace_id: keep")
	r := newTopicReader(t, b)
	r.await(t, []string{"client-000001"}, a.Log)
	e2etest.Stop(t, a.Process)
	assert.Equal(t, "346881a0ab4d57705d8842d4e2bfcc84", r.all()[0].trace)
}

// TestAgentKilled: after kill -9 lines may come twice, with the uid that they
// had, and in the partition that they were in.
func TestAgentKilled(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	r := newTopicReader(t, b)
	var want []string
	for i := range 4 {
		want = append(want, a.write(t, i*20_000, 20_000)...)
		a.start(t)
		enough := (i*2 + 1) * 10_000
		require.Eventually(t, func() bool { return r.distinct() >= enough }, e2etest.Patience, time.Millisecond, a.Log())
		a.Kill()
	}
	a.start(t)
	r.await(t, want, a.Log)
	e2etest.Stop(t, a.Process)
	r.requireSameAgain(t)
	t.Logf("%d lines, %d records, 4 kills", len(want), len(r.all()))
}

// TestAgentBrokersRestart is row 21d: the whole cluster goes away under load, and
// comes back.
func TestAgentBrokersRestart(t *testing.T) {
	t.Parallel()
	row := book.Begin(t, "21d", "Kafka: all brokers restart, a collector writes", table.Times(1, 5), producerBound)
	for range row.Runs {
		restartUnderAgent(t, row)
	}
	book.Report(t, row)
}

func restartUnderAgent(t *testing.T, row *ledger.Row) {
	t.Helper()
	disk := t.TempDir()
	b := newBroker(t, kfake.DataDir(disk), kfake.SyncWrites())
	a := newAgent(t, b)
	want := a.write(t, 0, 20_000)
	r := newTopicReader(t, b)
	a.start(t)
	require.Eventually(t, func() bool { return r.distinct() >= len(want)/4 }, e2etest.Patience, time.Millisecond, a.Log())
	ports := b.ports(t)
	b.Close()
	want = append(want, a.write(t, 20_000, 5000)...)
	again, err := kfake.NewCluster(kfake.DataDir(disk), kfake.SyncWrites(), kfake.Ports(ports...))
	require.NoError(t, err)
	b.Cluster = again
	r.await(t, want, a.Log)
	code, err := a.Stop(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code)
	r.tally(row, want)
	r.requireSameAgain(t)
}

// TestAgentStoppedInAnOutage: SIGTERM while no broker answers ends the collector,
// and the lines come once one does.
func TestAgentStoppedInAnOutage(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	b := newBroker(t, kfake.DataDir(disk), kfake.SyncWrites())
	a := newAgent(t, b)
	ports := b.ports(t)
	r := newTopicReader(t, b)
	b.Close()
	want := a.write(t, 0, 3000)
	a.start(t, "yaml:exporters::kafka::timeout: 1s")
	require.Eventually(t, func() bool { return strings.Contains(a.Log(), "Exporting failed") }, e2etest.Patience, 20*time.Millisecond, a.Log())
	began := time.Now()
	code, err := a.Stop(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code, a.Log())
	t.Logf("ended after %s", time.Since(began))

	again, err := kfake.NewCluster(kfake.DataDir(disk), kfake.SyncWrites(), kfake.Ports(ports...))
	require.NoError(t, err)
	b.Cluster = again
	a.start(t)
	r.await(t, want, a.Log)
	e2etest.Stop(t, a.Process)
}

// TestAgentLargeLines: what is too large for one message is split, and what no
// message can hold is cut. Nothing is refused.
func TestAgentLargeLines(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	var lines strings.Builder
	var want []string
	for i := range 900 { // of one user, 5 kB each: 4.5 MB for one message key
		l := loginGov(i)
		lines.WriteString(strings.Replace(l.text, `"event_properties":{`, `"event_properties":{"padding":"`+strings.Repeat("z", 5000)+`",`, 1) + "\n")
		want = append(want, l.want.sequence)
	}
	lines.WriteString(`{"type":"audit","event":"m2m_client.created","client_id":"` + strings.Repeat("y", 1_500_000) + `"}` + "\n")
	last := loginGov(900)
	lines.WriteString(last.text + "\n")
	want = append(want, last.want.sequence)
	require.NoError(t, os.WriteFile(filepath.Join(a.logs, "idp.log"), []byte(lines.String()), 0o600))
	a.start(t)
	r := newTopicReader(t, b)
	r.await(t, want, a.Log)
	require.Eventually(t, func() bool { return len(r.all()) == len(want)+1 }, e2etest.Patience, 20*time.Millisecond, "and the long line")
	e2etest.Stop(t, a.Process)
	assert.LessOrEqual(t, r.largest(), 1_000_000)
	t.Logf("the largest message has %d bytes", r.largest())
}

// ports are those of the brokers.
func (b *broker) ports(t *testing.T) []int {
	t.Helper()
	var ports []int
	for _, address := range b.ListenAddrs() {
		_, port, err := net.SplitHostPort(address)
		require.NoError(t, err)
		n, err := strconv.Atoi(port)
		require.NoError(t, err)
		ports = append(ports, n)
	}
	return ports
}
