package ingest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// Records may be views of lines that last, and of no others: not of the
// unwrapper's buffer, nor of what the caller uses again.
func TestRecordsOfLinesThatLast(t *testing.T) {
	plain := hera
	docker := `{"log":"{\"type\":\"audit\",\"event\":\"pkce_failed\",\"client_id\":\"app-%d\"}\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`
	for _, lasting := range []bool{false, true} {
		sink := new(consumertest.LogsSink)
		in := newRunning(t, sink)
		handle := in.Open(tail.Origin{})
		var want []string
		for i := range 3 {
			l := linesOf(plain, fmt.Sprintf(docker, i))
			l.Lasting = lasting
			require.NoError(t, handle(context.Background(), l))
			for _, r := range recordsOf(sink)[len(want):] {
				want = append(want, string([]byte(r.Body().Str())))
			}
			if !lasting {
				clear(l.Lines[0].Text)
			}
			clear(l.Lines[1].Text) // a wrapped line's text is copied in any case
		}
		require.Len(t, want, 6)
		for i, r := range recordsOf(sink) {
			assert.Equal(t, want[i], r.Body().Str())
			assert.Contains(t, r.Body().Str(), "pkce_failed")
		}
	}
}
