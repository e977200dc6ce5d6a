//go:build unix

// Package kafka runs the built collector with configs/kafka.yaml against a
// broker in the test's process. `make e2e` builds it first.
package kafka

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

const (
	root       = "../.."
	topic      = "auth-events"
	group      = "otelcol-auth"
	partitions = 3
	// patience is for a loaded machine; nothing waits for it in vain.
	patience = time.Minute
)

// broker is a cluster in the test's process, with a client of its own.
type broker struct {
	*kfake.Cluster
	client *kgo.Client
	admin  *kadm.Client

	mu   sync.Mutex
	ends map[int32]int64 // of the partitions
}

func newBroker(t *testing.T, options ...kfake.Opt) *broker {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(2), kfake.SeedTopics(partitions, topic))...)
	require.NoError(t, err)
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DefaultProduceTopic(topic),
		kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	require.NoError(t, err)
	b := &broker{Cluster: cluster, client: client, admin: kadm.NewClient(client), ends: map[int32]int64{}}
	t.Cleanup(func() { // a collector that still runs is stopped before
		b.client.Close()
		b.Close()
	})
	return b
}

// produce writes the messages, spread over the partitions, and returns what
// must arrive.
func (b *broker) produce(t *testing.T, messages []message) expected {
	t.Helper()
	var list []*kgo.Record
	for _, m := range messages {
		list = append(list, &kgo.Record{Value: m.value})
	}
	results := b.client.ProduceSync(t.Context(), list...)
	require.NoError(t, results.FirstErr())
	want := expected{}
	for i, m := range messages {
		want.add(m, list[i])
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range list {
		b.ends[r.Partition] = max(b.ends[r.Partition], r.Offset+1)
	}
	require.Len(t, b.ends, partitions)
	return want
}

// end is the offset behind the last message of a partition.
func (b *broker) end(partition int32) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ends[partition]
}

// awaitCommitted waits until the group has committed every message, also those
// of which nothing arrives.
func (b *broker) awaitCommitted(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		lag, err := b.admin.Lag(t.Context(), group)
		return err == nil && lag.Error() == nil && lag[group].Lag.Total() == 0
	}, patience, 50*time.Millisecond)
}

// start runs a collector with the shipped config.
func (b *broker) start(t *testing.T, s *sink) *colproc.Process {
	t.Helper()
	binary, err := filepath.Abs(filepath.Join(root, "_build", "otelcol-auth"))
	require.NoError(t, err)
	require.FileExists(t, binary, "run make build first")
	p, err := colproc.Start(t.Context(), colproc.Options{
		Binary: binary, Config: "configs/kafka.yaml", Dir: root, Ports: true,
		Env: []string{
			"KAFKA_BROKERS=" + strings.Join(b.ListenAddrs(), ","), "KAFKA_TOPIC=" + topic, "KAFKA_GROUP=" + group,
			"OTLP_ENDPOINT=" + s.URL, "PIISCRUB_KEY=0123456789abcdef0123456789abcdef",
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Kill()
		for _, canary := range canaries {
			assert.NotContains(t, p.Log(), canary)
		}
	})
	return p
}

// stop ends a collector as an operator does.
func stop(t *testing.T, p *colproc.Process) {
	t.Helper()
	code, err := p.Stop(patience)
	require.NoError(t, err)
	require.Zero(t, code, p.Log())
}

// TestEverythingArrives: every line of every message once, scrubbed, under the
// uid of where it stands or of its IdP; then all is committed.
func TestEverythingArrives(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	want := b.produce(t, mixed(0, 200)) // before the first start: initial_offset
	p := b.start(t, s)
	s.await(t, want, p.Log)
	more := b.produce(t, mixed(1000, 100))
	for uid, r := range more {
		want[uid] = r
	}
	s.await(t, want, p.Log)
	b.awaitCommitted(t)
	stop(t, p)
	s.await(t, want, p.Log)
	assert.Equal(t, len(want), s.deliveries(), "each once")
	for level := range strings.Lines(p.Log()) {
		fields := strings.Split(level, "\t")
		assert.False(t, len(fields) > 1 && fields[1] == "error", level)
	}
}
