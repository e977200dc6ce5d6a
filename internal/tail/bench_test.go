package tail

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

// BenchmarkRead reads 50,000 lines of 1 KiB, with starting and stopping.
func BenchmarkRead(b *testing.B) {
	const lines = 50_000
	text := strings.Repeat(strings.Repeat("x", 1023)+"\n", lines)
	dir := b.TempDir()
	plain, compressed := filepath.Join(dir, "a.log"), filepath.Join(dir, "a.gz")
	write(b, plain, text)
	write(b, compressed, zipped(b, text))

	for name, path := range map[string]string{"file": plain, "gzip": compressed} {
		b.Run(name, func(b *testing.B) {
			cfg := testConfig(path)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				done := make(chan struct{})
				left := lines
				f, err := NewFiles(cfg, zap.NewNop(), func(Origin) Handler {
					return func(_ context.Context, l *Lines) error {
						if left -= len(l.Lines); left == 0 {
							close(done)
							left = -1
						}
						return nil
					}
				})
				require.NoError(b, err)
				require.NoError(b, f.Start(context.Background(), newMemory()))
				<-done
				require.NoError(b, f.Shutdown(context.Background()))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
		})
	}
	b.Run("stream", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			done := make(chan struct{})
			taken := 0
			s := NewStream(bytes.NewReader([]byte(text)), MinLineSize, func(_ context.Context, l *Lines) error {
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

// BenchmarkPoll is one look at 10,000 files that are at their end.
func BenchmarkPoll(b *testing.B) {
	dir := b.TempDir()
	manyFiles(b, dir, 10_000)
	cfg := testConfig(filepath.Join(dir, "*"))
	cfg.PollInterval = time.Hour // polled by hand
	var s sink
	f := follow(b, cfg, nil, s.handle)
	until(b, func() bool { return len(s.taken()) == 10_000 && f.Progress().Behind == 0 })
	require.NoError(b, f.Shutdown(context.Background()))
	b.ReportAllocs()
	for b.Loop() {
		f.poll()
	}
}
