package wrapper

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A line is in place only if its text is the caller's, whole: not what stands in
// a buffer of the Unwrapper, which is written to again.
func TestInPlace(t *testing.T) {
	for _, format := range formats {
		u := New(format, maxLine)
		inPlace := 0
		for _, text := range samples(t) {
			if len(text) == 0 {
				continue
			}
			for _, line := range u.Add(nil, text, 0, false) {
				if line.InPlace {
					inPlace++
					require.Len(t, line.Text, len(text))
					assert.Same(t, &text[0], &line.Text[0])
				}
			}
			for _, line := range u.Flush(nil) {
				assert.False(t, line.InPlace, "a joined line")
			}
			u.Release()
		}
		if format != CloudWatch && format != OktaEventHook { // which are for bodies, and copied
			assert.Positive(t, inPlace, "%s: lines without a wrapper", format)
		}
	}
}

func TestUnwrappedLinesAreNotInPlace(t *testing.T) {
	for format, wrapped := range map[Format][]string{
		Docker: {`{"log":"{\"a\":1}\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`},
		CRI: {
			"2026-05-20T10:00:00Z stdout F " + hera,
			"2026-05-20T10:00:00Z stdout P " + hera[:9], "2026-05-20T10:00:00Z stdout F " + hera[9:],
		},
		Compose: {"web-1  | " + hera},
	} {
		for _, f := range []Format{format, Auto} {
			u := New(f, maxLine)
			lines := 0
			for _, text := range wrapped {
				for _, line := range u.Add(nil, []byte(text), 0, false) {
					lines++
					assert.False(t, line.InPlace, "%s: %s", f, line.Text)
				}
			}
			assert.Positive(t, lines, f)
		}
	}
}
