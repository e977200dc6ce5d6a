//go:build unix

package kafka

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// loseCommits answers commits and forgets them, until the returned function is
// called.
func (b *broker) loseCommits() (restore func()) {
	done := make(chan struct{})
	b.ControlKey(int16(kmsg.OffsetCommit), func(request kmsg.Request) (kmsg.Response, error, bool) {
		select {
		case <-done:
			b.DropControl()
			return nil, nil, false
		default:
		}
		b.KeepControl()
		commit := request.(*kmsg.OffsetCommitRequest)
		response := commit.ResponseKind().(*kmsg.OffsetCommitResponse)
		for _, topic := range commit.Topics {
			ok := kmsg.NewOffsetCommitResponseTopic()
			ok.Topic, ok.TopicID = topic.Topic, topic.TopicID
			for _, partition := range topic.Partitions {
				p := kmsg.NewOffsetCommitResponseTopicPartition()
				p.Partition = partition.Partition
				ok.Partitions = append(ok.Partitions, p)
			}
			response.Topics = append(response.Topics, ok)
		}
		return response, nil, true
	})
	return func() { close(done) }
}

// TestKilledBeforeCommit: all is delivered again, by another process, with the
// same uids.
func TestKilledBeforeCommit(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	restore := b.loseCommits()
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	s.await(t, want, p.Log)
	p.Kill()
	require.Equal(t, len(want), s.deliveries())

	restore()
	p = b.start(t, s)
	require.Eventually(t, func() bool { return s.deliveries() == 2*len(want) }, patience, 20*time.Millisecond, "all again")
	b.awaitCommitted(t)
	stop(t, p)
	s.await(t, want, p.Log)
	assert.Equal(t, 2*len(want), s.deliveries())
}

// TestOffsetsReset: what an operator has delivered again, weeks later, has the
// uids that it had.
func TestOffsetsReset(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	s.await(t, want, p.Log)
	stop(t, p)

	var beginning kadm.Offsets
	for partition := range int32(partitions) {
		beginning.AddOffset(topic, partition, 0, -1)
	}
	require.NoError(t, b.admin.CommitAllOffsets(t.Context(), group, beginning))
	p = b.start(t, s)
	require.Eventually(t, func() bool { return s.deliveries() == 2*len(want) }, patience, 20*time.Millisecond)
	stop(t, p)
	s.await(t, want, p.Log)
}

// TestRefused: an endpoint that answers 503 for a while loses nothing, and gets
// nothing twice.
func TestRefused(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	s.answer(http.StatusServiceUnavailable)
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	require.Eventually(t, func() bool { return s.refusals() >= 2*partitions }, patience, 20*time.Millisecond)
	assert.Zero(t, s.deliveries())
	s.answer(http.StatusOK)
	s.await(t, want, p.Log)
	b.awaitCommitted(t)
	stop(t, p)
	assert.Equal(t, len(want), s.deliveries(), "each once")
}

// TestStoppedWhileRefused: SIGTERM while the endpoint answers 503 ends the
// collector in time, and a later one delivers.
func TestStoppedWhileRefused(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	s.answer(http.StatusServiceUnavailable)
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	require.Eventually(t, func() bool { return s.refusals() >= partitions }, patience, 20*time.Millisecond)
	stop(t, p)
	assert.Zero(t, s.deliveries())
	s.answer(http.StatusOK)
	p = b.start(t, s)
	s.await(t, want, p.Log)
	stop(t, p)
	assert.Equal(t, len(want), s.deliveries(), "each once")
}

// TestKeyExpires: what is refused with 401 waits for a new key, without a restart.
func TestKeyExpires(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	s.answer(http.StatusUnauthorized)
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	require.Eventually(t, func() bool { return s.refusals() > 2*partitions }, patience, 20*time.Millisecond)
	assert.Zero(t, s.deliveries())
	s.answer(http.StatusOK)
	s.await(t, want, p.Log)
	b.awaitCommitted(t)
	stop(t, p)
	assert.Equal(t, len(want), s.deliveries(), "each once")
}

// TestRefusedForGood: what the endpoint refuses for good stays in the topic, and
// is delivered after a restart.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	s.answer(http.StatusBadRequest)
	want := b.produce(t, mixed(0, 100))
	p := b.start(t, s)
	require.Eventually(t, func() bool { return s.refusals() == partitions }, patience, 20*time.Millisecond, "each partition pauses")
	stop(t, p)
	assert.Equal(t, partitions, s.refusals(), "and nothing behind the message is tried")
	s.answer(http.StatusOK)
	p = b.start(t, s)
	s.await(t, want, p.Log)
	b.awaitCommitted(t)
	stop(t, p)
	assert.Equal(t, len(want), s.deliveries(), "each once")
}

// TestNothingToSend: a message without a record makes no request, which an
// endpoint might refuse for good.
func TestNothingToSend(t *testing.T) {
	t.Parallel()
	b, s := newBroker(t), newSink(t)
	s.answer(http.StatusBadRequest)
	b.produce(t, []message{empty(), ndjson(), {value: []byte(" \r\n")}, {value: []byte("[]")}, array(), empty()})
	p := b.start(t, s)
	b.awaitCommitted(t)
	stop(t, p)
	assert.Zero(t, s.refusals())
}
