package wrapper

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const pieceSize = 16 << 10 // where Docker and CRI runtimes cut

// wrap writes a text as a wrapper's own writer does: the physical lines.
type wrap func(t testing.TB, text, stream string) []string

func quote(t testing.TB, s string) string { // with HTML escaped, as Docker has it
	out, err := json.Marshal(s)
	require.NoError(t, err)
	return string(out)
}

func writeDocker(t testing.TB, text, stream string) (lines []string) {
	object := func(log string) string {
		return `{"log":` + quote(t, log) + `,"stream":"` + stream + `","time":"2026-05-20T10:00:00.1Z"}`
	}
	for len(text) > pieceSize {
		n := pieceSize
		for !utf8.RuneStart(text[n]) { // Docker itself replaces what it cuts apart
			n--
		}
		lines = append(lines, object(text[:n]))
		text = text[n:]
	}
	return append(lines, object(text+"\n"))
}

func writeCRI(_ testing.TB, text, stream string) (lines []string) {
	for len(text) > pieceSize {
		lines = append(lines, "2026-05-20T10:00:00.1+02:00 "+stream+" P "+text[:pieceSize])
		text = text[pieceSize:]
	}
	return append(lines, "2026-05-20T10:00:00.1+02:00 "+stream+" F "+text)
}

func writeCompose(_ testing.TB, text, _ string) []string {
	return []string{"ciam-hera-1  | 2026-05-20T10:00:00.000000000Z " + text}
}

func writeJournald(t testing.TB, text, _ string) []string {
	message := ""
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
		message = quote(t, text)
	} else {
		numbers := make([]int, len(text))
		for i := range len(text) {
			numbers[i] = int(text[i])
		}
		out, err := json.Marshal(numbers)
		require.NoError(t, err)
		message = string(out)
	}
	return []string{fmt.Sprintf(`{"_PID":"1",%s,"MESSAGE":%s}`, cursor, message)}
}

func writeCloudWatch(t testing.TB, text, stream string) []string {
	return []string{fmt.Sprintf(`%s{"id":"1","timestamp":1779271200000,"message":%s}]}{"messageType":"CONTROL_MESSAGE","logGroup":"","logStream":%q,"logEvents":[]}`,
		data, quote(t, text), stream)}
}

// randomText has what makes trouble in one wrapper or another. Without raw it is
// valid UTF-8. It never ends in a carriage return, which is part of a line end.
func randomText(r *rand.Rand, raw bool) string {
	alphabet := []string{`"`, `\`, `\n`, "\t", "\x00", "\x1b[0m", "\x7f", "é", "😀", "\u2028", "<&>", "{", "}", " ", " | ", "a", `{"type":"audit"}`, "stdout F ", "\ufffd"}
	if raw {
		alphabet = append(alphabet, "\xff", "\xc3", "\xed\xa0\x80", "\r")
	}
	var b strings.Builder
	words := r.IntN(20)
	if r.IntN(8) == 0 {
		words = r.IntN(20_000) // several pieces
	}
	for range words {
		b.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return b.String() + "."
}

// TestRoundTrip: whatever is wrapped comes back byte for byte, set by name and
// in Auto, with pieces of two streams between each other.
func TestRoundTrip(t *testing.T) {
	for name, tc := range map[string]struct {
		format Format
		write  wrap
		raw    bool
		auto   bool
	}{
		"docker":     {Docker, writeDocker, false, true},
		"cri":        {CRI, writeCRI, true, true},
		"compose":    {Compose, writeCompose, true, true},
		"journald":   {Journald, writeJournald, true, true},
		"cloudwatch": {CloudWatch, writeCloudWatch, false, false}, // Auto would unwrap a text that is wrapped by chance
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			units := []*Unwrapper{New(tc.format, maxLine)}
			if tc.auto {
				units = append(units, New(Auto, maxLine))
			}
			for round := range 300 {
				out, errs := randomText(r, tc.raw), randomText(r, tc.raw)
				left, right := tc.write(t, out, "stdout"), tc.write(t, errs, "stderr")
				for _, u := range units {
					texts := map[string]int{}
					for _, line := range addShuffled(r, u, left, right) {
						texts[line]++
					}
					want := map[string]int{out: 1}
					want[errs]++
					require.True(t, maps.Equal(want, texts), "round %d: texts of %d and %d bytes", round, len(out), len(errs))
					_, held := u.Held()
					require.False(t, held)
				}
			}
		})
	}
}

// addShuffled adds the lines of two writers, each in its order, in one buffer
// that is overwritten for each line, and returns the texts.
func addShuffled(r *rand.Rand, u *Unwrapper, left, right []string) (texts []string) {
	var buffer []byte
	for len(left)+len(right) > 0 {
		from := &left
		if len(left) == 0 || len(right) > 0 && r.IntN(2) == 0 {
			from = &right
		}
		buffer = append(buffer[:0], (*from)[0]...)
		*from = (*from)[1:]
		for _, l := range u.Add(nil, buffer, 0, false) {
			texts = append(texts, string(l.Text))
		}
		u.Release()
	}
	return texts
}
