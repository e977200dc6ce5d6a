package authevents

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// countdown takes records, and tells when n are taken.
type countdown struct {
	left atomic.Int64
	done chan struct{}
}

func (*countdown) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (c *countdown) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	if c.left.Add(-int64(ld.LogRecordCount())) == 0 {
		close(c.done)
	}
	return nil
}

// BenchmarkReceiver reads 20,000 lines, with starting and stopping: from a file
// (with up to one poll interval of 1 ms of waiting) or from a reader as standard
// input, to a consumer that does nothing.
func BenchmarkReceiver(b *testing.B) {
	const lines = 20_000
	for _, source := range []string{"hera", "login_gov"} {
		sample := sampleOf(b, source)
		var text []byte
		perSample := bytes.Count(sample, []byte("\n"))
		n := 0
		for ; n < lines; n += perSample {
			text = append(text, sample...)
		}
		path := filepath.Join(b.TempDir(), source+".ndjson")
		require.NoError(b, os.WriteFile(path, text, 0o600))

		for _, input := range []string{inputFile, inputStdin} {
			b.Run(source+"/"+input, func(b *testing.B) {
				cfg := createDefaultConfig().(*Config)
				if input == inputFile {
					file := *cfg.File.GetOrInsertDefault()
					file.Include = []string{path}
					file.PollInterval = time.Millisecond
					cfg.File = configoptional.Some(file)
				} else {
					cfg.Stdin.GetOrInsertDefault().OnEOF = onEOFKeepRunning
				}
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					next := &countdown{done: make(chan struct{})}
					next.left.Store(int64(n))
					r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), cfg, next)
					require.NoError(b, err)
					r.stdin = bytes.NewReader(text)
					require.NoError(b, r.Start(context.Background(), componenttest.NewNopHost()))
					<-next.done
					require.NoError(b, r.Shutdown(context.Background()))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
			})
		}
	}
}
