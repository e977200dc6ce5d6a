package tail

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUTF16Name(t *testing.T) {
	for head, want := range map[string]string{
		"\xff\xfea\x00":         "UTF-16 (little endian)",
		"\xfe\xff\x00a":         "UTF-16 (big endian)",
		"{\x00\"\x00a\x00":      "UTF-16 (little endian, no byte-order mark)",
		"\x00{\x00\"\x00a":      "UTF-16 (big endian, no byte-order mark)",
		"\x00\x00\x00\x00":      "",
		"a\x00b":                "",
		"plain":                 "",
		"a\x00b\x00c\x00d\x00é": "",
		"":                      "",
	} {
		assert.Equal(t, want, utf16Name([]byte(head)), "%q", head)
	}
}

// FuzzCut cuts data in two reads at any place, and compares with one read.
func FuzzCut(f *testing.F) {
	f.Add([]byte("one\r\ntwo\n\nhal"), 5, true)
	f.Add([]byte("{\"n\":1}"), 3, false)
	f.Add([]byte("\x00\x00a\n\x00\nb\x00\n"), 2, true)
	f.Add(append(bytes.Repeat([]byte("x"), 2*MinLineSize), "\nafter\n"...), MinLineSize+2, true)
	f.Fuzz(func(t *testing.T, data []byte, at int, forGood bool) {
		if at < 0 || at > len(data) {
			return
		}
		c := cutter{maxSize: 16, maxLines: 3}
		end := endForNow
		if forGood {
			end = endForGood
		}
		whole, n, _ := cutAll(t, c, nil, data, 0, atLineStart, end)
		first, n1, in := cutAll(t, c, nil, data[:at], 0, atLineStart, moreFollows)
		both, n2, _ := cutAll(t, c, first, data[n1:], int64(n1), in, end)
		require.Equal(t, n, n1+n2)
		require.Len(t, both, len(whole))
		for i, l := range whole {
			require.Equal(t, l.Offset, both[i].Offset)
			require.Equal(t, l.Truncated, both[i].Truncated)
			require.Equal(t, string(l.Text), string(both[i].Text))
			// A line is what stands at its offset.
			require.True(t, bytes.HasPrefix(data[l.Offset:], l.Text))
			require.NotContains(t, string(l.Text), "\n")
		}
		if forGood {
			require.Equal(t, len(data), n)
		}
	})
}

// cutAll calls cut until it stops.
func cutAll(t *testing.T, c cutter, lines []Line, data []byte, offset int64, in lineState, end dataEnd) ([]Line, int, lineState) {
	total := 0
	for {
		more, n, next := c.cut(nil, data[total:], offset+int64(total), in, end)
		require.LessOrEqual(t, len(more), c.maxLines)
		lines, in = append(lines, more...), next
		total += n
		if n == 0 {
			require.Less(t, len(data)-total, c.maxSize+lineEnd)
			return lines, total, in
		}
	}
}

// A line of the maximum size is not cut before its end has come, in pieces too.
func TestCutWaitsForTheEndOfTheLongest(t *testing.T) {
	c := cutter{maxSize: 8, maxLines: 10}
	for _, data := range []string{"12345678", "12345678\r"} {
		lines, n, in := c.cut(nil, []byte(data), 0, atLineStart, endForNow)
		assert.Empty(t, lines, "%q", data)
		assert.Zero(t, n)
		lines, _, _ = c.cut(nil, []byte(data+"\n"), 0, in, endForNow)
		require.Len(t, lines, 1)
		assert.Equal(t, Line{Text: []byte("12345678")}, lines[0])
	}
	lines, n, in := c.cut(nil, []byte("1234567890"), 0, atLineStart, moreFollows)
	require.Len(t, lines, 1)
	assert.True(t, lines[0].Truncated)
	assert.Equal(t, 10, n)
	assert.Equal(t, inLongLine, in)
}
