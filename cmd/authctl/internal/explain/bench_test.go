package explain

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
)

// BenchmarkExplain explains lines of the sample, one in each go, with the
// configurations that most begin with.
func BenchmarkExplain(b *testing.B) {
	root := filepath.Join("..", "..", "..", "..")
	b.Setenv("PIISCRUB_KEY", "0123456789abcdef0123456789abcdef")
	b.Setenv("AUTHEVENTS_INCLUDE", "none")
	b.Setenv("OTLP_ENDPOINT", "http://127.0.0.1:1")
	b.Setenv("LOKI_MAX_AGE_MINUTES", "10000000")
	for _, name := range []string{"quickstart", "loki"} {
		for _, sample := range []string{"hera", "login_gov"} {
			b.Run(name+"/"+sample, func(b *testing.B) {
				text, err := os.ReadFile(filepath.Join(root, "testdata", "sample", sample+".ndjson"))
				require.NoError(b, err)
				lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
				cfg, err := collector.Load(b.Context(), filepath.Join(root, "configs", name+".yaml"))
				require.NoError(b, err)
				e, err := newExplainer(b.Context(), cfg, false)
				require.NoError(b, err)
				defer func() { require.NoError(b, stop(b.Context(), e.pipelines)) }()
				b.SetBytes(int64(len(text) / len(lines)))
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					err := e.line(b.Context(), lines[i%len(lines)], int64(i), func(r *Report) error {
						return write(io.Discard, r, true, false)
					})
					if err != nil {
						b.Fatal(err)
					}
					i++
				}
			})
		}
	}
}
