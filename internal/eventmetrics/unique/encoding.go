package unique

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// The encoding of a window is
//
//	version, precision                    a byte each
//	key check                             8 bytes
//	slot length (ns)                      uvarint
//	number of the newest slot             varint
//	which slots follow                    2 bytes, bit i is slot newest-i
//	the slots, newest first
//
// without checksum: storage and OTLP have their own.
const encodingVersion = 1

// header is the fixed part before the varints.
const headerSize = 2 + 8

// MaxEncoded is the size that no encoding exceeds.
const MaxEncoded = headerSize + 2*binary.MaxVarintLen64 + 2 + numSlots*maxEncodedSketch

// ErrDamaged is wrapped by what UnmarshalBinary refuses as no window.
var ErrDamaged = errors.New("the sketch is damaged, or of another version of this program")

// MarshalBinary returns the whole window. It holds keyed hashes, shortened to
// what the sketch keeps of them, and nothing by which the key can be found but
// trying keys.
func (w *Window) MarshalBinary() ([]byte, error) { return w.AppendBinary(nil) }

// AppendBinary appends what MarshalBinary returns.
func (w *Window) AppendBinary(b []byte) ([]byte, error) { return w.AppendSince(b, 0), nil }

// AppendSince appends an encoding of the slots alone that changed after the
// window was at the given revision: what is missing of an older state of the
// same window, which takes it by Merge. It is one or two slots where a window
// is sent or stored often.
func (w *Window) AppendSince(b []byte, revision uint64) []byte {
	b = append(b, encodingVersion, precision)
	b = binary.BigEndian.AppendUint64(b, w.check)
	b = binary.AppendUvarint(b, uint64(w.slotLength))
	b = binary.AppendVarint(b, w.newest)
	var present uint16
	for i := range numSlots {
		if s := w.slots[ring(w.newest-int64(i))]; s != nil && s.revision > revision {
			present |= 1 << i
		}
	}
	b = binary.BigEndian.AppendUint16(b, present)
	for i := range numSlots {
		if present&(1<<i) != 0 {
			b = w.slots[ring(w.newest-int64(i))].append(b)
		}
	}
	return b
}

// UnmarshalBinary replaces what the window holds. The window must come from
// NewWindow, with the length and the key of the one that was encoded, or the
// error is ErrForeign. What can't be read leaves the window as it was, with an
// error that wraps ErrDamaged.
func (w *Window) UnmarshalBinary(data []byte) error {
	if len(data) < headerSize || len(data) > MaxEncoded {
		return damaged("%d bytes", len(data))
	}
	if data[0] != encodingVersion || data[1] != precision {
		return damaged("version %d with precision %d, want %d with %d", data[0], data[1], encodingVersion, precision)
	}
	check := binary.BigEndian.Uint64(data[2:])
	r := reader{data: data[headerSize:]}
	slotLength, newest := r.uvarint(), r.varint()
	present := r.uint16()
	if r.failed {
		return damaged("it ends within the header")
	}
	if check != w.check || slotLength != uint64(w.slotLength) || slotLength == 0 {
		return ErrForeign
	}
	// The slot's begin must be a time.
	if limit := math.MaxInt64/w.slotLength - numSlots; newest > limit || newest < -limit {
		return damaged("a slot beyond all times")
	}
	if present>>numSlots != 0 {
		return damaged("%d slots", bits.OnesCount16(present))
	}
	read := &Window{slotLength: w.slotLength, check: w.check, stale: true, revision: w.revision + 1}
	for i := range numSlots {
		if present&(1<<i) == 0 {
			continue
		}
		s := &slot{revision: read.revision}
		if err := s.read(&r); err != nil {
			return err
		}
		read.slots[ring(newest-int64(i))] = s
	}
	if len(r.data) > 0 {
		return damaged("%d bytes follow it", len(r.data))
	}
	if present != 0 {
		read.newest, read.head, read.begin, read.ticked = newest, ring(newest), newest*w.slotLength, true
	}
	*w = *read
	return nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrDamaged, fmt.Sprintf(format, args...))
}

// reader reads from the front of data. Once it failed, it reads zeros.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.data) {
		r.failed, r.data = true, nil
		return nil
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		n = len(r.data) + 1
	}
	if r.take(n) == nil {
		return 0
	}
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.data)
	if n <= 0 {
		n = len(r.data) + 1
	}
	if r.take(n) == nil {
		return 0
	}
	return v
}
