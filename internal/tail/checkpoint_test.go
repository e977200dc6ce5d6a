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

func FuzzDecodeEntry(f *testing.F) {
	for _, e := range []entry{testEntry, {}, {path: "a"}} {
		f.Add(encodeEntry(&e))
	}
	f.Add([]byte{})
	f.Add([]byte(strings.Repeat("\xff", 200)))
	f.Fuzz(func(t *testing.T, value []byte) {
		if e, err := decodeEntry(value); err == nil {
			again, err := decodeEntry(encodeEntry(e))
			require.NoError(t, err)
			require.Equal(t, *e, *again)
			require.GreaterOrEqual(t, e.offset, int64(e.tail.size))
		}
	})
}
