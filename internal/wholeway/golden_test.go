package wholeway

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

var update = flag.Bool("update", false, "rewrite the golden files; read the diff before you commit it")

// TestWhatLeaves shows what the default policy makes of the golden lines of
// the parser: the records as they go to a log vendor, as OTLP JSON.
func TestWhatLeaves(t *testing.T) {
	for _, source := range []string{"hera", "login_gov"} {
		t.Run(source, func(t *testing.T) {
			ld := parseFile(t, "../authevent/testdata/"+source+".ndjson")
			defaultScrubber(t).Logs(ld)
			text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
			require.NoError(t, err)
			var got bytes.Buffer
			require.NoError(t, json.Indent(&got, text, "", " "))
			got.WriteByte('\n')

			file := "testdata/" + source + ".scrubbed.json"
			if *update {
				require.NoError(t, os.WriteFile(file, got.Bytes(), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got.String())
		})
	}
}

func defaultScrubber(t testing.TB) *scrub.Scrubber {
	t.Helper()
	return presetScrubber(t, scrub.DefaultPreset)
}

func presetScrubber(t testing.TB, name string) *scrub.Scrubber {
	t.Helper()
	preset, err := scrub.PresetNamed(name)
	require.NoError(t, err)
	policy := scrub.DefaultPolicy()
	policy.Actions, policy.Unlisted = preset.Actions, preset.Unlisted
	policy.Keys = []pseudonym.Key{{ID: "k1", Secret: bytes.Repeat([]byte("k"), pseudonym.MinSecret)}}
	s, err := scrub.New(policy)
	require.NoError(t, err)
	return s
}

func parseFile(t *testing.T, file string) plog.Logs {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	parser, err := authevent.NewParser(authevent.Options{ScopeName: "test"})
	require.NoError(t, err)
	batch := parser.NewBatch()
	offset := int64(0)
	for line := range bytes.Lines(text) {
		r := batch.Add(authevent.Line{Text: bytes.TrimSuffix(line, []byte("\n")), Offset: offset},
			&authevent.Origin{ID: 1}, time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
		require.Equal(t, authevent.Event, r.Kind)
		offset += int64(len(line))
	}
	return batch.Take()
}
