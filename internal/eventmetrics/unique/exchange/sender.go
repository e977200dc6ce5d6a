package exchange

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// maxBatch is the size in bytes beyond which a batch takes no further sketch:
// gRPC receivers refuse messages above 4 MiB unless told otherwise, and one
// more sketch is at most unique.MaxEncoded.
const maxBatch = 1 << 20

// Sender turns windows into records: what changed since it was taken the last
// time and, once in every slot of the window, all of it, which makes good for a
// receiver that lost its state. It belongs to one goroutine at a time.
type Sender struct {
	resource pcommon.Resource
	scope    string
	// sent is bounded by the number of windows: what was not there at the last
	// round is dropped.
	sent map[*unique.Window]state
}

// state of a window that was taken downstream.
type state struct {
	revision uint64
	whole    time.Time // when all of it was
}

// NewSender returns a sender whose records are of that resource, which should
// name the instance, and that scope.
func NewSender(resource pcommon.Resource, scope string) *Sender {
	return &Sender{resource: resource, scope: scope, sent: map[*unique.Window]state{}}
}

// Round collects the batches of one interval.
type Round struct {
	sender  *Sender
	now     time.Time
	batches []*Batch
	size    int // of the last batch
	met     map[*unique.Window]state
}

// Batch is what is handed on at once.
type Batch struct {
	Logs   plog.Logs
	sender *Sender
	states map[*unique.Window]state
}

// Begin begins a round at the clock's time.
func (s *Sender) Begin(now time.Time) *Round {
	return &Round{sender: s, now: now, met: make(map[*unique.Window]state, len(s.sent))}
}

// Add adds the window of a series, unless all of it was taken before. put puts
// the attributes of the series. It keeps nothing of the window but its
// identity, and needs the lock that guards it.
func (r *Round) Add(metric string, length time.Duration, w *unique.Window, put func(pcommon.Map)) {
	w.Advance(r.now)
	before, known := r.sender.sent[w]
	if known {
		r.met[w] = before
	}
	after := state{revision: w.Revision(), whole: before.whole}
	since := before.revision
	if age := r.now.Sub(before.whole); age >= w.SlotLength() || age < 0 {
		since, after.whole = 0, r.now
	}
	if w.Empty() || after.revision == since {
		return
	}
	data := w.AppendSince(nil, since)
	batch, records := r.room(len(data))
	batch.states[w] = after
	lr := records.AppendEmpty()
	lr.SetEventName(EventName)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(r.now))
	lr.SetObservedTimestamp(lr.Timestamp())
	put(lr.Attributes())
	lr.Attributes().PutStr(MetricAttribute, metric)
	lr.Attributes().PutStr(definition.WindowAttribute, length.String())
	lr.Body().SetEmptyBytes().FromRaw(data)
}

// room returns the last batch, or a new one if that is full.
func (r *Round) room(size int) (*Batch, plog.LogRecordSlice) {
	if len(r.batches) == 0 || r.size+size > maxBatch {
		batch := &Batch{Logs: plog.NewLogs(), sender: r.sender, states: map[*unique.Window]state{}}
		rl := batch.Logs.ResourceLogs().AppendEmpty()
		r.sender.resource.CopyTo(rl.Resource())
		rl.ScopeLogs().AppendEmpty().Scope().SetName(r.sender.scope)
		r.batches = append(r.batches, batch)
		r.size = 0
	}
	r.size += size
	batch := r.batches[len(r.batches)-1]
	return batch, batch.Logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
}

// Batches ends the round. Windows that were not in it are forgotten.
func (r *Round) Batches() []*Batch {
	r.sender.sent = r.met
	return r.batches
}

// Taken says that the next consumer took the batch. What it is not called for
// is in the next round again.
func (b *Batch) Taken() {
	for w, state := range b.states {
		b.sender.sent[w] = state
	}
}
