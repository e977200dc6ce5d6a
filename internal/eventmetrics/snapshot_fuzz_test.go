package eventmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzRestore: whatever bytes come, an engine either refuses them and is as it
// was, or counts on, and what it restored can be stored and restored again.
func FuzzRestore(f *testing.F) {
	c := &manualClock{start}
	e, err := New(kinds(), Settings{Start: start, UniqueKey: testKey, Now: func() time.Time { return c.now }})
	require.NoError(f, err)
	count(e, logs(person("begun", "a"), person("ended", "a"), amounting(0.0), amounting(700.0)))
	f.Add(encoded(f, e))
	f.Add(encoded(f, e)[:100])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		e := newEngine(t, kinds(), &manualClock{start})
		cursor := e.NewCursor("a", Delta)
		if _, err := e.Restore(data, cursor); err != nil {
			require.Empty(t, e.Sums())
			require.Equal(t, start, e.settings.Start)
		}
		before := total(e, "test.events", "", "")
		count(e, logs(amounting(1.0)))
		require.Equal(t, before+1, total(e, "test.events", "", ""))
		collect(e, start.Add(time.Minute), cursor)
		again := newEngine(t, kinds(), &manualClock{start})
		_, err := again.Restore(encoded(t, e, cursor))
		require.NoError(t, err)
		require.Equal(t, before+1, total(again, "test.events", "", ""))
	})
}
