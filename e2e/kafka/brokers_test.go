//go:build unix

package kafka

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
)

// TestLeadersMove is row 21b: leaders and coordinators move between the brokers, and
// a broker leaves the cluster, under load.
func TestLeadersMove(t *testing.T) {
	t.Parallel()
	row := book.Begin(t, "21b", "Kafka: leaders move, a broker leaves the cluster", table.Times(1, 5), commitBound)
	for range row.Runs {
		moveLeaders(t, row)
	}
	book.Report(t, row)
}

func moveLeaders(t *testing.T, row *ledger.Row) {
	t.Helper()
	b, s := newBroker(t), newSink(t)
	b.tellEpochEnds()
	s.delay = slowly
	want := b.produce(t, mixed(0, 1000))
	p := b.start(t, s)
	for step, move := range []func(){
		b.ShufflePartitionLeaders,
		b.RehashCoordinators,
		b.ShufflePartitionLeaders,
		func() { require.NoError(t, b.RemoveNode(1)) },
	} {
		reached := len(want) * (step + 1) / 6
		require.Eventually(t, func() bool { return s.distinct() >= reached }, patience, 5*time.Millisecond, "step %d: %s", step, p.Log())
		move()
	}
	s.awaitAll(t, want, p.Log)
	s.tally(row, want)
	s.require(t, want)
	b.awaitCommitted(t)
	stop(t, p)
}

// tellEpochEnds answers where an epoch of a partition ended as a broker does.
// The fake one says that it does not know an epoch behind which nothing was
// written yet, which to a client means that records were lost.
func (b *broker) tellEpochEnds() {
	b.ControlKey(int16(kmsg.OffsetForLeaderEpoch), func(request kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		epochs := request.(*kmsg.OffsetForLeaderEpochRequest)
		response := epochs.ResponseKind().(*kmsg.OffsetForLeaderEpochResponse)
		for _, topic := range epochs.Topics {
			end := kmsg.NewOffsetForLeaderEpochResponseTopic()
			end.Topic = topic.Topic
			for _, partition := range topic.Partitions {
				p := kmsg.NewOffsetForLeaderEpochResponseTopicPartition()
				p.Partition, p.LeaderEpoch, p.EndOffset = partition.Partition, partition.LeaderEpoch, b.end(partition.Partition)
				end.Partitions = append(end.Partitions, p)
			}
			response.Topics = append(response.Topics, end)
		}
		return response, nil, true
	})
}

// TestBrokersRestart is row 21c: the whole cluster goes away under load, with its
// connections, and comes back with what it had on disk.
func TestBrokersRestart(t *testing.T) {
	t.Parallel()
	row := book.Begin(t, "21c", "Kafka: all brokers restart, a collector reads", table.Times(1, 5), commitBound)
	for range row.Runs {
		restartBrokers(t, row)
	}
	book.Report(t, row)
}

func restartBrokers(t *testing.T, row *ledger.Row) {
	t.Helper()
	disk := t.TempDir()
	b, s := newBroker(t, kfake.DataDir(disk), kfake.SyncWrites()), newSink(t)
	s.delay = slowly
	want := b.produce(t, mixed(0, 1000))
	p := b.start(t, s)
	require.Eventually(t, func() bool { return s.distinct() >= len(want)/3 }, patience, 5*time.Millisecond)

	ports := b.ports(t)
	b.Close()
	again, err := kfake.NewCluster(kfake.DataDir(disk), kfake.SyncWrites(), kfake.Ports(ports...))
	require.NoError(t, err)
	b.Cluster = again

	s.awaitAll(t, want, p.Log)
	s.tally(row, want)
	s.require(t, want)
	b.awaitCommitted(t)
	stop(t, p)
}
