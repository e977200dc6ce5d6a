package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// FuzzLineAfterLine: what a batch has read before, and what was announced to it,
// changes nothing of a line's record: neither the guess of which member comes
// next, nor the room that is kept.
func FuzzLineAfterLine(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"type":"audit","event":"x","user_id":"1"}`, `{"type":"audit","event":"x","user_id2":"1"}`},
		{`{"type":"audit","event":"x"}`, `{"type":"audit","event" : "x"}`},
		{`{"type":"audit","event":"x"}`, `{"type": "audit", "event": "x"}`},
		{`{"type":"audit","event":"x"}`, `{"type":"audit","event": `},
		{`{"type":"audit","event":"x"}`, `{"type":"audit","event":`},
		{`{"type":"audit","event":"x"}`, `{"type":"audit","\u0065vent":"y","event":"x"}`},
		{`{"name":"x","properties":{"user_id":"1","path":"/"}}`, `{"name":"x","properties":{"path":"/","user_id":"1","path":"/a"},"properties":{"user_id":"2"}}`},
		{`{"name":"x","properties":{"user_id":"1"}}`, `{"properties":{},"name":"x","user_id":"1"}`},
		{`{"type":"audit","event":"x"}`, `plain`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]), 2, 100)
	}
	p, err := NewParser(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, before, line []byte, count, size int) {
		used, fresh := p.NewBatch(), p.NewBatch()
		used.Expect(min(count, 1000), size)
		used.Add(Line{Text: before}, &Origin{}, observed)
		used.Take()
		got, want := used.Add(Line{Text: line}, &Origin{}, observed), fresh.Add(Line{Text: line}, &Origin{}, observed)
		if got != want {
			t.Fatalf("%q after %q: got %v, want %v", line, before, got, want)
		}
		var m plog.JSONMarshaler
		gotText, err := m.MarshalLogs(used.Take())
		require.NoError(t, err)
		wantText, err := m.MarshalLogs(fresh.Take())
		require.NoError(t, err)
		assert.Equal(t, string(wantText), string(gotText))
	})
}
