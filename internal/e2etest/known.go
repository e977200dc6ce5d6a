//go:build unix

package e2etest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// KnownSamples are files of which is known what comes of them.
type KnownSamples struct {
	Files []string
	Plain PlainCounts
	UIDs  map[string]int // how often each log.record.uid comes
}

// Records is how many log records the samples make.
func (s KnownSamples) Records() int { return s.Plain.Events + s.Plain.Unparsed }

// Include is the variable by which the configs read them.
func (s KnownSamples) Include() string {
	return "AUTHEVENTS_INCLUDE=" + filepath.Join(filepath.Dir(s.Files[0]), "*.ndjson")
}

// KnowSamples shifts the samples, their newest event a minute ago, and runs
// configs/quickstart.yaml on them, to know the records.
func KnowSamples(t *testing.T) KnownSamples {
	t.Helper()
	s := KnownSamples{Files: ShiftedSamples(t, time.Now().Add(-time.Minute)), UIDs: map[string]int{}}
	s.Plain = CountPlainly(t, s.Files...)
	out := t.TempDir()
	p := Start(t, colproc.Options{
		Config: "configs/quickstart.yaml", Env: []string{"OUT_DIR=" + out, "STATE_DIR=" + t.TempDir(), s.Include()},
	})
	AwaitLines(t, p, s.Plain.Lines)
	Stop(t, p)
	EachRecord(t, ReadFile(t, filepath.Join(out, "logs.jsonl")), func(record map[string]any) {
		for _, a := range record["attributes"].([]any) {
			if attribute := a.(map[string]any); attribute["key"] == "log.record.uid" {
				s.UIDs[attribute["value"].(map[string]any)["stringValue"].(string)]++
			}
		}
	})
	require.NotEmpty(t, s.UIDs)
	return s
}

// AwaitLines waits until the collector has done with so many lines.
func AwaitLines(t *testing.T, p *colproc.Process, lines int) {
	t.Helper()
	_, err := colproc.Await(t.Context(), p.TelemetryURL, Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_lines_total") >= float64(lines)
	})
	require.NoError(t, err, p.Log())
}
