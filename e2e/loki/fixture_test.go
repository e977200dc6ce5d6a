//go:build unix

package loki

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/vendortest/loki"
)

// stored is an entry in e2e/logql/testdata/entries.jsonl, on which that module
// evaluates the queries: it has Loki's own code, and no collector.
type stored struct {
	Labels   map[string]string
	Metadata map[string]string
	Time     int64
	Line     string
}

// requireFixture fails unless the fixture has an entry of each sort that Loki
// got, with the same names. UPDATE_FIXTURE=1 in the environment writes it anew.
func requireFixture(t *testing.T, entries []loki.Entry) {
	t.Helper()
	path := filepath.Join(e2etest.Root(t), "e2e", "logql", "testdata", "entries.jsonl")
	want := map[string]stored{}
	for _, e := range entries {
		s := stored{e.Labels, e.Metadata, e.Time.UnixNano(), e.Line}
		if _, ok := want[s.sort()]; !ok {
			s.Metadata = maps.Clone(s.Metadata)
			s.Metadata["log_file_path"] = "/var/log/idp/" + s.Metadata["log_file_name"]
			want[s.sort()] = s
		}
	}
	if os.Getenv("UPDATE_FIXTURE") != "" {
		var b bytes.Buffer
		for _, sort := range slices.Sorted(maps.Keys(want)) {
			line, err := json.Marshal(want[sort])
			require.NoError(t, err)
			b.Write(append(line, '\n'))
		}
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
	}
	got := map[string]stored{}
	for line := range strings.Lines(e2etest.ReadFile(t, path)) {
		var s stored
		require.NoError(t, json.Unmarshal([]byte(line), &s))
		got[s.sort()] = s
	}
	const remedy = "write the fixture anew: UPDATE_FIXTURE=1 go test ./e2e/loki"
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)), remedy)
	for sort, s := range got {
		names, now := slices.Collect(maps.Keys(s.Metadata)), slices.Collect(maps.Keys(want[sort].Metadata))
		assert.ElementsMatch(t, now, names, "%s: %s", sort, remedy)
	}
}

// sort is by what queries ask for.
func (s *stored) sort() string {
	m := s.Metadata
	return strings.Join([]string{s.Labels["service_name"], m["auth_category"], m["auth_outcome"], m["error_type"], m["auth_limiter"], m["auth_parse_error"]}, " ")
}
