package sink

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// The files that the counts are in.
const (
	LogsFile       = "logs"
	DataPointsFile = "data_points"
)

// every is how often a count is written, if it has changed: often enough to see
// the end of a run soon, and seldom enough to cost nothing.
const every = 50 * time.Millisecond

// counter keeps the file at the count.
type counter struct {
	path  string
	count atomic.Int64

	file *os.File
	stop chan struct{}
	done sync.WaitGroup
	err  error // of the last write; read once done
}

func newCounter(dir, name string) *counter { return &counter{path: filepath.Join(dir, name)} }

func (*counter) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// Start makes the file, with a zero in it.
func (c *counter) Start(context.Context, component.Host) error {
	f, err := os.Create(c.path)
	if err != nil {
		return err
	}
	c.file, c.stop = f, make(chan struct{})
	if err := c.write(0); err != nil {
		return errors.Join(err, f.Close())
	}
	c.done.Go(c.keep)
	return nil
}

// keep writes the count until Shutdown, and then once more.
func (c *counter) keep() {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	written := int64(0)
	for running := true; running; {
		select {
		case <-ticker.C:
		case <-c.stop:
			running = false
		}
		if n := c.count.Load(); n != written {
			c.err, written = c.write(n), n
		}
	}
}

// write replaces what the file holds. A count never gets shorter, so one write
// does, and a reader sees the old one or the new one.
func (c *counter) write(n int64) error {
	_, err := c.file.WriteAt(append(strconv.AppendInt(nil, n, 10), '\n'), 0)
	return err
}

// Shutdown leaves the final count in the file.
func (c *counter) Shutdown(context.Context) error {
	if c.stop == nil {
		return nil
	}
	close(c.stop)
	c.done.Wait()
	c.stop = nil
	return errors.Join(c.err, c.file.Close())
}

// Read returns the count in a file of the directory, and 0 if there is none yet.
func Read(dir, name string) (int64, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0 {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
}

type logs struct{ *counter }

func (l *logs) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	l.count.Add(int64(ld.LogRecordCount()))
	return nil
}

type metrics struct{ *counter }

func (m *metrics) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	m.count.Add(int64(md.DataPointCount()))
	return nil
}
