//go:build unix

package kafka

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// topicReader reads a topic of OTLP messages from its beginning, as a consumer
// that has nothing to do with collectors.
type topicReader struct {
	mu        sync.Mutex
	records   []written
	uids      map[string]bool
	sequences map[string]bool
	size      int // of the largest message
	leaks     []string
}

// written is a log record in the topic.
type written struct {
	partition                  int32
	uid, sequence, user, trace string
}

func newTopicReader(t *testing.T, b *broker) *topicReader {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(b.ListenAddrs()...), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	require.NoError(t, err)
	r := &topicReader{uids: map[string]bool{}, sequences: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			client.PollFetches(ctx).EachRecord(func(m *kgo.Record) { r.take(t, m) })
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		client.Close()
	})
	return r
}

func (r *topicReader) take(t *testing.T, m *kgo.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	request := plogotlp.NewExportRequest() // the same bytes as otlp_proto's
	if !assert.NoError(t, request.UnmarshalProto(m.Value)) {
		return
	}
	r.size = max(r.size, len(m.Value))
	for _, canary := range canaries {
		if bytes.Contains(m.Value, []byte(canary)) {
			r.leaks = append(r.leaks, canary)
		}
	}
	eachRecord(request.Logs(), func(lr plog.LogRecord) {
		w := written{m.Partition, text(lr, attr.LogRecordUID), text(lr, attr.ClientID), text(lr, attr.UserID), text(lr, "trace_id")}
		r.records = append(r.records, w)
		r.uids[w.uid], r.sequences[w.sequence] = true, true
	})
}

// all is what the topic holds so far.
func (r *topicReader) all() []written {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]written{}, r.records...)
}

func (r *topicReader) distinct() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.uids)
}

func (r *topicReader) largest() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.size
}

// await waits until each of the lines has come.
func (r *topicReader) await(t *testing.T, sequences []string, log func() string) {
	t.Helper()
	missing := func() string {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, sequence := range sequences {
			if !r.sequences[sequence] {
				return sequence
			}
		}
		return ""
	}
	if !assert.Eventually(t, func() bool { return missing() == "" }, e2etest.Patience, 20*time.Millisecond) {
		t.Log(log())
	}
	require.Empty(t, missing(), "the first line that is lost")
}

// requireSameAgain holds what came twice against what came first.
func (r *topicReader) requireSameAgain(t *testing.T) {
	t.Helper()
	first := map[string]written{}
	lineOf := map[string]string{}
	for _, w := range r.all() {
		known, again := first[w.uid]
		require.True(t, !again || known == w, "%s came as %v and as %v", w.uid, known, w)
		first[w.uid] = w
		if uid, again := lineOf[w.sequence]; again {
			require.Equal(t, uid, w.uid, "one line, two uids")
		}
		lineOf[w.sequence] = w.uid
	}
}

func (r *topicReader) requireNothingPersonal(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	require.Empty(t, r.leaks)
}
