package authevents

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// progressInterval is the time between two log lines about a backlog.
const progressInterval = 10 * time.Second

// progressLog says how far a long backlog is, so that who starts the collector
// on a year of logs sees that it works, and for how long.
type progressLog struct {
	logger   *zap.Logger
	progress func() tail.Progress
	stop     chan struct{}
	stopOnce sync.Once
	done     sync.WaitGroup
}

func startProgressLog(logger *zap.Logger, progress func() tail.Progress, interval time.Duration) *progressLog {
	p := &progressLog{logger: logger, progress: progress, stop: make(chan struct{})}
	p.done.Go(func() { p.run(interval) })
	return p
}

// close ends it; a second call does nothing.
func (p *progressLog) close() {
	if p == nil {
		return // the input never started
	}
	p.stopOnce.Do(func() { close(p.stop) })
	p.done.Wait()
}

func (p *progressLog) run(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	before, began, logged := p.progress(), time.Now(), false
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
		}
		now, at := p.progress(), time.Now()
		switch {
		case now.Behind >= interval: // behind for as long as a whole interval: a backlog
			p.log(before, now, at.Sub(began))
			logged = true
		case logged:
			p.logger.Info("The backlog is read", zap.Int("files", now.Files), zap.Int64("bytes", now.Total))
			logged = false
		}
		before, began = now, at
	}
}

func (p *progressLog) log(before, now tail.Progress, took time.Duration) {
	rate := float64(now.Done-before.Done) / took.Seconds()
	fields := []zap.Field{
		zap.Int("files", now.Files),
		zap.Int64("done_bytes", now.Done),
		zap.Int64("total_bytes", now.Total),
		zap.Int64("bytes_per_second", max(0, int64(rate))),
	}
	if rate > 0 {
		fields = append(fields, zap.Duration("remaining", time.Duration(float64(now.Total-now.Done)/rate*float64(time.Second)).Round(time.Second)))
	}
	p.logger.Info("Reading a backlog", fields...)
}
