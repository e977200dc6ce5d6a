package wrapper

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func criLine(second, stream, tag, text string) string {
	return "2026-05-20T10:00:0" + second + "Z " + stream + " " + tag + " " + text
}

func dockerLine(second, stream, log string) string {
	return `{"log":"` + log + `","stream":"` + stream + `","time":"2026-05-20T10:00:0` + second + `Z"}`
}

func at(second int) time.Time { return ten.Add(time.Duration(second) * time.Second) }

func TestJoins(t *testing.T) {
	for name, tc := range map[string]struct {
		lines []string
		want  []got
	}{
		"of three parts, time and offset of the first": {
			[]string{"plain", criLine("1", "stdout", "P", "a "), criLine("2", "stdout", "P:x", " b"), criLine("3", "stdout", "F", "c"), criLine("4", "stdout", "F", "d")},
			[]got{{Text: "plain"}, {Text: "a  bc", Offset: 100, Time: at(1)}, {Text: "d", Offset: 400, Time: at(4)}},
		},
		"streams apart": {
			[]string{criLine("1", "stdout", "P", "a"), criLine("2", "stderr", "P", "x"), criLine("3", "stdout", "F", "b"), criLine("4", "stderr", "F", "y")},
			[]got{{Text: "ab", Time: at(1)}, {Text: "xy", Offset: 100, Time: at(2)}},
		},
		"a whole line of the other stream between": {
			[]string{dockerLine("1", "stdout", "a"), dockerLine("2", "stderr", `x\n`), dockerLine("3", "stdout", `b\n`)},
			[]got{{Text: "x", Offset: 100, Time: at(2)}, {Text: "ab", Time: at(1)}},
		},
		"lines of no stream between": {
			[]string{dockerLine("1", "stdout", "a"), "ciam-hera | {}", "plain", dockerLine("3", "stdout", `b\r\n`)},
			[]got{{Text: "{}", Offset: 100}, {Text: "plain", Offset: 200}, {Text: "ab", Time: at(1)}},
		},
		"an empty last part": {
			[]string{criLine("1", "stdout", "P", "a"), criLine("1", "stdout", "F", "")},
			[]got{{Text: "a", Time: at(1)}},
		},
		"flushed, earliest first": {
			[]string{criLine("1", "stderr", "P", "x"), criLine("2", "stdout", "P", "a"), criLine("3", "stdout", "P", "b")},
			[]got{{Text: "x", Time: at(1)}, {Text: "ab", Offset: 100, Time: at(2)}},
		},
		"docker, cut": {
			[]string{dockerLine("1", "stdout", "0123456"), dockerLine("2", "stdout", "789ABC"), dockerLine("3", "stdout", "DEF"), dockerLine("4", "stdout", `G\n`), dockerLine("5", "stdout", `next\n`)},
			[]got{{Text: "0123456789", Time: at(1), Truncated: true}, {Text: "next", Offset: 400, Time: at(5)}},
		},
		"exactly the maximum": {
			[]string{criLine("1", "stdout", "P", "01234"), criLine("2", "stdout", "F", "56789")},
			[]got{{Text: "0123456789", Time: at(1)}},
		},
		"one part above the maximum": { // a line that is not joined is the caller's to bound
			[]string{criLine("1", "stdout", "F", "0123456789A"), criLine("2", "stdout", "P", "0123456789A"), criLine("3", "stdout", "F", "B")},
			[]got{{Text: "0123456789A", Time: at(1)}, {Text: "0123456789", Offset: 100, Time: at(2), Truncated: true}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, add(New(Auto, shortMax), tc.lines...))
		})
	}
}

func TestCutPartMarksTheJoinedLine(t *testing.T) {
	u := New(CRI, maxLine)
	for _, cut := range [][2]bool{{true, false}, {false, true}, {false, false}} {
		assert.Empty(t, u.Add(nil, []byte(criLine("1", "stdout", "P", "a")), 0, cut[0]))
		all := of(u.Add(nil, []byte(criLine("2", "stdout", "F", "b")), 100, cut[1]))
		assert.Equal(t, []got{{Text: "ab", Time: at(1), Truncated: cut[0] || cut[1]}}, all)
	}
}

func TestHeld(t *testing.T) {
	u := New(CRI, maxLine)
	var lines []Line
	for i, step := range []struct {
		line   string
		offset int64
		held   bool
	}{
		{criLine("0", "stdout", "F", "whole"), 0, false},
		{criLine("0", "stderr", "P", "a"), 100, true},
		{criLine("0", "stdout", "P", "b"), 100, true},
		{criLine("0", "stdout", "F", "c"), 100, true},
		{criLine("0", "stdout", "P", "d"), 100, true},
		{criLine("0", "stderr", "F", "e"), 400, true},
		{criLine("0", "stderr", "P", "f"), 400, true},
		{criLine("0", "stdout", "F", "g"), 600, true},
		{criLine("0", "stderr", "F", "h"), 0, false},
	} {
		lines = u.Add(lines[:0], []byte(step.line), int64(i)*100, false)
		u.Release()
		offset, held := u.Held()
		assert.Equal(t, step.held, held, "line %d", i)
		assert.Equal(t, step.offset, offset, "line %d", i)
	}
}

// A part whose rest never comes does not hold the position for ever; a line of
// many parts, and one that the other stream interrupts now and then, stays whole.
func TestHeldForSoManyLines(t *testing.T) {
	u := New(CRI, maxLine)
	var offset int64
	next := func(stream, tag string) []got {
		defer u.Release()
		offset++
		return of(u.Add(nil, []byte(criLine("1", stream, tag, "x")), offset, false))
	}
	assert.Empty(t, next("stderr", "P"))
	for range 2 * maxBetween { // parts of one's own do not count
		assert.Empty(t, next("stderr", "P"))
	}
	for range maxBetween {
		assert.Len(t, next("stdout", "F"), 1)
	}
	first, held := u.Held()
	assert.True(t, held)
	assert.EqualValues(t, 1, first)

	last := next("stdout", "F")
	assert.Len(t, last, 2)
	assert.Equal(t, got{Text: strings.Repeat("x", 2*maxBetween+1), Offset: 1, Time: at(1)}, last[1])
	_, held = u.Held()
	assert.False(t, held)
	assert.Equal(t, "x", next("stderr", "F")[0].Text, "the rest is a line of its own")

	assert.Empty(t, next("stderr", "P"), "counting begins anew")
	for range maxBetween {
		assert.Len(t, next("stdout", "F"), 1)
	}
	assert.Equal(t, "xx", next("stderr", "F")[0].Text)
}

func TestFlushEmpties(t *testing.T) {
	u := New(CRI, maxLine)
	u.Add(nil, []byte(criLine("1", "stdout", "P", "a")), 0, false)
	assert.Len(t, u.Flush(nil), 1)
	_, held := u.Held()
	assert.False(t, held)
	assert.Empty(t, u.Flush(nil))
}

// TestPartsAreCopies: neither Release nor a caller who uses its buffer again
// changes what is held.
func TestPartsAreCopies(t *testing.T) {
	for _, lines := range [][2]string{
		{criLine("1", "stdout", "P", "first "), criLine("2", "stdout", "F", "second")},
		{dockerLine("1", "stdout", `first\u0020`), dockerLine("2", "stdout", `second\n`)},
	} {
		u := New(Auto, maxLine)
		text := []byte(lines[0])
		assert.Empty(t, u.Add(nil, text, 0, false))
		clear(text)
		u.Release()
		u.Add(nil, []byte(dockerLine("1", "stderr", `over\twritten\n`)), 0, false)
		u.Release()
		assert.Equal(t, []got{{Text: "first second", Time: at(1)}}, of(u.Add(nil, []byte(lines[1]), 100, false)))
	}
}

// TestTextsLastUntilRelease: many texts of the Unwrapper's own, while its buffer
// grows and while joined lines of the same stream follow each other.
func TestTextsLastUntilRelease(t *testing.T) {
	u := New(Auto, maxLine)
	var dst []Line
	var want []string
	for i := range 500 {
		text := strings.Repeat(string(rune('a'+i%26)), i)
		want = append(want, text+"\t"+text)
		dst = u.Add(dst, []byte(dockerLine("1", "stdout", text+`\t`)), 0, false)
		dst = u.Add(dst, []byte(dockerLine("1", "stdout", text+`\n`)), 0, false)
	}
	for i, l := range dst {
		assert.Equal(t, want[i], string(l.Text))
	}
	assert.Len(t, dst, len(want))
}

// TestReleaseCapsBuffers: one long line does not pin its size.
func TestReleaseCapsBuffers(t *testing.T) {
	u := New(CRI, 8*maxKept)
	long := strings.Repeat("x", 2*maxKept)
	u.Add(nil, []byte(criLine("1", "stdout", "P", long)), 0, false)
	u.Release()
	assert.Len(t, u.parts.open[stdout].text, len(long), "what is held stays")
	lines := u.Add(nil, []byte(criLine("1", "stdout", "F", "")), 0, false)
	assert.Len(t, lines[0].Text, len(long))
	u.Release()
	assert.LessOrEqual(t, cap(u.buf), maxKept)
	assert.LessOrEqual(t, cap(u.parts.open[stdout].text), maxKept)
}

// TestHeldIsBounded: parts without an end, of both streams.
func TestHeldIsBounded(t *testing.T) {
	const limit = 64 << 10
	u := New(Auto, limit)
	part := strings.Repeat("x", 16<<10)
	for range 1000 {
		assert.Empty(t, u.Add(nil, []byte(criLine("1", "stdout", "P", part)), 0, false))
		assert.Empty(t, u.Add(nil, []byte(criLine("1", "stderr", "P", part)), 0, false))
	}
	for _, o := range u.parts.open {
		assert.LessOrEqual(t, cap(o.text), 2*limit)
	}
	for _, l := range u.Flush(nil) {
		assert.Len(t, l.Text, limit)
		assert.True(t, l.Truncated)
	}
}
