package tail

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
)

// BenchmarkRead reads 20,000 lines of 1 KiB, with starting and stopping.
func BenchmarkRead(b *testing.B) {
	const lines = 20_000
	text := []byte(strings.Repeat(strings.Repeat("x", 1023)+"\n", lines))
	path := filepath.Join(b.TempDir(), "a.log")
	require.NoError(b, os.WriteFile(path, text, 0o600))

	b.Run("file", func(b *testing.B) {
		cfg := testConfig(path)
		cfg.PollInterval = time.Millisecond
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			done := make(chan struct{})
			left := lines
			f, err := NewFiles(cfg, componenttest.NewNopTelemetrySettings(), func(_ context.Context, l *Lines) error {
				if left -= len(l.Lines); left == 0 {
					close(done)
				}
				return nil
			})
			require.NoError(b, err)
			require.NoError(b, f.Start(context.Background(), nil))
			<-done
			require.NoError(b, f.Shutdown(context.Background()))
		}
	})
	b.Run("stream", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			done := make(chan struct{})
			taken := 0
			s := NewStream(bytes.NewReader(text), MinLineSize, func(_ context.Context, l *Lines) error {
				taken += len(l.Lines)
				return nil
			}, func(error) { close(done) })
			s.Start()
			<-done
			require.NoError(b, s.Shutdown(context.Background()))
			require.Equal(b, lines, taken)
		}
	})
}
