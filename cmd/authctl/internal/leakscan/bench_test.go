package leakscan

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkScan reads files of each sort from memory.
func BenchmarkScan(b *testing.B) {
	for _, file := range []string{"otlp-scrubbed.jsonl", "lines.ndjson", "logcli.jsonl", "insights.csv", "psql-clean.csv", "slog.log"} {
		text, err := os.ReadFile("testdata/exports/" + file)
		require.NoError(b, err)
		header := bytes.IndexByte(text, '\n') + 1
		if !strings.HasSuffix(file, ".csv") {
			header = 0
		}
		text = append(text[:header:header], bytes.Repeat(text[header:], 1+(1<<20)/len(text))...)
		b.Run(file, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s, err := newScanner(known{}, newReport(nil))
				require.NoError(b, err)
				require.NoError(b, s.lines(b.Context(), "bench", bufio.NewReaderSize(bytes.NewReader(text), probe)))
			}
		})
	}
}
