package tail

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// run saves every interval, and when it is asked to, until ctx is done.
func (s *store) run(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.kick:
		}
		_ = s.save(context.WithoutCancel(ctx)) // logged, and tried again
	}
}

// reserve waits until lines more may be handed out without exceeding what may
// be read again after a crash, by all files together, and counts them as under
// way. Whoever calls it calls settle. While the storage fails it does not wait.
func (s *store) reserve(ctx context.Context, lines int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.isFull(lines) && ctx.Err() == nil {
		if s.unsaved > 0 { // else others have to be done first
			s.askForSave()
		}
		s.waiting++
		moved := s.moved
		s.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
		}
		s.mu.Lock()
		s.waiting--
	}
	s.underWay += lines
}

// isFull says whether lines more are too many. s.mu is held.
func (s *store) isFull(lines int) bool {
	open := s.unsaved + s.underWay
	return s.client != nil && open > 0 && open+lines > s.limit && !s.failing && !s.closed
}

// introduce waits until r stands in storage, with what the file begins with:
// before its first lines are handed out, so that after a crash they have the ID
// that they had, whatever the file was renamed, copied or compressed to. Files
// that are begun at once share a save. While the storage fails it does not wait.
func (s *store) introduce(ctx context.Context, r *record, head digest) {
	s.publish(r, func(e *entry) { e.head = head })
	for {
		s.mu.Lock()
		moved := s.moved
		done := s.client == nil || r.stored || s.failing || s.closed
		s.mu.Unlock()
		if done {
			return
		}
		s.askForSave()
		select {
		case <-moved:
		case <-ctx.Done():
			return
		}
	}
}

// settle says that lines are under way no longer, and whether they were taken.
// At half of the limit it asks for a save, which goes on while the second half
// is read.
func (s *store) settle(lines int, taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay -= lines
	if taken {
		s.unsaved += lines
	}
	if s.client != nil && s.unsaved >= s.limit/2 && !s.failing {
		s.askForSave()
	}
	if s.waiting > 0 {
		s.wake()
	}
}

// wake has those look again who wait for room or for a save. s.mu is held.
func (s *store) wake() {
	close(s.moved)
	s.moved = make(chan struct{})
}

func (s *store) askForSave() {
	select {
	case s.kick <- struct{}{}:
	default: // it was asked for
	}
}

// save writes what has changed, in one batch.
func (s *store) save(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	ops, written, undo := s.changes()
	lines := s.unsaved
	s.mu.Unlock()

	var err error
	if len(ops) > 0 {
		err = s.client.Batch(ctx, ops...)
	}

	s.mu.Lock()
	failed := s.failing
	s.failing = err != nil
	if err != nil {
		undo()
	} else {
		s.unsaved -= lines
		for _, r := range written {
			r.stored = true
		}
	}
	s.wake()
	s.mu.Unlock()
	switch {
	case err != nil && !failed:
		s.logger.Error("The positions in files can't be saved; it is tried again: check the storage's directory, its free space and its permissions. "+
			"Until it works, a crash means that lines are read again from the last positions that were saved.", zap.Error(err))
	case err == nil && failed:
		s.logger.Info("The positions in files are saved again.")
	}
	return err
}

// changes returns what has to be written, the records among it, and how to take
// it back where that fails. s.mu is held for both.
func (s *store) changes() (ops []*storage.Operation, written []*record, undo func()) {
	freed, changed, used := s.freed, s.changed, 0
	for _, slot := range freed {
		if s.slots[slot] == nil {
			ops = append(ops, storage.DeleteOperation(slotKey(slot)))
		}
	}
	for _, r := range s.slots {
		if r != nil {
			used++
		}
		if r != nil && r.dirty {
			r.dirty = false
			written = append(written, r)
			key := slotKey(r.slot)
			ops = append(ops, storage.SetOperation(key, sealed.Seal(key, encodeEntry(&r.entry))))
		}
	}
	if changed = changed || used != s.savedUsed; changed {
		t := table{slots: len(s.slots), started: s.started, used: used}
		ops = append(ops, storage.SetOperation(tableKey, sealed.Seal(tableKey, t.encode())))
	}
	s.savedUsed = used
	s.freed, s.changed = nil, false
	return ops, written, func() {
		s.freed = append(s.freed, freed...)
		s.changed = s.changed || changed
		for _, r := range written {
			r.dirty = true
		}
	}
}

// close saves a last time; nothing is published thereafter.
func (s *store) close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	return s.save(ctx)
}
