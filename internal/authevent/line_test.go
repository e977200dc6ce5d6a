package authevent

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The strings stay as they are, whatever comes after them, and hold nothing of
// the caller's buffer.
func TestTexts(t *testing.T) {
	var all texts
	var want, got []string
	buffer := make([]byte, 2*maxRoom)
	for i := range 3000 {
		n := (i * 37) % 700
		if i%500 == 0 {
			n = maxRoom/4 + i // by itself
		}
		line := buffer[:n]
		for k := range line {
			line[k] = byte('a' + i%26)
		}
		want = append(want, strings.Repeat(string(rune('a'+i%26)), n))
		got = append(got, all.text(line))
	}
	assert.Equal(t, want, got)
	assert.LessOrEqual(t, all.room.Cap(), 2*maxRoom, "what one record can keep alive")
}

// What is announced gets room for just that; what follows gets room as well.
func TestTextsAnnounced(t *testing.T) {
	line := []byte(strings.Repeat("x", 1000))
	announced := texts{left: 3 * len(line)}
	for range 3 {
		assert.Equal(t, string(line), announced.text(line))
		assert.InDelta(t, 3*len(line), announced.room.Cap(), 200, "one room for all, of a size of the allocator's")
	}
	assert.Zero(t, announced.left)
	assert.Equal(t, string(line), announced.text(line))

	announced.left = 100 * maxRoom
	for range maxRoom / len(line) {
		announced.text(line)
	}
	assert.LessOrEqual(t, announced.room.Cap(), maxRoom, "what one record can keep alive")
}

// A batch of one line takes the room of one line.
func TestTextsOfOneLine(t *testing.T) {
	line := []byte(strings.Repeat("x", 150))
	bytes := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var one texts
			one.text(line)
		}
	}).AllocedBytesPerOp()
	assert.Less(t, bytes, int64(512))
}
