package policydiff

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

func events(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/events.ndjson")
	require.NoError(t, err)
	return string(text)
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

// asRequests is what the file exporter writes of the records that lines become: those
// of the first two in one request, as batch joins them.
func asRequests(t *testing.T, text string) string {
	t.Helper()
	source, err := collector.DefaultSource()
	require.NoError(t, err)
	var out strings.Builder
	batch := plog.NewLogs()
	write := func() {
		request, err := (&plog.JSONMarshaler{}).MarshalLogs(batch)
		require.NoError(t, err)
		out.Write(request)
		out.WriteByte('\n')
		batch = plog.NewLogs()
	}
	n := 0
	for line := range strings.Lines(text) {
		ld, err := source.Decode([]byte(strings.TrimSuffix(line, "\n")))
		require.NoError(t, err)
		ld.ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
		if n++; n > 1 {
			write()
		}
	}
	return out.String()
}

// TestFormats: the same events, compressed, as records, and both, come out alike.
func TestFormats(t *testing.T) {
	lines := events(t)
	requests := asRequests(t, lines)
	require.Equal(t, 3, strings.Count(requests, "\n"))
	head, tail, _ := strings.Cut(requests, "\n")
	_, last, _ := strings.Cut(tail, "\n")
	raw := strings.SplitAfter(lines, "\n")
	for name, in := range map[string]string{
		"gzip":             gzipped(t, lines),
		"requests":         requests,
		"gzip of requests": gzipped(t, requests),
		"mixed":            head + "\n" + raw[2] + last,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sample")
			require.NoError(t, os.WriteFile(path, []byte(in), 0o600))
			for _, sample := range []string{path, "-"} {
				got, err := run(t, in, config("pii_scrub", ""), config("pii_scrub", settings), "--sample", sample)
				require.ErrorIs(t, err, output.ErrFound)
				golden(t, "diff.txt", got)
			}
		})
	}
}

// TestRecordsOfOthers: records that no receiver of ours has made stay what they are.
func TestRecordsOfOthers(t *testing.T) {
	got, err := run(t, "", config("pii_scrub", ""), config("pii_scrub", settings), "--sample", "testdata/otlp.jsonl")
	require.ErrorIs(t, err, output.ErrFound)
	golden(t, "otlp.txt", got)
	assert.Contains(t, got, "on 3 records")
	for _, raw := range []string{"7c9e6679", "198.51.100", "ann", "example.org"} {
		assert.NotContains(t, strings.ToLower(got), raw)
	}
}

// TestBadSample: the error says where, and nothing of what is there.
func TestBadSample(t *testing.T) {
	ok := config("pii_scrub", "")
	for in, want := range map[string]string{
		"{}\n" + `{"resourceLogs":[{"resource":"ann@example.org"}]}`: "line 2: begins with resourceLogs as an OTLP request does, and is none",
		`{"resourceLogs":[{"resource":"ann@exam`:                     "line 1: begins with resourceLogs",
		"\n" + `{"resourceSpans":[{"resource":"ann@example.org"}]}`:  "line 2: is an OTLP request with resourceSpans, and policies are compared by logs: take it out of the sample",
		strings.Repeat("x", maxLine+1):                               "line 1: is longer than 67108864 bytes: take it out",
		gzipped(t, events(t))[:200]:                                  "unpacking its gzip data: unexpected EOF",
	} {
		_, err := run(t, in, ok, ok, "--sample", "-")
		require.ErrorContains(t, err, "--sample: standard input: ")
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "ann@")
	}
}
