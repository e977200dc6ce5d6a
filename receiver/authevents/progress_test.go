package authevents

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// A backlog is logged every ten seconds, with how far it is, and when it is read.
func TestProgressLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zap.InfoLevel)
		begun := time.Now()
		progress := func() tail.Progress {
			since := time.Since(begun)
			done := min(int64(since.Seconds()*100), 3500)
			p := tail.Progress{Files: 2, Done: done, Total: 3500}
			if done < p.Total {
				p.Behind = since
			}
			return p
		}
		p := startProgressLog(zap.New(core), progress, progressInterval)
		time.Sleep(95 * time.Second)
		p.close()
		p.close()

		entries := logs.All()
		require.Len(t, entries, 4)
		for i := range 3 {
			done := int64(i+1) * 1000
			assert.Equal(t, map[string]any{
				"files": int64(2), "done_bytes": done, "total_bytes": int64(3500), "bytes_per_second": int64(100),
				"remaining": time.Duration((3500 - done) / 100 * int64(time.Second)),
			}, entries[i].ContextMap())
		}
		assert.Equal(t, "The backlog is read", entries[3].Message)
	})
}

// Files that are read as they are written are no backlog.
func TestProgressLogIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zap.InfoLevel)
		p := startProgressLog(zap.New(core), func() tail.Progress {
			return tail.Progress{Files: 1, Done: 5, Total: 9, Behind: time.Second}
		}, progressInterval)
		time.Sleep(time.Minute)
		p.close()
		assert.Empty(t, logs.All())
	})
}
