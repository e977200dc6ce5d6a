//go:build unix

package e2e

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const (
	keepsCounts = "yaml:connectors::event_metrics::storage: file_storage"
	challenges  = "auth_captcha_challenges_total"
)

// TestCountsOverARestart: with a storage, counts go on from where they were,
// with the same start time; without one they begin anew, with a new one.
func TestCountsOverARestart(t *testing.T) {
	for name, c := range map[string]struct {
		overlays []string
		want     []float64 // the greatest value of each start time
	}{
		"with storage":    {[]string{keepsCounts}, []float64{7}},
		"without storage": {nil, []float64{4, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "hera.ndjson")
			r := newRun(t, file)
			r.overlays = append([]string{"yaml:connectors::event_metrics::interval: 200ms"}, c.overlays...)
			for i, n := range []int{4, 3} {
				appendLines(t, file, n)
				r.start(t)
				r.read(t, n)
				r.stop(t)
				if i == 0 {
					require.EqualValues(t, 4, slices.Max(maxByStart(t, r)))
				}
			}
			assert.Equal(t, c.want, maxByStart(t, r))
		})
	}
}

// maxByStart is the greatest value that was written of the challenges, for each
// start time in order.
func maxByStart(t *testing.T, r *run) []float64 {
	t.Helper()
	greatest, starts := map[string]float64{}, []string{}
	whole := 0
	for line := range strings.Lines(e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl"))) {
		if !json.Valid([]byte(line)) {
			continue // the file exporter was killed in the middle of it
		}
		whole++
		var p points
		p.add(t, line)
		for _, latest := range p.latest {
			if !strings.HasPrefix(latest.series, "auth.captcha.challenges{") {
				continue
			}
			if _, known := greatest[latest.start]; !known {
				starts = append(starts, latest.start)
			}
			greatest[latest.start] = max(greatest[latest.start], latest.value)
		}
	}
	require.NotZero(t, whole)
	values := make([]float64, len(starts))
	for i, start := range starts {
		values[i] = greatest[start]
	}
	return values
}

// TestCountsOverKills: after SIGKILL what was not stored yet may be missing,
// and nothing counts twice, although the receiver sends lines again.
func TestCountsOverKills(t *testing.T) {
	const kills, stored, late = 3, 20, 5
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	r := newRun(t, file)
	r.overlays = []string{keepsCounts, "yaml:connectors::event_metrics::interval: 200ms"}
	least := 0.0 // what must be there
	written := 0.0
	for range kills {
		appendLines(t, file, stored)
		written += stored
		r.start(t)
		// Of what came late before the last kill, the receiver may or may not
		// have kept its place; both lead to a count between the two.
		counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
			return colproc.Sum(s, challenges) >= least+stored
		})
		require.NoError(t, err, r.Log())
		least = colproc.Sum(counts, challenges)
		assert.LessOrEqual(t, least, written)
		appendLines(t, file, late)
		written += late
		r.read(t, late) // they may be counted, and may be stored
		r.Kill()
	}
	r.start(t)
	require.Eventually(t, func() bool { return len(flushedBy(t, r)) > 0 }, e2etest.Patience, 20*time.Millisecond)
	r.stop(t)
	last := slices.Max(maxByStart(t, r))
	assert.LessOrEqual(t, last, written, "never over")
	assert.GreaterOrEqual(t, last, least, "what was exported is never lost")
	assert.Len(t, maxByStart(t, r), 1, "the start time stays")
	t.Logf("%g of %g lines counted after %d kills", last, written, kills)
}

// flushedBy is what the collector of this run serves of the challenges.
func flushedBy(t *testing.T, r *run) map[string]float64 {
	t.Helper()
	counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func([]colproc.Sample) bool { return true })
	require.NoError(t, err, r.Log())
	return colproc.By(counts, challenges, "auth_source")
}

// TestThreeCollectorsAfterARestart: the sums stay right in Prometheus when one
// collector is stopped and another is killed, and both come back.
func TestThreeCollectorsAfterARestart(t *testing.T) {
	all := startThree(t, keepsCounts)
	all.requireCounts(e2etest.Samples(t)...)
	all.runs[0].stop(t)
	all.runs[1].Kill()
	extra := filepath.Join(all.dirs[0], "extra.ndjson")
	appendLines(t, extra, 6)
	all.runs[0].start(t)
	all.runs[1].start(t)
	all.requireCounts(append(e2etest.Samples(t), extra)...)
	all.stop()
}
