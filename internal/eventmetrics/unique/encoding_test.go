package unique

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// filled returns windows of all forms: empty, small and dense slots.
func filled() map[string]*Window {
	empty, small, dense, mixed := NewWindow(hour, testKey), NewWindow(hour, testKey), NewWindow(hour, testKey), NewWindow(hour, testKey)
	insert(small, newRand(1), 500, epoch, epoch)
	insert(dense, newRand(2), 2_000_000, epoch, epoch)
	for i := range numSlots {
		at := epoch.Add(time.Duration(i) * slotLength)
		insert(mixed, newRand(uint64(i)), i%5*5000, at, at)
	}
	return map[string]*Window{"empty": empty, "small": small, "dense": dense, "mixed": mixed}
}

func TestRoundTrip(t *testing.T) {
	for name, w := range filled() {
		t.Run(name, func(t *testing.T) {
			data, err := w.MarshalBinary()
			require.NoError(t, err)
			require.LessOrEqual(t, len(data), MaxEncoded)
			read := NewWindow(hour, testKey)
			require.NoError(t, read.UnmarshalBinary(data))
			requireSame(t, w, read)
			for _, after := range []time.Duration{0, hour, hour + 7*slotLength, 3 * hour} {
				require.Equal(t, w.Estimate(epoch.Add(after)), read.Estimate(epoch.Add(after)))
			}
			t.Logf("%s: %d bytes", name, len(data))
		})
	}
}

func TestAppendSinceHoldsWhatChanged(t *testing.T) {
	w := filled()["mixed"]
	now := epoch.Add(hour)
	whole := len(w.AppendSince(nil, 0))
	revision := w.Revision()
	nothing := len(w.AppendSince(nil, revision))
	require.Less(t, nothing, 32)
	w.Insert(user(1), now, now)
	w.Insert(user(1), now, now)
	require.Equal(t, revision+1, w.Revision(), "a user who is known changes nothing")
	part := len(w.AppendSince(nil, revision))
	require.Greater(t, part, nothing)
	require.Less(t, part, whole/4)
}

func TestUnmarshalRefusesDamage(t *testing.T) {
	data, err := filled()["small"].MarshalBinary()
	require.NoError(t, err)
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	for n := range data {
		require.Error(t, w.UnmarshalBinary(data[:n]), "cut after %d bytes", n)
	}
	require.ErrorIs(t, w.UnmarshalBinary(append(data[:len(data):len(data)], 0)), ErrDamaged)
	require.ErrorIs(t, w.UnmarshalBinary(make([]byte, MaxEncoded+1)), ErrDamaged)
	require.EqualValues(t, 1, w.Estimate(epoch), "the window is as it was")
}

func TestUnmarshalIntoNoWindow(t *testing.T) {
	data := NewWindow(hour, testKey).AppendSince(nil, 0)
	require.ErrorIs(t, new(Window).UnmarshalBinary(data), ErrForeign)
	require.ErrorIs(t, new(Window).UnmarshalBinary(new(Window).AppendSince(nil, 0)), ErrForeign)
}

func TestUnmarshalRefusesExcess(t *testing.T) {
	header := NewWindow(hour, testKey).AppendSince(nil, 0)
	header = header[:len(header)-2]
	body := func(present uint16, parts ...[]byte) []byte {
		b := binary.BigEndian.AppendUint16(append([]byte(nil), header...), present)
		for _, part := range parts {
			b = append(b, part...)
		}
		return b
	}
	uvarint := func(v uint64) []byte { return binary.AppendUvarint(nil, v) }
	registers := func(lowest uint64, first byte) []byte {
		packed := make([]byte, numRegisters/2)
		packed[0] = first
		return append(uvarint(lowest<<1|denseForm), packed...)
	}
	timeless := binary.AppendVarint(append([]byte(nil), header[:len(header)-1]...), math.MaxInt64)
	for name, data := range map[string][]byte{
		"a slot beyond all times":   append(timeless, 0, 0),
		"more slots than there are": body(1 << numSlots),
		"an empty slot":             body(1, uvarint(0)),
		"more keys than bytes":      body(1, uvarint(5000<<1), uvarint(1)),
		"more keys than are small":  body(1, uvarint((maxSmallLen+1)<<1), uvarint(1), bytes.Repeat(uvarint(64), maxSmallLen)),
		"a key twice":               body(1, uvarint(2<<1), uvarint(1), uvarint(0)),
		"a key of rank 0":           body(1, uvarint(1<<1), uvarint(64)),
		"a key of too high a rank":  body(1, uvarint(1<<1), uvarint(maxKeyRank+1)),
		"a key of too many bits":    body(1, uvarint(1<<1), uvarint(1<<32+1)),
		"no registers":              body(1, uvarint(denseForm)),
		"registers too high":        body(1, registers(maxRank, 0x10)),
		"a lowest rank too high":    body(1, registers(maxRank+1, 0)),
		"an escape without rank":    body(1, registers(0, 0xf0)),
		"an escape too high":        body(1, registers(0, 0xf0), []byte{maxRank + 1}),
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, NewWindow(hour, testKey).UnmarshalBinary(data), ErrDamaged)
		})
	}
	require.NoError(t, NewWindow(hour, testKey).UnmarshalBinary(body(1, registers(0, 0xf0), []byte{maxRank})))
}

// TestEncodingHoldsNoKey: neither the key nor a whole hash of a user.
func TestEncodingHoldsNoKey(t *testing.T) {
	w := NewWindow(hour, testKey)
	hash := user(1)
	w.Insert(hash, epoch, epoch)
	data, err := w.MarshalBinary()
	require.NoError(t, err)
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		require.NotContains(t, string(data), string(order.AppendUint64(nil, hash)))
	}
	for i := 0; i+4 <= len(testKey); i++ {
		require.NotContains(t, string(data), string(testKey[i:i+4]))
	}
}

// FuzzUnmarshal: what is read is written again as the same window, counts on
// and merges; what is refused leaves the window as it was.
func FuzzUnmarshal(f *testing.F) {
	// Small ones alone: of 64 KiB of registers a fuzzer changes nothing that
	// matters, and takes ages.
	for i, n := range []int{0, 1, 40} {
		w := NewWindow(hour, testKey)
		for slot := range i {
			at := epoch.Add(time.Duration(5*slot) * slotLength)
			insert(w, newRand(uint64(slot)), n, at, at)
		}
		f.Add(w.AppendSince(nil, 0), int64(i))
	}
	f.Add(NewWindow(24*hour, testKey).AppendSince(nil, 0), int64(1))
	f.Add([]byte{encodingVersion, precision}, int64(-1))
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		now := epoch.Add(time.Duration(seconds%1e6) * time.Second)
		w := NewWindow(hour, testKey)
		w.Insert(user(1), now, now)
		if err := w.UnmarshalBinary(data); err != nil {
			require.EqualValues(t, 1, w.Estimate(now))
			require.EqualValues(t, 1, w.Revision())
			return
		}
		again := NewWindow(hour, testKey)
		require.NoError(t, again.UnmarshalBinary(w.AppendSince(nil, 0)))
		for i := range w.slots {
			require.Equal(t, contents(w.slots[i]), contents(again.slots[i]))
		}
		other := NewWindow(hour, testKey)
		require.NoError(t, other.Merge(w, now))
		other.Insert(user(2), now, now)
		require.Positive(t, other.Estimate(now))
		w.Insert(user(2), now, now)
		require.Positive(t, w.Estimate(now))
	})
}
