package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

const (
	// look is how often the count of records is read.
	look = 20 * time.Millisecond
	// stalled is the patience with a collector from which no record comes any more.
	stalled = 2 * time.Minute
	// deaf is how long after the first record SIGTERM may still kill: a collector
	// listens for signals only once all of its parts run.
	deaf = 500 * time.Millisecond
)

// usage is what a collector took until its last record had come.
type usage struct {
	cpu  time.Duration
	peak int64 // of resident memory, in bytes
}

// job is one run of a collector.
type job struct {
	binary string
	config map[string]any
	// want is how many records have to come, and count how many have.
	want     int
	count    func() (int, error)
	patience time.Duration
}

// run starts a collector, waits for the records, reads what it took, and stops
// it. It fails if too few come, or too many.
func (j *job) run(ctx context.Context) (usage, error) {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	text, err := json.Marshal(j.config) // which is YAML, too
	if err != nil {
		return usage{}, err
	}
	config := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		return usage{}, err
	}
	p, err := colproc.Start(ctx, colproc.Options{Binary: j.binary, Config: config})
	if err != nil {
		return usage{}, err
	}
	defer p.Kill()
	u, err := j.measure(ctx, p)
	if err != nil {
		return usage{}, fmt.Errorf("%w\n%s", err, p.Log())
	}
	return u, nil
}

func (j *job) measure(ctx context.Context, p *colproc.Process) (usage, error) {
	first, err := j.await(ctx, p)
	if err != nil {
		return usage{}, err
	}
	var u usage
	if u.cpu, err = cpuTime(p.PID()); err != nil {
		return usage{}, err
	}
	if u.peak, err = p.PeakMemory(); err != nil {
		return usage{}, err
	}
	time.Sleep(time.Until(first.Add(deaf)))
	if err := stop(p); err != nil {
		return usage{}, err
	}
	n, err := j.count()
	if err == nil && n != j.want {
		err = fmt.Errorf("%d records came, and %d should", n, j.want)
	}
	return u, err
}

// await waits until all records have come, and returns when the first was seen.
func (j *job) await(ctx context.Context, p *colproc.Process) (first time.Time, err error) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	before, changed := 0, time.Now()
	for {
		n, err := j.count()
		switch {
		case err != nil:
			return first, err
		case n != before:
			if before == 0 {
				first = time.Now()
			}
			before, changed = n, time.Now()
		case time.Since(changed) > j.patience:
			return first, fmt.Errorf("%d of %d records came, and no more for %s", n, j.want, j.patience)
		}
		if n >= j.want {
			return first, nil
		}
		select {
		case <-ticker.C:
		case <-p.Done():
			n, err = j.count() // what came since the look
			return first, errors.Join(fmt.Errorf("the collector ended when %d of %d records had come", n, j.want), err)
		case <-ctx.Done():
			return first, ctx.Err()
		}
	}
}

// stop ends the collector in good order, so that what it still has comes out.
func stop(p *colproc.Process) error {
	if err := syscall.Kill(p.PID(), syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	code, err := p.Wait(time.Minute)
	if err == nil && code != 0 {
		err = fmt.Errorf("the collector ended with exit code %d", code)
	}
	return err
}
