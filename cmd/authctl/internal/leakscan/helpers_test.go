package leakscan

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

// run runs scan. in is standard input.
func run(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	cmd := New()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.Execute()
	return out.String(), err
}

// scan scans a text, and returns what was found.
func scan(t *testing.T, in string, args ...string) Result {
	t.Helper()
	out, err := run(t, in, append([]string{"--json", "--max", "10000", "-"}, args...)...)
	var r Result
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	if r.Found > 0 {
		require.ErrorIs(t, err, output.ErrFound)
	} else {
		require.NoError(t, err)
	}
	return r
}

func (r Result) kinds() []string {
	kinds := []string{}
	for _, t := range r.ByKind {
		kinds = append(kinds, t.Kind)
	}
	return kinds
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

type leak struct {
	Kind   string
	Value  any
	Secret []string
	Note   string
}

func rows[T any](t *testing.T, name string) (list []T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	for line := range bytes.Lines(text) {
		var row T
		require.NoError(t, json.Unmarshal(line, &row))
		list = append(list, row)
	}
	require.NotEmpty(t, list)
	return list
}

func quoted(text string) string {
	q, _ := json.Marshal(text)
	return string(q)
}
