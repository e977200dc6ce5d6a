// Package line makes the lines of the fault tests: events as Hera writes them,
// each with a sequence number of its own, so that what arrives can be compared
// with what was written.
package line

import (
	"strconv"
	"strings"
)

const (
	// prefix marks a client_id that is a sequence number. pii_scrub leaves
	// client_id as it is, and it comes out as an attribute: no test has to
	// take a body apart.
	prefix = "seq-"
	// filler marks a line that only takes up room.
	filler = "filler"
	// maxPad varies the length of the lines, so that no buffer's end meets
	// the same place of a line each time.
	maxPad = 300
)

var pad = strings.Repeat("x", maxPad)

// Append appends the line with a sequence number, with its line end. Lines are
// between 150 and 450 bytes long.
func Append(dst []byte, sequence int) []byte {
	dst = append(dst, `{"type":"analytics","event":"auth.pkce.completed","client_id":"`+prefix...)
	dst = strconv.AppendInt(dst, int64(sequence), 10)
	dst = append(dst, `","domain":"ciam","duration_ms":1834,"timestamp":"2026-04-06T00:00:00.000Z","note":"`...)
	dst = append(dst, pad[:sequence*7919%maxPad]...) // a prime, so that neighbours differ
	return append(dst, "\"}\n"...)
}

// Range returns the lines from a sequence number up to another, which is not
// included.
func Range(from, to int) []byte {
	var lines []byte
	for sequence := from; sequence < to; sequence++ {
		lines = Append(lines, sequence)
	}
	return lines
}

// Filler returns one line without a sequence number, the same each time, size
// bytes long with its line end; size is at least 200.
func Filler(size int) []byte {
	const (
		head = `{"type":"analytics","event":"auth.pkce.started","client_id":"` + filler + `","timestamp":"2026-04-06T00:00:00.000Z","note":"`
		tail = "\"}\n"
	)
	return []byte(head + strings.Repeat("y", max(0, size-len(head)-len(tail))) + tail)
}

// Sequence reads a sequence number from a client_id.
func Sequence(clientID string) (int, bool) {
	digits, ok := strings.CutPrefix(clientID, prefix)
	if !ok {
		return 0, false
	}
	sequence, err := strconv.Atoi(digits)
	return sequence, err == nil && sequence >= 0
}

// IsFiller says whether a client_id is that of a filler line.
func IsFiller(clientID string) bool { return clientID == filler }
