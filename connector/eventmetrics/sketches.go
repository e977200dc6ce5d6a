package eventmetrics

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/sealed"
)

// sketchesPerSecond bounds the bytes of sketches that are stored on average. A
// window of very many users takes over a megabyte, and a metric may have a
// hundred of them, so those of a large installation are stored every few
// minutes only; of most they are stored at each flush.
const sketchesPerSecond = 1 << 20

// sketches is what is known of those stored last. They are a value of their
// own, beside the snapshot: an estimate may be a little older than the counts.
type sketches struct {
	revision uint64
	size     int
	next     time.Time // not before it
	failing  bool
}

// saveSketches stores the windows of unique counts, if users came to them and
// if it is their turn. A failure holds back nothing: the next turn has them.
func (s *store) saveSketches(ctx context.Context, engine *eventmetrics.Engine, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.sketches.next) {
		return
	}
	_ = s.writeSketches(ctx, engine, now) // it counts and logs what fails
}

func (s *store) writeSketches(ctx context.Context, engine *eventmetrics.Engine, now time.Time) error {
	revision := engine.WindowsRevision()
	if s.closed || revision == s.sketches.revision {
		return nil
	}
	data, err := engine.Windows()
	if err == nil {
		s.sketches.size = len(data)
		s.sketches.next = now.Add(time.Duration(len(data)) * time.Second / sketchesPerSecond)
		err = s.client.Set(ctx, sketchesKey, sealed.Seal(sketchesKey, data))
	}
	if err != nil {
		s.tel.Add(ctx, s.tel.builder.EventMetricsSnapshotFailures, 1)
		if !s.sketches.failing {
			s.logger.Warn("The sketches of unique counts could not be stored; a restart would find older ones", zap.Error(err))
		}
		s.sketches.failing = true
		return errSketches
	}
	s.sketches.failing = false
	s.sketches.revision = revision
	return nil
}

// errSketches stands for a storage's error, which its own extension explains.
var errSketches = errors.New("storage: the sketches of unique counts could not be written: " +
	"check the storage's directory, its free space and its permissions")
