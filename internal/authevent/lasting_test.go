package authevent

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// A lasting line makes the same record as one that is copied; and of a line that
// is copied nothing is left to the caller's buffer.
func TestLastingLines(t *testing.T) {
	var input [][]byte
	for _, source := range Sources() {
		input = append(input, lines(t, "testdata/"+source+".ndjson")...)
	}
	input = append(input, []byte("plain"), []byte("\ufeff{\"event\":\"a\"}"), []byte("{\"event\":\"\xff\"}"), []byte(" "), nil)
	parser, err := NewParser(Options{})
	require.NoError(t, err)
	records := func(lasting bool) []byte {
		b := parser.NewBatch()
		buffer := []byte(nil)
		for i, line := range input {
			text := line
			if !lasting {
				buffer = append(buffer[:0], line...)
				text = buffer
			}
			b.Add(Line{Text: text, Lasting: lasting, Offset: int64(i)}, &Origin{ID: 1}, time.Unix(1, 0))
			for i := range buffer {
				buffer[i] = '#'
			}
		}
		out, err := (&plog.JSONMarshaler{}).MarshalLogs(b.Take())
		require.NoError(t, err)
		return out
	}
	assert.True(t, bytes.Equal(records(false), records(true)))
}
