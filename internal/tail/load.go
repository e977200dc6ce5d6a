package tail

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// The keys in storage.
const (
	saltKey    = "tail/salt"
	tableKey   = "tail/table"
	slotPrefix = "tail/file/"
)

const readAgain = "all files are read again from their beginning"

var errGone = errors.New("the value is gone")

// loadAtOnce is how many entries are asked for in one call of the storage.
const loadAtOnce = 1000

func slotKey(slot int) string { return fmt.Sprintf(slotPrefix+"%06d", slot) }

// table says what else stands in storage.
type table struct {
	slots   int  // from 0 on, free ones included
	started bool // the first poll was over
	// used slots: as many values there are. -1 where it is not known: earlier
	// releases did not write it.
	used int
}

func (t table) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(t.slots))
	if t.started {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(t.used))
}

func decodeTable(b []byte) (table, error) {
	slots, n := binary.Uvarint(b)
	if n <= 0 || len(b) < n+1 || b[n] > 1 || slots > 1<<32 {
		return table{}, errShape
	}
	t := table{slots: int(slots), started: b[n] == 1, used: -1}
	if b = b[n+1:]; len(b) > 0 {
		used, n := binary.Uvarint(b)
		if n != len(b) || used > slots {
			return table{}, errShape
		}
		t.used = int(used)
	}
	return t, nil
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
	salt, knowsSalt, err := s.unsealed(saltKey, saltOp.Value, readAgain)
	if err != nil {
		return err
	}
	value, known, err := s.unsealed(tableKey, tableOp.Value, "all entries are looked for")
	if err != nil {
		return err
	}
	t, err := decodeTable(value)
	if known && err != nil {
		s.complain(tableKey, err, "all entries are looked for")
	}
	if known = known && err == nil; !known {
		t = table{started: tableOp.Value != nil || saltOp.Value != nil && !knowsSalt, used: -1}
		s.changed = true
	}
	if knowsSalt = knowsSalt && len(salt) == saltSize; knowsSalt {
		s.digest = newDigester(salt)
	}
	// A state whose table is gone or can't be read is searched for its entries.
	found, err := s.loadEntries(ctx, t.slots, !known && (tableOp.Value != nil || saltOp.Value != nil))
	if err != nil {
		return err
	}
	s.started, s.savedUsed = t.started || !known && found > 0, t.used
	s.complainOfGone(saltOp.Value, tableOp.Value, t, found)
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

// complainOfGone says which values are gone: a bit of a key that flips hides the
// value, and damages none.
func (s *store) complainOfGone(salt, value []byte, t table, found int) {
	if salt == nil && value != nil {
		s.complain(saltKey, errGone, readAgain)
	}
	if value == nil && found > 0 {
		s.complain(tableKey, errGone, "all entries are looked for")
	}
	if t.used > found {
		s.complain(slotPrefix, fmt.Errorf("%d of %d entries are gone", t.used-found, t.used), "their files are read again from the beginning")
	}
}

// loadEntries reads slots 0 to slots, and with search those behind, until there
// are no more. It returns how many have a value.
func (s *store) loadEntries(ctx context.Context, slots int, search bool) (found int, err error) {
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
			return 0, fmt.Errorf("read the positions in files: %w", err)
		}
		if search { // of the last ones, behind which there is nothing, none is a slot
			for len(ops) > 0 && ops[len(ops)-1].Value == nil {
				ops = ops[:len(ops)-1]
			}
			if len(ops) == 0 {
				break
			}
			s.fillSlots(from)
		}
		for i, op := range ops {
			if op.Value != nil {
				found++
			}
			if err := s.loadEntry(from+i, op.Value); err != nil {
				return 0, err
			}
		}
	}
	return found, nil
}

// fillSlots adds free slots, up to n.
func (s *store) fillSlots(n int) {
	for len(s.slots) < n {
		s.free = append(s.free, len(s.slots))
		s.slots = append(s.slots, nil)
	}
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
