package tail

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// The keys in storage.
const (
	saltKey  = "tail/salt"
	tableKey = "tail/table"
)

var errGone = errors.New("the value is gone")

// loadAtOnce is how many entries are asked for in one call of the storage.
const loadAtOnce = 1000

func slotKey(slot int) string { return fmt.Sprintf("tail/file/%06d", slot) }

// appendTable is the value that says how many slots there are, and whether the
// first poll was over.
func appendTable(slots int, started bool) []byte {
	b := binary.AppendUvarint(nil, uint64(slots))
	if started {
		return append(b, 1)
	}
	return append(b, 0)
}

func decodeTable(b []byte) (slots int, started bool, err error) {
	u, n := binary.Uvarint(b)
	if n <= 0 || len(b) != n+1 || b[n] > 1 || u > 1<<32 {
		return 0, false, errShape
	}
	return int(u), b[n] == 1, nil
}

// load reads the state of an earlier run. What is damaged is logged, and the
// files that it was about are read from the beginning. A storage that does not
// answer is an error, and so is a value of another version (sealed.ErrVersion):
// then nothing of the state has been changed.
func (s *store) load(ctx context.Context, client storage.Client) error {
	s.client = client
	saltOp, tableOp := storage.GetOperation(saltKey), storage.GetOperation(tableKey)
	if err := client.Batch(ctx, saltOp, tableOp); err != nil {
		return fmt.Errorf("read the positions in files: %w", err)
	}
	salt, knowsSalt, err := s.unsealed(saltKey, saltOp.Value, "all files are read again from their beginning")
	if err != nil {
		return err
	}
	table, known, err := s.unsealed(tableKey, tableOp.Value, "all entries are looked for")
	if err != nil {
		return err
	}
	slots, started, err := decodeTable(table)
	if !known || err != nil {
		slots, started = 0, tableOp.Value != nil || saltOp.Value != nil && !knowsSalt
		s.changed = true
	}
	if knowsSalt = knowsSalt && len(salt) == saltSize; knowsSalt {
		s.digest = newDigester(salt)
	}
	s.started = started
	// A state whose table is gone or can't be read is searched for its entries.
	search := (tableOp.Value != nil || saltOp.Value != nil) && (!known || err != nil)
	if err := s.loadEntries(ctx, slots, search); err != nil {
		return err
	}
	if tableOp.Value == nil && slices.ContainsFunc(s.slots, func(r *record) bool { return r != nil }) {
		s.started = true
		s.complain(tableKey, errGone, "all entries are looked for")
	}
	if knowsSalt {
		return s.migrate(ctx)
	}
	for _, r := range s.slots {
		if r != nil { // what its digests are of can't be told any more
			r.head, r.position, r.size, r.mtime, r.ended, r.dirty = digest{}, position{}, 0, 0, false, true
		}
	}
	if saltOp.Value == nil && tableOp.Value == nil {
		// Said, so that nobody who has lost a state has to guess.
		s.logger.Info("There are no positions in the storage yet: files are read from where start_at says.")
	}
	if err := client.Set(ctx, saltKey, sealed.Seal(saltKey, s.digest.salt)); err != nil {
		return fmt.Errorf("write the salt of the files' digests: %w", err)
	}
	return s.migrate(ctx)
}

// unsealed returns a value from storage; false where there is none, or it is
// damaged, which is logged with what follows from it. The error is one of version.
func (s *store) unsealed(key string, b []byte, consequence string) ([]byte, bool, error) {
	if b == nil {
		return nil, false, nil
	}
	value, err := sealed.Unseal(key, b)
	if errors.Is(err, sealed.ErrVersion) {
		return nil, false, fmt.Errorf("read the positions in files: %w", err)
	}
	if err != nil {
		s.complain(key, err, consequence)
		return nil, false, nil
	}
	return value, true, nil
}

func (s *store) complain(key string, err error, consequence string) {
	s.logger.Error("A position in storage can't be used: "+consequence+
		". Nothing is lost; lines that were delivered come a second time, with the identity that they had. "+
		"If this comes again, check the disk of the storage extension's directory.",
		zap.String("key", key), zap.Error(err))
}

// loadEntries reads slots 0 to slots, and with search those behind, until there
// are no more.
func (s *store) loadEntries(ctx context.Context, slots int, search bool) error {
	for from := 0; from < slots || search; from += loadAtOnce {
		to := from + loadAtOnce
		if !search {
			to = min(to, slots)
		}
		ops := make([]*storage.Operation, 0, to-from)
		for slot := from; slot < to; slot++ {
			ops = append(ops, storage.GetOperation(slotKey(slot)))
		}
		if err := s.client.Batch(ctx, ops...); err != nil {
			return fmt.Errorf("read the positions in files: %w", err)
		}
		found := false
		for i, op := range ops {
			found = found || op.Value != nil
			if err := s.loadEntry(from+i, op.Value); err != nil {
				return err
			}
		}
		if search && !found {
			break
		}
	}
	return nil
}

// loadEntry fills the next slot.
func (s *store) loadEntry(slot int, b []byte) error {
	s.slots = append(s.slots, nil)
	key := slotKey(slot)
	value, ok, err := s.unsealed(key, b, "its file is read again from the beginning")
	if err != nil {
		return err
	}
	var e *entry
	if ok {
		if e, err = decodeEntry(value); err != nil {
			s.complain(key, err, "its file is read again from the beginning")
		}
	}
	if e == nil {
		s.free = append(s.free, slot)
		if b != nil {
			s.freed = append(s.freed, slot)
			s.changed = true
		}
		return nil
	}
	r := &record{entry: *e, slot: slot, stored: true}
	s.slots[slot] = r
	if !r.superseded {
		s.byKey[r.key] = r
	}
	return nil
}
