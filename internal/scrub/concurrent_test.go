package scrub

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// Nothing of a batch is in a buffer that the next one is scrubbed in, and keys
// that are read again meanwhile change nothing.
func TestConcurrentBatchesShareNoMemory(t *testing.T) {
	p := testPolicy()
	p.KeepPIIFields, p.Verify, p.Annotate = true, 0.5, true
	s := newTest(t, p)
	batch := func(n int) plog.Logs {
		id := "user-" + strings.Repeat(strconv.Itoa(n), 9)
		return oneRecord(kindFields, func(lr plog.LogRecord) {
			lr.SetEventName("of " + id)
			lr.Body().SetStr(`{"id":"` + id + `","ua":"Mozilla/5.0 Chrome/12` + strconv.Itoa(n) + `.0","path":"/a` + strconv.Itoa(n) + `/` + id +
				`","url":"https://h` + strconv.Itoa(n) + `.example/x","n":"{\"a\":\"x` + strconv.Itoa(n) + `@example.com\"}","ip":"192.0.2.` + strconv.Itoa(n) + `"}`)
			lr.Attributes().PutStr(attr.UserID, id)
			lr.Attributes().PutStr(attr.UserAgentOriginal, "Mozilla/5.0 Chrome/12"+strconv.Itoa(n)+".0")
			lr.Attributes().PutStr(attr.URLPath, "/b"+strconv.Itoa(n)+"/"+id)
		})
	}
	var want []string
	for n := range 10 {
		ld := batch(n)
		require.Zero(t, s.Logs(ld).Dropped)
		want = append(want, marshal(t, ld))
	}
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range 20 {
				var batches []plog.Logs
				for n := range want {
					batches = append(batches, batch(n))
					s.Logs(batches[n])
				}
				for n := range want { // after the later ones were scrubbed
					assert.Equal(t, want[n], marshal(t, batches[n]))
				}
			}
		})
	}
	for range 50 {
		assert.NoError(t, s.SetKeys(p.Keys))
	}
	workers.Wait()
}
