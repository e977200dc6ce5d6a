//go:build unix

package remotewrite

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestDocumentedQueries: each query of docs/destinations/prometheus.md has a result
// on the sample, of which a third comes after the first counts: rate() sees nothing
// of a series that begins with its last value.
func TestDocumentedQueries(t *testing.T) {
	t.Parallel()
	_, queries, found := strings.Cut(e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "destinations", "prometheus.md")), "## Queries")
	require.True(t, found)
	server := e2etest.NewPrometheus(t)
	w := newWriter(t, server, filepath.Join(t.TempDir(), "*.ndjson"))
	for i, share := range []int{2, 3} {
		for _, file := range e2etest.Samples(t) {
			lines := strings.SplitAfter(e2etest.ReadFile(t, file), "\n")
			to := filepath.Join(filepath.Dir(w.files), filepath.Base(file))
			appendText(t, to, strings.Join(lines[i*len(lines)*2/3:share*len(lines)/3], ""))
		}
		if i == 0 {
			w.start(t)
			server.Await("count(auth_rate_limit_hits_total)", func(v e2etest.Vector) bool { return v["{}"] > 0 })
		}
	}
	requireCounts(t, server, e2etest.Samples(t)...)
	n := 0
	for _, block := range strings.Split(queries, "```promql\n")[1:] {
		query, _, _ := strings.Cut(block, "```")
		n++
		assert.Eventually(t, func() bool {
			v, err := server.Query(query)
			return err == nil && len(v) > 0
		}, e2etest.Patience, 100*time.Millisecond, query)
	}
	assert.GreaterOrEqual(t, n, 5)
	e2etest.Stop(t, w.Process)
}
