package soak

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// TestTemplates: lines of the sample stay JSON, carry the sequence number where
// the profile reads the client, and the time; those of Login.gov an id of their own.
func TestTemplates(t *testing.T) {
	now := time.Date(2026, 8, 21, 8, 0, 0, 0, time.UTC)
	const stamp = "2026-08-21T08:00:00.000Z"
	for _, c := range []struct {
		sample string
		keys   []key
		least  int
		check  func(t *testing.T, event map[string]any)
	}{
		{"hera.ndjson", heraKeys, 1000, func(t *testing.T, event map[string]any) {
			t.Helper()
			assert.Equal(t, "seq-7", event["client_id"])
			assert.Contains(t, []any{event["ts"], event["timestamp"]}, any(stamp))
		}},
		{"login_gov.ndjson", loginGovKeys, 700, func(t *testing.T, event map[string]any) {
			t.Helper()
			properties, ok := event["properties"].(map[string]any)
			require.True(t, ok)
			assert.Equal(t, "seq-7", properties["service_provider"])
			assert.Equal(t, stamp, event["time"])
			assert.Equal(t, "50a4fa17-0000-4000-8000-000000000007", event["id"])
		}},
	} {
		templates, err := loadTemplates(filepath.Join("../../../testdata/sample", c.sample), c.keys)
		require.NoError(t, err)
		assert.Greater(t, len(templates), c.least, c.sample)
		for i := range templates {
			text := string(templates[i].append([]byte("before|"), 7, now))
			text, ok := strings.CutPrefix(text, "before|")
			require.True(t, ok)
			require.True(t, strings.HasSuffix(text, "\n"))
			var event map[string]any
			require.NoError(t, json.Unmarshal([]byte(text), &event), c.sample)
			c.check(t, event)
		}
	}
	sequence, ok := line.Sequence(string(line.AppendClientID(nil, 7)))
	assert.True(t, ok)
	assert.Equal(t, 7, sequence)
}

func TestTemplatesOfNothing(t *testing.T) {
	_, err := loadTemplates(filepath.Join(t.TempDir(), "none"), heraKeys)
	require.ErrorIs(t, err, os.ErrNotExist)
	path := filepath.Join(t.TempDir(), "sample")
	require.NoError(t, os.WriteFile(path, []byte("plain text\n{\"client_id\":\"no time\"}\n{\"ts\":\"no client\"}\n{\"client_id\":\"cut\n"), 0o600))
	_, err = loadTemplates(path, heraKeys)
	require.ErrorContains(t, err, "has no line with the keys")
}
