package leakscan

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExports says what is found in files as vendors and tools write them, of lines of
// the sample.
func TestExports(t *testing.T) {
	files, err := filepath.Glob("testdata/exports/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			out, _ := run(t, "", file)
			golden(t, filepath.Join("found", filepath.Base(file)+".txt"), out)
		})
	}
	for _, clean := range []string{"otlp-scrubbed.jsonl", "psql-clean.csv"} {
		out, err := run(t, "", "testdata/exports/"+clean)
		require.NoError(t, err, clean)
		assert.Contains(t, out, "no personal data found")
	}
}

// TestExportsAgree: an export of lines has what the lines have.
func TestExportsAgree(t *testing.T) {
	totals := func(file string) []Total {
		text, err := os.ReadFile(filepath.Join("testdata/exports", file))
		require.NoError(t, err)
		return scan(t, string(text)).ByKind
	}
	for lines, exports := range map[string][]string{
		"lines.ndjson": {"logcli.jsonl", "query_range.json", "insights.csv", "insights.json", "filter-log-events.json"},
		"slog.log":     {"logcli-logfmt.jsonl"},
		"psql.csv":     {"psql.tsv", "psql.txt"},
	} {
		want := totals(lines)
		require.NotEmpty(t, want)
		for _, export := range exports {
			assert.Equal(t, want, totals(export), export)
		}
	}
}

// TestNoText: a file that can't be searched is an error, and not free of anything.
func TestNoText(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte("\x28\xB5\x2F\xFDbob@example.org"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, c := range map[string]struct{ in, want string }{
		"zstd":                {"\x28\xB5\x2F\xFD\x00", "zstd -dc"},
		"zstd in gzip":        {zipped.String(), "zstd -dc"},
		"zip":                 {"PK\x03\x04\x14\x00", "unzip -p"},
		"UTF-16 without mark": {strings.Repeat("b\x00o\x00b\x00@\x00", 9), "iconv"},
		"binary":              {strings.Repeat("\x7FELF\x02\x01\x01\x00\x00\x01\xFE", 99), "is binary"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := run(t, c.in, "-")
			require.ErrorContains(t, err, c.want)
			assert.Empty(t, out)
		})
	}
	_, err = run(t, "", t.TempDir())
	require.ErrorContains(t, err, "is a directory: name the files in it")
	out, err := run(t, "", "-")
	require.NoError(t, err)
	assert.Equal(t, "nothing to look at: 1 file without a line\n", out)
	holes := "bob@example.org\n" + strings.Repeat("\x00", 1000) + "tom@example.org \xFF\x1B[0m\n"
	assert.Equal(t, 2, scan(t, holes).Found, "a log that was cut while it was written to")
}

// TestProfilesOfExportedLines: an event is looked through by its profile wherever it is.
func TestProfilesOfExportedLines(t *testing.T) {
	text, err := os.ReadFile("testdata/exports/lines.ndjson")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	line := lines[len(lines)-1] // of Login.gov, where trace_id is a field
	nested := member("log", member("line", line))
	for _, in := range []string{line, member("line", line), nested, "@message\n" + csvCell(nested), "@message\n" + csvCell("INFO "+line)} {
		assert.Contains(t, scan(t, in).kinds(), "trace_id")
	}
}
