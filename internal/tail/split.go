package tail

import (
	"bytes"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// splitLines is a bufio.SplitFunc. A token is a line together with its end, so
// that a token without one is known for what it is: a piece of a line longer
// than fileconsumer's maximum (which cuts it to exactly that size), or the
// file's last line if that is complete without an end.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && isWholeObject(data) {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// isWholeObject says whether data is one complete JSON object. No continuation
// but white space would leave it valid, so a writer is done with it.
func isWholeObject(data []byte) bool {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if len(data) < 2 || data[0] != '{' || data[len(data)-1] != '}' {
		return false
	}
	return jsonscan.Valid(string(data)) == jsonscan.OK
}
