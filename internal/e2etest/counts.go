//go:build unix

package e2etest

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// PlainCounts is what testdata/count.py prints.
type PlainCounts struct {
	Lines      int                `json:"lines"`
	Skipped    int                `json:"skipped"`
	Unparsed   int                `json:"unparsed"`
	Events     int                `json:"events"`
	Duplicates int                `json:"duplicates"`
	Metrics    map[string]float64 `json:"metrics"`
}

// CountPlainly runs the script that shares no code with the engine.
func CountPlainly(t *testing.T, files ...string) PlainCounts {
	t.Helper()
	script := filepath.Join(Root(t), "testdata", "count.py")
	out, err := exec.CommandContext(t.Context(), "python3", append([]string{script}, files...)...).Output()
	require.NoError(t, err)
	var c PlainCounts
	require.NoError(t, json.Unmarshal(out, &c))
	return c
}

// AsPrometheus turns the script's series names into those of an exposition:
// auth.events{auth.source=hera} into auth_events_total{auth_source=hera}.
func AsPrometheus(t *testing.T, plain map[string]float64) map[string]float64 {
	t.Helper()
	underscores := strings.NewReplacer(".", "_")
	out := map[string]float64{}
	for series, value := range plain {
		name, labels, ok := strings.Cut(strings.TrimSuffix(series, "}"), "{")
		require.True(t, ok, series)
		name = underscores.Replace(name)
		if base, isHistogram := cutDuration(name); isHistogram {
			name = base
		} else {
			name += "_total"
		}
		var pairs []string
		for pair := range strings.SplitSeq(labels, ",") {
			label, v, _ := strings.Cut(pair, "=")
			pairs = append(pairs, underscores.Replace(label)+"="+v)
		}
		slices.Sort(pairs)
		out[name+"{"+strings.Join(pairs, ",")+"}"] += value
	}
	return out
}

// cutDuration moves the unit into the name of a duration's series.
func cutDuration(name string) (string, bool) {
	for _, thing := range []string{"_duration", "_age"} {
		for _, part := range []string{"_count", "_sum"} {
			if base, ok := strings.CutSuffix(name, thing+part); ok {
				return base + thing + "_seconds" + part, true
			}
		}
	}
	return name, false
}

// Series sums what an endpoint serves of the catalogue over the labels that
// the script does not know: the category, and what the exporter adds.
func Series(samples []colproc.Sample) map[string]float64 {
	out := map[string]float64{}
	for _, s := range samples {
		if !strings.HasPrefix(s.Name, "auth_") {
			continue
		}
		var pairs []string
		for label, v := range s.Labels {
			if label == "auth_category" || label == "job" || label == "instance" || strings.HasPrefix(label, "otel_scope_") {
				continue
			}
			pairs = append(pairs, label+"="+v)
		}
		slices.Sort(pairs)
		out[s.Name+"{"+strings.Join(pairs, ",")+"}"] += s.Value
	}
	return out
}

// notInScript begins the names of metrics that look back at what a user did
// before, which the script does not.
var notInScript = []string{
	"auth_users_unique", "auth_funnel_users", "auth_mfa_challenge_duration", "auth_mfa_challenges_abandoned", "auth_pkce_abandoned",
}

// RequireSameCounts holds each series against the script's.
func RequireSameCounts(t *testing.T, want, got map[string]float64) {
	t.Helper()
	require.NotEmpty(t, want)
	for name, value := range want {
		require.InDelta(t, value, got[name], 1e-6, name)
	}
	for name, value := range got {
		metric, _, _ := strings.Cut(strings.ReplaceAll(name, ".", "_"), "{")
		if slices.ContainsFunc(notInScript, func(m string) bool { return strings.HasPrefix(metric, m) }) {
			continue
		}
		_, expected := want[name] // which has no points of 0 that stand before the first event
		require.True(t, expected || value == 0, "the script has no series %s", name)
	}
}
