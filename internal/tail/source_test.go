package tail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file that is truncated between two reads of one turn, and written again
// beyond where reading stands, shows by what stands before that.
func TestTruncatedBetweenReads(t *testing.T) {
	for name, test := range map[string]struct {
		now  string
		want error
	}{
		"appended to":    {numbered(0, 10) + "more", nil},
		"as it was":      {numbered(0, 10), nil},
		"shorter":        {numbered(0, 3), errTruncated},
		"empty":          {"", errTruncated},
		"longer":         {numbered(1, 20), errTruncated},
		"as long":        {strings.Repeat("x", len(numbered(0, 10))), errTruncated},
		"a hole instead": {strings.Repeat("\x00", 500), errTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, numbered(0, 10))
			file, err := os.Open(path)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, file.Close()) })
			src := &plainSource{file: file}
			w := &window{buf: make([]byte, bufferSize)}
			n, end, err := src.fill(w)
			require.NoError(t, err)
			require.Equal(t, endForNow, end)
			require.Equal(t, len(numbered(0, 10)), n)
			write(t, path, test.now)
			n, _, err = src.fill(w)
			require.ErrorIs(t, err, test.want)
			if test.want == nil {
				assert.Equal(t, test.now, string(w.buf[:w.end]))
				assert.Equal(t, len(test.now)-len(numbered(0, 10)), n)
			}
		})
	}
}

func TestWindowGrowsForLongLinesOnly(t *testing.T) {
	w := &window{buf: make([]byte, bufferSize), end: bufferSize, pos: bufferSize}
	w.makeRoom(1 << 20)
	assert.Len(t, w.buf, bufferSize)
	assert.Equal(t, maxDigested, w.pos, "what tells the place stays")
	assert.EqualValues(t, bufferSize, w.offset())
	w.end = bufferSize
	w.makeRoom(1 << 20)
	assert.Len(t, w.buf, 2*bufferSize)
	w.end = len(w.buf)
	for range 5 {
		w.makeRoom(1 << 20)
	}
	assert.Len(t, w.buf, 1<<20)

	var b buffers
	b.put(w.buf)
	assert.Len(t, b.get(), bufferSize, "one that has grown is not kept")
}
