package tail

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testEntry = entry{
	key: fileKey{dev: 1 << 40, ino: 7, birthSec: -1, birthNsec: 999}, generation: 3, id: 1<<64 - 1,
	path: "/var/log/a.log", head: digest{size: 1000, sum: [16]byte{1}},
	position: position{offset: 1 << 50, in: beforeLineEnd, tail: digest{size: 12, sum: [16]byte{2}}},
	size:     1 << 50, mtime: -5, ended: true, superseded: true, gone: 1_700_000_000,
}

func TestEntryRoundTrip(t *testing.T) {
	for _, e := range []entry{testEntry, {}, {path: strings.Repeat("x", 5000)}} {
		got, err := decodeEntry(encodeEntry(&e))
		require.NoError(t, err)
		assert.Equal(t, e, *got)
	}
}

func TestSealedValueRefusesDamage(t *testing.T) {
	const key = "tail/file/000001"
	sealed := seal(key, encodeEntry(&testEntry))
	for i := range sealed {
		for bit := range 8 {
			damaged := append([]byte(nil), sealed...)
			damaged[i] ^= 1 << bit
			_, err := unseal(key, damaged)
			require.Error(t, err, "byte %d, bit %d", i, bit)
		}
		_, err := unseal(key, sealed[:i])
		require.Error(t, err, "cut after %d bytes", i)
	}
	_, err := unseal("tail/file/000002", sealed)
	require.ErrorIs(t, err, errDamaged, "the value of another key")
	other := append([]byte{formatVersion + 1}, sealed[1:len(sealed)-4]...)
	other = appendChecksum(key, other)
	_, err = unseal(key, other)
	require.ErrorIs(t, err, errVersion)
}

func FuzzDecodeEntry(f *testing.F) {
	for _, e := range []entry{testEntry, {}, {path: "a"}} {
		f.Add(encodeEntry(&e), uint16(0))
		f.Add(encodeEntry(&e), uint16(77))
	}
	f.Add([]byte{}, uint16(1))
	f.Add([]byte(strings.Repeat("\xff", 200)), uint16(3))
	f.Fuzz(func(t *testing.T, value []byte, flip uint16) {
		if e, err := decodeEntry(value); err == nil {
			again, err := decodeEntry(encodeEntry(e))
			require.NoError(t, err)
			require.Equal(t, *e, *again)
			require.GreaterOrEqual(t, e.offset, int64(e.tail.size))
		}
		sealed := seal("key", value)
		got, err := unseal("key", sealed)
		require.NoError(t, err)
		require.Equal(t, string(value), string(got))
		bit := int(flip) % (8 * len(sealed))
		sealed[bit/8] ^= 1 << (bit % 8)
		_, err = unseal("key", sealed)
		require.Error(t, err)
	})
}
