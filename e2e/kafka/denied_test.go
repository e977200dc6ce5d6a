//go:build unix

package kafka

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestAgentNotEnoughReplicas: what a broker refuses for now is sent again until it takes it,
// and counts nowhere as refused.
func TestAgentNotEnoughReplicas(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	r := newTopicReader(t, b)
	answered, restore := b.refuseProduce(kerr.NotEnoughReplicas.Code)
	want := a.write(t, 0, 2000)
	a.start(t, "yaml:exporters::kafka::timeout: 1s")
	require.Eventually(t, func() bool { return answered.Load() >= 2 }, e2etest.Patience, 20*time.Millisecond)
	restore()
	r.await(t, want, a.Log)
	own, err := colproc.Await(t.Context(), a.TelemetryURL, e2etest.Patience, func([]colproc.Sample) bool { return true })
	require.NoError(t, err)
	assert.Zero(t, colproc.Sum(own, "otelcol_auth_events_refused_total"))
	r.requireSameAgain(t)
}

// TestAgentDenied: an access list that forbids the topic is final: the lines of that
// time are counted as refused, and do not come.
func TestAgentDenied(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	a := newAgent(t, b)
	answered, restore := b.refuseProduce(kerr.TopicAuthorizationFailed.Code)
	a.write(t, 0, 2000)
	a.start(t)
	require.Eventually(t, func() bool { return answered.Load() >= 1 }, e2etest.Patience, 20*time.Millisecond)
	own, err := colproc.Await(t.Context(), a.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_refused_total") > 0
	})
	require.NoError(t, err, a.Log())
	assert.LessOrEqual(t, colproc.Sum(own, "otelcol_auth_events_refused_total"), 2000.0)
	restore()
	want := a.write(t, 2000, 100)
	newTopicReader(t, b).await(t, want, a.Log)
}

// refuseProduce answers what is produced with an error code, until restore is
// called.
func (b *broker) refuseProduce(code int16) (answered *atomic.Int64, restore func()) {
	answered = &atomic.Int64{}
	done := make(chan struct{})
	b.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		select {
		case <-done:
			b.DropControl()
			return nil, nil, false
		default:
		}
		b.KeepControl()
		answered.Add(1)
		produce := request.(*kmsg.ProduceRequest)
		response := produce.ResponseKind().(*kmsg.ProduceResponse)
		for _, topic := range produce.Topics {
			refused := kmsg.NewProduceResponseTopic()
			refused.Topic, refused.TopicID = topic.Topic, topic.TopicID
			for _, partition := range topic.Partitions {
				p := kmsg.NewProduceResponseTopicPartition()
				p.Partition, p.ErrorCode = partition.Partition, code
				refused.Partitions = append(refused.Partitions, p)
			}
			response.Topics = append(response.Topics, refused)
		}
		return response, nil, true
	})
	return answered, func() { close(done) }
}
