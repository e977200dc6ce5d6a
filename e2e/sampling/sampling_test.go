//go:build unix

// Package sampling runs configs/high-volume.yaml: everything is counted, and
// what the logs lose can be told from what they keep.
package sampling

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// kind is what the sampler tells apart.
type kind struct{ source, name, outcome string }

// sums are those of a kind's records that came.
type sums struct {
	records, marked    int
	adjusted, variance float64
}

func TestHighVolume(t *testing.T) {
	t.Parallel()
	files := input(t)
	counts := e2etest.CountPlainly(t, files...)
	records := counts.Lines - counts.Skipped
	sink := newSink(t)
	p := e2etest.Start(t, colproc.Options{Config: "configs/high-volume.yaml", Env: []string{
		"AUTHEVENTS_INCLUDE=" + files[0][:strings.LastIndex(files[0], "/")] + "/*.ndjson",
		"STATE_DIR=" + t.TempDir(), "OTLP_ENDPOINT=" + sink.url,
		"SAMPLER_PER_SECOND=0.5", // five in ten seconds, of a sample of ten lines in them
	}})
	const counter = "otelcol_event_sampler_records_total"
	samples, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, counter) >= float64(records)
	})
	require.NoError(t, err)

	// Everything counts, and once, whatever becomes of the logs.
	e2etest.RequireSameCounts(t, e2etest.AsPrometheus(t, counts.Metrics), e2etest.Series(samples))
	e2etest.Stop(t, p)

	otlp, refused := sink.taken()
	require.Positive(t, refused, "or nothing was sent twice")
	got, total := read(t, otlp)
	results := colproc.By(samples, counter, "result")
	assert.Equal(t, float64(records), colproc.Sum(samples, counter), "what was refused counts once")
	assert.Equal(t, float64(total.records), float64(records)-results["dropped"], "all else arrived, and once")
	assert.Less(t, total.records, records*2/3, "or the logs are hardly thinner")
	assert.Equal(t, total.records, total.marked, "each says how many it stands for")

	// Six standard errors, in each kind and in all.
	assert.InDelta(t, records, total.adjusted, 6*math.Sqrt(total.variance))
	thinned := 0
	for kind, n := range kinds(t, counts) {
		s := got[kind]
		if exact(kind) {
			assert.Equal(t, n, s.records, kind)
			assert.Equal(t, float64(n), s.adjusted, kind)
			continue
		}
		assert.InDelta(t, n, s.adjusted, 6*math.Sqrt(s.variance), kind)
		if s.records < n {
			thinned++
		}
	}
	assert.Greater(t, thinned, 10)
	t.Logf("%d records came, %d stayed, and stand for %.0f ± %.0f", records, total.records, total.adjusted, math.Sqrt(total.variance))
	for text := range values(t, files) {
		require.False(t, strings.Contains(otlp, text), "%q of the input arrived", text)
	}
}

// exact reports whether no record of a kind is thinned: failures, what is never
// thinned, and Login.gov's, which are rare.
func exact(k kind) bool {
	return k.outcome == "failure" || k.source == "login_gov" ||
		strings.HasPrefix(k.name, "m2m_client.") || strings.HasPrefix(k.name, "social_connection.") ||
		strings.HasPrefix(k.name, "brute_force.") || strings.HasPrefix(k.name, "sdk.")
}

// kinds are the script's counts of auth.events. It leaves out what came twice
// with one id, which the logs have twice.
func kinds(t *testing.T, counts e2etest.PlainCounts) map[kind]int {
	t.Helper()
	out := map[kind]int{}
	for series, n := range counts.Metrics {
		labels, ok := strings.CutPrefix(strings.TrimSuffix(series, "}"), "auth.events{")
		if !ok {
			continue
		}
		var k kind
		for pair := range strings.SplitSeq(labels, ",") {
			switch name, value, _ := strings.Cut(pair, "="); name {
			case "auth.source":
				k.source = value
			case "otel.event.name":
				k.name = value
			case "auth.outcome":
				k.outcome = value
			}
		}
		out[k] += int(n)
	}
	require.Greater(t, len(out), 60)
	return out
}

// read sums up what arrived, by kind and in all.
func read(t *testing.T, otlp string) (byKind map[kind]sums, total sums) {
	t.Helper()
	byKind = map[kind]sums{}
	seen := map[string]bool{}
	e2etest.EachRecord(t, otlp, func(record map[string]any) {
		attributes := attributesOf(record)
		count, marked := attributes["auth.adjusted_count"]
		n, err := strconv.ParseFloat(count, 64)
		require.NoError(t, err)
		total.add(n, marked)
		if _, unparsed := attributes["auth.parse.error"]; unparsed {
			assert.Equal(t, 1.0, n)
			return
		}
		uid := attributes["log.record.uid"]
		if seen[uid] {
			return
		}
		seen[uid] = true
		k := kind{attributes["auth.source"], attributes["otel.event.name"], attributes["auth.outcome"]}
		s := byKind[k]
		s.add(n, marked)
		byKind[k] = s
	})
	return byKind, total
}

func (s *sums) add(n float64, marked bool) {
	s.records++
	s.adjusted += n
	s.variance += n * (n - 1) // Horvitz and Thompson
	if marked {
		s.marked++
	}
}

// attributesOf are a record's, as texts.
func attributesOf(record map[string]any) map[string]string {
	out := map[string]string{}
	list, _ := record["attributes"].([]any)
	for _, entry := range list {
		pair := entry.(map[string]any)
		value, _ := pair["value"].(map[string]any)
		for _, kind := range []string{"stringValue", "intValue"} {
			if text, ok := value[kind].(string); ok {
				out[pair["key"].(string)] = text
			}
		}
	}
	return out
}
